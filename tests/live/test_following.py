"""Doing something for each event, once."""

from collections.abc import Sequence

import pytest

from dragoman.live.actions import announce
from dragoman.live.events import Announcement, Heard
from dragoman.live.following import follow
from dragoman.live.models import Follower, OutboxEvent


def _announce(*ids: int) -> None:
    announce(*(Announcement("thread:1", "comment", {"id": number}) for number in ids))


def test_a_new_follower_begins_with_what_comes_next(db: None) -> None:
    heard: list[int] = []

    def hear(events: Sequence[Heard]) -> None:
        heard.extend(int(event.announcement.data["id"]) for event in events)

    _announce(1)
    assert not follow("here", hear)
    _announce(2, 3)
    assert follow("here", hear)
    assert not follow("here", hear)
    assert heard == [2, 3]


def test_what_fails_is_not_counted_as_done_and_comes_again(db: None) -> None:
    follow("here", lambda events: None)
    _announce(1)

    def fail(events: Sequence[Heard]) -> None:
        _announce(99)
        raise ValueError("killed in between")

    with pytest.raises(ValueError, match="killed"):
        follow("here", fail)
    assert not OutboxEvent.objects.filter(data__id=99).exists()
    heard: list[int] = []
    follow("here", lambda events: heard.extend(int(one.announcement.data["id"]) for one in events))
    assert heard == [1]


def test_followers_do_not_share_their_place(db: None) -> None:
    for name in ("one", "other"):
        follow(name, lambda events: None)
    _announce(1)
    follow("one", lambda events: None)
    places = dict(Follower.objects.values_list("name", "last_event"))
    assert places["one"] > places["other"]
