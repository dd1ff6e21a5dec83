"""``dragoman worker``: translating, sweeping, forgetting, until it is told to stop."""

import contextlib
import signal
import time
from collections.abc import Callable
from types import FrameType

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections

from dragoman.conversation.actions import forget_old_postings
from dragoman.live import wakeup
from dragoman.live.actions import forget_old_events
from dragoman.readers.actions import sweep_presence
from dragoman.translation.worker import Workshop, work_guarded

_SWEEP = 10.0
_FORGET = 3600.0
_SCHEDULE = 60.0


class Stop:
    """Set by SIGTERM and SIGINT."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._want)

    def _want(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True


def work() -> None:
    """One batch after the other; between them a nap that a wake-up call ends."""
    stop = Stop()
    workshop = Workshop()
    swept = forgotten = scheduled = 0.0
    try:
        with wakeup.listening() as ear:
            while not stop.wanted:
                close_old_connections()
                if time.monotonic() - swept > _SWEEP:
                    _guarded(sweep_presence)
                    swept = time.monotonic()
                if time.monotonic() - scheduled > _SCHEDULE:
                    _guarded(lambda: call_command("publish_scheduled"))
                    scheduled = time.monotonic()
                if time.monotonic() - forgotten > _FORGET:
                    _guarded(forget_old_events)
                    _guarded(forget_old_postings)
                    forgotten = time.monotonic()
                if not work_guarded(workshop):
                    ear.wait(1.0)
    finally:
        workshop.close()


def _guarded(task: Callable[[], object]) -> None:
    # A busy or absent database: the next round tries again.
    with contextlib.suppress(DatabaseError):
        task()
