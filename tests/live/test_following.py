"""Doing something for each event, once."""

from collections.abc import Callable, Sequence

import pytest

from dragoman.live.actions import announce
from dragoman.live.events import Announcement, Heard
from dragoman.live.following import Prepare, follow
from dragoman.live.models import Follower, OutboxEvent


def _announce(*ids: int) -> None:
    announce(*(Announcement("thread:1", "comment", {"id": number}) for number in ids))


def _hearing(heard: list[int]) -> Prepare:
    def prepare(events: Sequence[Heard]) -> Callable[[], None]:
        return lambda: heard.extend(int(event.announcement.data["id"]) for event in events)

    return prepare


def test_a_new_follower_begins_with_what_comes_next(db: None) -> None:
    heard: list[int] = []

    _announce(1)
    assert not follow("here", _hearing(heard))
    _announce(2, 3)
    assert follow("here", _hearing(heard))
    assert not follow("here", _hearing(heard))
    assert heard == [2, 3]


def test_what_fails_is_not_counted_as_done_and_comes_again(db: None) -> None:
    follow("here", _hearing([]))
    _announce(1)

    def fail() -> None:
        _announce(99)
        raise ValueError("killed in between")

    with pytest.raises(ValueError, match="killed"):
        follow("here", lambda events: fail)
    assert not OutboxEvent.objects.filter(data__id=99).exists()
    heard: list[int] = []
    follow("here", _hearing(heard))
    assert heard == [1]


def test_followers_do_not_share_their_place(db: None) -> None:
    for name in ("one", "other"):
        follow(name, _hearing([]))
    _announce(1)
    follow("one", _hearing([]))
    places = dict(Follower.objects.values_list("name", "last_event"))
    assert places["one"] > places["other"]


def test_of_two_workers_with_the_same_events_one_writes(db: None) -> None:
    heard: list[int] = []
    follow("here", _hearing(heard))
    _announce(1)

    def slowly(events: Sequence[Heard]) -> Callable[[], None]:
        Follower.objects.filter(name="here").update(last_event=events[-1].id)  # the other was faster
        return _hearing(heard)(events)

    follow("here", slowly)
    assert heard == []
    assert not follow("here", _hearing(heard))
