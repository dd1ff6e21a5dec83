"""What was made counts until an event touches it, and never longer."""

import time
from collections.abc import Iterable

import pytest
from django.utils import timezone

from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.live.models import OutboxEvent
from dragoman.live.queries import last_event_id
from dragoman.website.recalled import Recalled

KEYS = ("thread:1", "comment:7")


class Pages:
    """Makes a page again and again; which time it is that is shown."""

    def __init__(self) -> None:
        self.store: Recalled[str, int] = Recalled(2)
        self.made = 0

    def ask(self, place: str = "here", at: int | None = None) -> int:
        def make() -> tuple[int, Iterable[str]]:
            self.made += 1
            return self.made, KEYS

        return self.store.get(place, last_event_id() if at is None else at, make)


@pytest.fixture
def pages(db: None) -> Pages:
    announce(Announcement("thread:9", "comment", {"id": 1}))
    return Pages()


def test_it_is_made_once_while_other_things_happen(pages: Pages) -> None:
    assert pages.ask() == 1
    announce(Announcement("thread:2", "comment", {"id": 8}), Announcement("thread:2", "vote", {"id": 8}))
    assert pages.ask() == pages.ask() == 1


@pytest.mark.parametrize(
    "said",
    [
        Announcement("thread:1", "comment", {"id": 8}),
        Announcement("thread:2", "vote", {"id": 7}),
        Announcement("thread:2", "translation", {"of": "comment", "id": 7, "language": "es"}),
        Announcement("thread:1", "a kind of a later version", {}),
        Announcement("thread:2", "vote", {"of a later version": 1}),  # what cannot be read may have touched it
    ],
)
def test_what_touches_one_of_its_keys_has_it_made_anew(pages: Pages, said: Announcement) -> None:
    pages.ask()
    announce(said)
    assert pages.ask() == pages.ask() == 2


def test_what_a_replica_shows_that_lags_behind_does_not_outlive_its_lag(pages: Pages) -> None:
    before = last_event_id()
    announce(Announcement("thread:1", "comment", {"id": 8}))
    now = last_event_id()
    assert pages.ask() == 1
    assert pages.ask(at=before) == 1  # newer than the page asked for: no harm
    other = Pages()
    other.ask("elsewhere", at=before)
    assert other.ask("elsewhere", at=now) == 2


def test_what_was_read_before_the_first_known_event_is_nobody_elses(pages: Pages) -> None:
    before = last_event_id()
    announce(Announcement("thread:1", "changed", {"of": "comment", "id": 7}))
    other = Pages()
    other.ask("elsewhere")  # the first of this process: nothing is known of what was announced until now
    assert pages.ask(at=before) == 1
    assert pages.ask() == pages.ask() == 2


def test_after_a_while_it_is_made_anew_whatever_was_announced(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.ask()
    later = time.monotonic() + 11
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert pages.ask() == pages.ask() == 2


def test_after_more_events_than_are_worth_reading_nothing_counts(pages: Pages) -> None:
    pages.ask()
    at = timezone.now()
    OutboxEvent.objects.bulk_create(
        OutboxEvent(topic="thread:2", kind="comment", data={"id": 1}, at=at) for _number in range(2100)
    )
    assert pages.ask() == pages.ask() == 2


def test_events_that_were_forgotten_unread_may_have_touched_it(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.ask()
    announce(Announcement("thread:1", "comment", {"id": 8}), Announcement("thread:2", "comment", {"id": 9}))
    OutboxEvent.objects.filter(topic="thread:1").delete()
    later = time.monotonic() + 4000
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert pages.ask() == pages.ask() == 2


def test_only_the_places_that_were_wanted_last_are_kept(pages: Pages) -> None:
    for place in ("a", "b", "a", "c"):
        pages.ask(place)
    assert pages.made == 3
    assert (pages.ask("a"), pages.ask("b")) == (1, 4)
