"""Reading from a streaming replica of PostgreSQL, never older than what its reader knows already.

A page is read from the replica while three things hold:

- the process has read the outbox within its lease (``delivery.purging.LEASE``), and the replica has everything that was
  announced until then: nobody is shown what a hard purge took away, and a page that is made anew because of an event
  has the event;
- it has whatever the reader has written: each answer to a reader's writing carries the place in PostgreSQL's log, in a
  cookie that lives for ten seconds (read-your-writes);
- it is at most about a second behind in all else.

A thread asks it ten times a second how far it has come. One that does not answer, was promoted, or lags is left alone
until it has caught up; what waits for an answer of it meanwhile is cut off and read from the primary.
"""

import logging
import os
import socket
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DatabaseError, OperationalError, close_old_connections, connection, connections
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

from dragoman.delivery.purging import LEASE

REPLICA = "replica"
COOKIE = "written"
_COOKIE_LIVES = 10  # seconds; a replica that is further behind is not read from at all
_ASKED = 0.1  # seconds between two questions to the replica
_SILENT = 0.5  # seconds without an answer after which nobody reads from it
_HUNG = 2.0  # seconds without an answer after which whoever waits for it is cut off
_BEHIND = 1.0  # seconds
_log = logging.getLogger(__name__)
_reads_there: ContextVar[bool] = ContextVar("reads_there", default=False)


class Router:
    """Where Django reads and writes. What follows a writing is read where it was written."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The replica within a request that may read there, outside of transactions."""
        return REPLICA if _reads_there.get() and not connection.in_atomic_block else "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """The primary."""
        _reads_there.set(False)
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """They are the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """The replica gets what the primary has."""
        return db == "default"


def place_in_log(spelled: str) -> int:
    """PostgreSQL's ``16/B374D848`` as a number. Raises ``ValueError``."""
    high, low = spelled.split("/")
    return (int(high, 16) << 32) + int(low, 16)


class Replica:
    """How far the replica has come, as this process knows it."""

    def __init__(self) -> None:
        self._has = 0
        self._answered = float("-inf")
        self._needed = 0
        self._sampled: deque[tuple[float, int]] = deque(maxlen=64)
        self._asked = 0.0  # since when a question waits for its answer
        self._age: Callable[[], float] = lambda: float("inf")
        self._stop = threading.Event()
        self._open: weakref.WeakSet[Any] = weakref.WeakSet()

    def start(self, age: Callable[[], float]) -> None:
        """Begin to ask. ``age`` tells for how long the outbox has not been read."""
        self._age = age
        connection_created.connect(self._opened)
        for name, work in (("replica", self._ask), ("replica-watch", self._cut_off)):
            threading.Thread(target=work, name=name, daemon=True).start()

    def stop(self) -> None:
        """End asking."""
        self._stop.set()

    def sample(self) -> None:
        """Note the primary's place in the log; called after each reading of the outbox, in its thread."""
        self._sampled.append((time.monotonic(), _place_of_primary()))

    def must_have_what_was_heard(self) -> None:
        """Events were heard that are not older than the last sample."""
        if self._sampled:
            self._needed = max(self._needed, self._sampled[-1][1])

    def has(self, written: int) -> bool:
        """Whether a reader who has written up to there may be shown what it has."""
        now = time.monotonic()
        if now - self._answered > _SILENT or self._age() > LEASE:
            return False
        # A copy, made in one step: the reader's thread adds to it meanwhile, and an iterator does not bear that.
        sampled = list(self._sampled)
        a_second_ago = next((place for at, place in reversed(sampled) if now - at >= _BEHIND), None)
        return a_second_ago is not None and self._has >= max(self._needed, written, a_second_ago)

    def fell(self) -> None:
        """Somebody could not read from it: nobody does until it answers again."""
        self._answered = float("-inf")

    def _ask(self) -> None:
        while not self._stop.wait(_ASKED):
            self._asked = time.monotonic()
            try:
                close_old_connections()
                with connections[REPLICA].cursor() as cursor:
                    cursor.execute("SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text")
                    is_replica, place = cursor.fetchone()
            except DatabaseError:
                self._asked = 0.0
                self.fell()
                connections[REPLICA].close()
                self._stop.wait(1)
                continue
            self._asked = 0.0
            if is_replica and place:
                self._has, self._answered = place_in_log(place), time.monotonic()
        connections[REPLICA].close()

    def _opened(self, connection: Any, **rest: Any) -> None:
        if connection.alias == REPLICA:
            self._open.add(connection.connection)

    def _cut_off(self) -> None:
        """A replica that hangs answers nothing, and nobody is told so: end the wait of whoever waits for it."""
        while not self._stop.wait(_SILENT):
            if self._asked and time.monotonic() - self._asked > _HUNG:
                _log.warning("the replica does not answer: pages are read from the primary")
                for one in list(self._open):
                    with suppress(Exception), socket.socket(fileno=os.dup(one.pgconn.socket)) as line:
                        line.shutdown(socket.SHUT_RDWR)


def _place_of_primary() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn()::text")
        return place_in_log(cursor.fetchone()[0])


replica = Replica()


class ReadFromReplica:
    """Decides for each request where its pages are read; a reading that fails there is done again at the primary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reading = request.method in ("GET", "HEAD")
        reads_there = is_reading and _may_read_there(request) and replica.has(_written_by(request))
        token = _reads_there.set(reads_there)
        try:
            response = self._get_response(request)
            if reads_there and response.status_code == 503:
                replica.fell()
                _reads_there.set(False)
                response = self._get_response(request)
        finally:
            _reads_there.reset(token)
        if not is_reading:
            with suppress(OperationalError):  # what it wrote before that is known to nobody
                place = f"{_place_of_primary():x}"
                response.set_cookie(
                    COOKIE, place, _COOKIE_LIVES, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
                )
        return response


def _may_read_there(request: HttpRequest) -> bool:
    """Staff work with what is there at this moment; a program with a token keeps no cookies."""
    return not request.path.startswith("/admin/") and "Authorization" not in request.headers


def _written_by(request: HttpRequest) -> int:
    try:
        return int(request.COOKIES.get(COOKIE, "0")[:16], 16)
    except ValueError:
        return 0
