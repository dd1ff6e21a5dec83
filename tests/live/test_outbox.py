"""The outbox and the wake-up call."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from benchmarks.servers import free_port, redis_server, wait_for
from dragoman.foundation import clock
from dragoman.live import actions, queries, wakeup
from dragoman.live.events import Announcement
from tests.conftest import NOON


def test_what_is_rolled_back_was_never_announced(db: None) -> None:
    with transaction.atomic():
        actions.announce(Announcement("thread:1", "comment", {"id": 1}))
        transaction.set_rollback(True)
    assert queries.last_event_id() == 0


def test_a_stream_reads_on_where_it_stopped(db: None) -> None:
    for number in (1, 2, 3):
        actions.announce(Announcement("thread:1", "comment", {"id": number}))
    first = queries.events_after(0)[0]
    assert [heard.announcement.data["id"] for heard in queries.events_after(first.id)] == [2, 3]


def test_a_stream_that_missed_very_many_events_gets_them_all(db: None) -> None:
    total = queries.MOST_AT_ONCE + 20
    actions.announce(*(Announcement("thread:1", "comment", {"id": number}) for number in range(total)))
    heard: list[int] = []
    last = 0
    while missed := queries.events_after(last):
        heard += [int(one.announcement.data["id"]) for one in missed]
        last = missed[-1].id
    assert heard == list(range(total))


def test_events_are_forgotten_after_a_day(db: None) -> None:
    with clock.stopped_at(NOON):
        actions.announce(*(Announcement("thread:1", "comment", {"id": number}) for number in (1, 2, 3)))
    with clock.stopped_at(NOON + actions.KEPT + timedelta(seconds=1)):
        # The newest stays: pages say up to which event they were made.
        assert actions.forget_old_events() == 2
        assert [heard.announcement.data["id"] for heard in queries.events_after(0)] == [3]


@pytest.mark.django_db(transaction=True)
def test_a_commit_wakes_who_listens() -> None:
    with wakeup.listening() as ear:
        assert not ear.wait(0)
        actions.announce(Announcement("thread:1", "comment", {"id": 1}))
        assert ear.wait(5)


def test_a_dead_listeners_socket_is_cleared_away_and_harms_nobody(settings: Any) -> None:
    folder = Path(settings.DRAGOMAN.home) / "run"
    ear = wakeup._SocketEar()
    name = ear._name
    ear._socket.close()
    wakeup.call()
    assert name not in os.listdir(folder)


@pytest.mark.skipif("DRAGOMAN_TEST_REDIS" not in os.environ, reason="scripts/test starts a Redis of its own")
def test_redis_carries_the_call_between_machines(settings: Any) -> None:
    settings.DRAGOMAN.values["bus.url"] = os.environ["DRAGOMAN_TEST_REDIS"]
    try:
        with wakeup.listening() as ear:
            ear.wait(0.5)  # the subscription's own confirmation
            for _call in range(50):
                wakeup.call()
            assert ear.wait(5) or ear.wait(5)
            heard = 1
            while ear.wait(0.5):
                heard += 1
            assert heard < 10  # all calls that have come are heard at once
    finally:
        settings.DRAGOMAN.values["bus.url"] = ""


@pytest.fixture
def bus(settings: Any) -> Iterator[int]:
    """The port of a bus that is not there yet."""
    port = free_port()
    settings.DRAGOMAN.values["bus.url"] = f"redis://127.0.0.1:{port}/0"
    yield port
    settings.DRAGOMAN.values["bus.url"] = ""
    wakeup._rest.end()


def test_a_bus_that_is_down_stops_no_commit(bus: int) -> None:
    wakeup.call()


def test_a_bus_that_never_answers_is_waited_for_once_and_then_left_alone_for_a_while(bus: int) -> None:
    with socket.create_server(("127.0.0.1", bus)) as silent:
        silent.setblocking(False)
        wakeup.call()
        assert _waiting(silent) > 0
        wakeup.call()
        assert _waiting(silent) == 0
        wakeup._rest.end()
        wakeup.call()
        assert _waiting(silent) > 0


def test_a_bus_that_never_answers_does_not_slow_down_who_listens(bus: int) -> None:
    with socket.create_server(("127.0.0.1", bus)) as silent:
        silent.setblocking(False)
        with wakeup.listening() as ear:
            assert _waiting(silent) > 0
            for _time in range(3):
                assert not ear.wait(0)
            assert _waiting(silent) == 0


def _waiting(listener: socket.socket) -> int:
    """Connections that came since."""
    count = 0
    with suppress(BlockingIOError):
        while True:
            listener.accept()[0].close()
            count += 1
    return count


def test_whoever_began_to_listen_before_the_bus_was_there_hears_it_when_it_comes(
    bus: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakeup, "_REST", 0.0)
    with wakeup.listening() as ear:
        assert not ear.wait(0.05)
        with redis_server(port=bus):

            def heard() -> bool:
                wakeup._rest.end()
                wakeup.call()
                return ear.wait(0.1)

            wait_for(heard, seconds=10)
