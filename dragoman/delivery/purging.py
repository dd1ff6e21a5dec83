"""Hard purges: what was taken away is gone everywhere when the action answers."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import connection, transaction

LEASE = 0.75  # seconds that a process may answer from its memory without having read the outbox
# Seconds at most from a reading of the outbox to the last moment that a proxy may send its files: half a second that
# the reading may be old, half a second before the link's second begins, that second, and a quarter for good measure.
# It is enough for a cache before us, too, which is told a second after a process has heard: see ``cdn``.
AHEAD = 2.25


def settle() -> None:
    """Wait, after the commit, until no process can still answer with what was taken away; once for a transaction.

    Each process reads the outbox several times a second, purges what it hears of,
    and answers nothing from its memory, or from a replica, when the last reading is
    older than the lease. So nobody need be asked: the lease's time is enough. Within a
    transaction (Wagtail opens one of its own when it deletes) the wait begins
    after its commit: before, it would wait for nothing and keep others from writing.
    Source of the idea: Gray, Cheriton, “Leases”, SOSP 1989.
    """
    if settings.DRAGOMAN.shows_copies and not any(task[1] is _wait for task in connection.run_on_commit):
        transaction.on_commit(_wait)


def _wait() -> None:
    seconds = AHEAD if settings.DRAGOMAN.page_files or settings.DRAGOMAN.cdn else LEASE
    left = _left.get()
    if left is None:
        time.sleep(seconds)
    else:
        left.append(seconds)


_left: ContextVar[list[float] | None] = ContextVar("left", default=None)


@contextmanager
def leaving_waits() -> Iterator[list[float]]:
    """Within the block nobody waits: whoever opened it waits as long as the longest of the list before answering.

    A web process has a few threads for pages; they must not sleep.
    """
    left: list[float] = []
    token = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(token)
