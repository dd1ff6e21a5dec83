"""Whose turn it is to write to an SQLite file, among all threads of all processes.

SQLite lets one write at a time, and whoever finds it busy sleeps and asks
again, the longer the more often it asked: with eight threads most of the time
nobody writes, and some wait for seconds. So threads of a process stand in line
for a lock of the process, and processes for a lock on a file beside the
database, which they ask for every millisecond.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import connection

_ASKED = 0.001  # seconds between two tries of a process
_IN_A_ROW = 0.02  # seconds after which a process that writes on and on lets the others try
_LEFT = 0.003  # seconds that it leaves them


class Busy(Exception):
    """It was others' turn all the time."""


class Turns:
    """Of one process at one database. Whoever has taken a turn ends it, from any thread.

    ``lane`` is for :func:`one_at_a_time`.
    """

    def __init__(self, path: str) -> None:
        self._lock = threading.Lock()
        self.lane = threading.Lock()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._since = self._ended = 0.0

    def take(self, seconds: float) -> None:
        """Wait for the turn, so long at most; raises :class:`Busy`."""
        end = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            raise Busy
        try:
            self._leave_some()
            while not self._is_ours():
                if time.monotonic() > end:
                    raise Busy
                time.sleep(_ASKED)
        except BaseException:
            self._lock.release()
            raise

    def end(self) -> None:
        """The next one's turn."""
        self._ended = time.monotonic()
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._lock.release()

    def close(self) -> None:
        """Give the file back."""
        os.close(self._file)

    def _leave_some(self) -> None:
        """Another process asks once in a millisecond and would find us writing every time."""
        now = time.monotonic()
        if now - self._ended > _ASKED:
            self._since = now
        elif now - self._since > _IN_A_ROW:
            time.sleep(_LEFT)
            self._since = time.monotonic()

    def _is_ours(self) -> bool:
        with suppress(BlockingIOError):
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False


_turns: dict[str, Turns] = {}


def turns_at(database: str) -> Turns:
    """The line of this process at a database file."""
    found = _turns.get(database)
    if found is None:
        made = Turns(f"{database}-turn")
        found = _turns.setdefault(database, made)
        if found is not made:  # another thread was faster
            made.close()
    return found


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of the threads of this process one is within, on SQLite: of those that wait to write it is one in any case.

    While others make ready what they will write, they take the interpreter from the one whose turn it is, and all
    writers wait with it: a quarter of the posts in a second. In a transaction nobody waits here, for others may be
    waiting for its end.
    """
    database: Any = connection
    if database.vendor != "sqlite" or database.in_atomic_block or database.is_in_memory_db():
        yield
    else:
        with turns_at(str(database.settings_dict["NAME"])).lane:
            yield


# A child that went on with its parent's open file would share its lock.
os.register_at_fork(after_in_child=_turns.clear)
