"""What each web process serves: event streams, and Django behind the pages kept in memory.

Imported when Django is set up, and only in web processes: what they count is counted by process.
"""

import asyncio
import contextlib
import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError
from django.http import HttpRequest

from dragoman.config.bodies import AWAY, Bodies, BodyRefused
from dragoman.config.front import Front, Overloaded, plain
from dragoman.config.measures import PageCounts, forget_the_dead
from dragoman.config.operators import Operators
from dragoman.config.replica import replica
from dragoman.delivery.addresses import Address, Addresses
from dragoman.delivery.cdn import PATIENCE, Cdn, may_keep
from dragoman.delivery.files import Files
from dragoman.delivery.keys import touched_by
from dragoman.delivery.pages import Pages
from dragoman.delivery.purging import AHEAD
from dragoman.delivery.store import Answer
from dragoman.foundation.clients import client_address
from dragoman.foundation.rsgi import Exchange, Headers, Scope
from dragoman.foundation.silence import let_go_of_who_takes_nothing
from dragoman.live.events import Heard
from dragoman.live.streams import Streams, Visits
from dragoman.readers.actions import tell_present
from dragoman.website.shared import shared_addresses

_log = logging.getLogger(__name__)
_STREAMS_OF_ONE = 100  # from one address: a school or an office behind one, but not a flood
_MIB = 1024 * 1024
_EXTENDED = 0.2  # seconds between two looks at whether a proxy may go on sending our files
_TAKES_NOTHING = 20.0  # seconds
_MOMENT = 0.01  # seconds
_SILENT = 5.0  # seconds for which the outbox was not read: the database does not answer
_COUNTED = 5.0  # seconds between two words to the metrics


class Server:
    """Composes Django's front, the pages and the streams; built once in each process."""

    def __init__(self) -> None:
        home = settings.DRAGOMAN
        process = f"{socket.gethostname()}.{os.getpid()}"[:60]
        visits = Visits(
            has_session=lambda scope: is_own(scope.headers),
            identify=_reader_of,
            present=lambda readers: tell_present(readers, process=process),
            address=_address,
            most_of_one=_STREAMS_OF_ONE if home.has_limits else 0,
        )
        self._cdn = Cdn(home.cdn, str(home.values["delivery.cdn_key"])) if home.cdn else None
        self._bodies = Bodies(self._is_known)
        self._front = Front(int(home.values["server.threads"]), self._settled)
        self._streams = Streams(visits, hear=self._hear, noted=replica.sample if home.has_replica else lambda: None)
        self._lets_go = False
        self._operators = Operators(self._is_ready, self._front.ask)
        self._pages = Pages(
            self._render,
            addresses=Addresses(shared_addresses(home.languages) if home.has_delivery else ()),
            known=self._streams,
            is_own=is_own,
            files=Files(home.page_files, home.site_url.partition("://")[2].lower()) if home.page_files else None,
            outside=may_keep if home.cdn else lambda keys: [],
            most_bytes=int(home.values["delivery.memory"]) * _MIB,
        )

    def _hear(self, events: Sequence[Heard]) -> None:
        replica.must_have_what_was_heard()
        said = (event.announcement for event in events)
        try:
            touched = [touched for one in said for touched in touched_by(one.topic, one.kind, one.data)]
            self._pages.touch(touched)
            if self._cdn is not None:
                self._cdn.hear(touched)
        except Exception:
            _log.exception("what happened could not be told to the pages: all are forgotten")
            self._pages.forget()
            if self._cdn is not None:
                self._cdn.forget()

    async def _settled(self) -> None:
        """What happened before the wait that led here is forgotten by a cache before us, too."""
        if self._cdn is None:
            return
        end = time.monotonic() + PATIENCE
        while self._streams.age() >= AHEAD and time.monotonic() < end:
            await asyncio.sleep(_EXTENDED)
        if self._streams.age() >= AHEAD:
            _log.error("the outbox cannot be read: the cache before us may show for a while what was taken away")
        await self._cdn.settled()

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """One request that is not answered at once."""
        if scope.path == "/events":
            await self._events(scope, exchange)
            return
        answer = (
            await self._pages.answer(scope)
            or await self._operators.answer(scope.path)
            or await self._made(scope, exchange)
        )
        if answer.body and scope.method != "HEAD":
            exchange.response_bytes(answer.status, answer.headers, answer.body)
        else:
            exchange.response_empty(answer.status, answer.headers)

    async def _made(self, scope: Scope, exchange: Exchange) -> Answer:
        try:
            async with self._bodies.of(scope, exchange) as body:
                return await self._front.answer(_spelled(scope), body)
        except BodyRefused as refusal:
            return plain(refusal.status, refusal.says)

    async def _is_known(self, scope: Scope) -> bool:
        try:
            return is_own(scope.headers) and await self._front.ask(lambda: _reader_of(scope)) is not None
        except (DatabaseError, Overloaded):
            raise BodyRefused(*AWAY) from None

    async def _events(self, scope: Scope, exchange: Exchange) -> None:
        if settings.DRAGOMAN.is_live:
            await self._streams.serve(scope, exchange)
        else:
            exchange.response_empty(204, [])  # it tells a browser's EventSource not to come again

    async def _render(self, address: Address, host: str) -> Answer:
        return await self._front.answer(_request("GET", address.path, address.query, [("host", host)]), b"")

    @property
    def at_once(self) -> Callable[[Scope], Answer | None]:
        """What most requests are answered with, without waiting."""
        return self._pages.at_once

    async def start(self) -> None:
        """Before the first request."""
        await self._streams.start()
        if settings.DRAGOMAN.has_replica:
            replica.start(self._streams.age)
        chores = [self._count, self._extend, self._let_go]
        if self._cdn is not None:
            self._cdn.forget()  # nobody may have told it what happened while no process ran
            chores.append(self._cdn.run)
        self._chores = [asyncio.create_task(one()) for one in chores]

    async def _extend(self) -> None:
        while True:
            with contextlib.suppress(OSError):  # a full disk: the last link runs out
                self._pages.extend()
            await asyncio.sleep(_EXTENDED)

    async def _let_go(self) -> None:
        """The server listens a moment after we have started."""
        while not let_go_of_who_takes_nothing(_TAKES_NOTHING):
            await asyncio.sleep(_MOMENT)
        self._lets_go = True

    def _is_ready(self) -> bool:
        """Whether the database answers, and nobody who comes now can be held on to without an end."""
        return self._lets_go and self._streams.age() < _SILENT

    async def _count(self) -> None:
        forget_the_dead()
        counts = PageCounts(self._pages.counts)
        while True:
            counts.tell(kept=self._pages.bytes, streams=self._streams.open)
            await asyncio.sleep(_COUNTED)

    def leave(self) -> None:
        """End what could go on for long: the server waits for every answer, and calls :meth:`stop` after the last."""
        self._streams.leave()
        self._bodies.leave()

    async def stop(self) -> None:
        """Let the running requests end."""
        for chore in self._chores:
            chore.cancel()
        self._pages.close()
        replica.stop()
        await self._streams.stop()
        self._front.close()


def is_own(headers: Headers) -> bool:
    """Whether a request may be somebody's own: it has a session, or a message waits for it.

    Cookies that the server cannot read (it drops what is not ASCII) may be anybody's.
    """
    if "cookie" not in headers:
        return False
    cookies = [value for name, value in headers.items() if name == "cookie"]
    return not cookies or any(_names_somebody(value) for value in cookies)


def _names_somebody(cookies: str) -> bool:
    return f"{settings.SESSION_COOKIE_NAME}=" in cookies or "messages=" in cookies


def _spelled(scope: Scope) -> dict[str, Any]:
    """A request as Django reads it."""
    headers = scope.headers.items()
    if scope.authority and "host" not in scope.headers:
        headers = [("host", scope.authority), *headers]
    host, _colon, port = scope.client.rpartition(":")
    asked = _request(scope.method, scope.path, scope.query_string, headers)
    return asked | {"scheme": scope.scheme, "client": (host.strip("[]"), int(port) if port.isdecimal() else 0)}


def _request(method: str, path: str, query: str, headers: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "scheme": "http",
    }


def _address(scope: Scope) -> str:
    peer = scope.client.rpartition(":")[0].strip("[]")
    return client_address(peer, str(scope.headers.get("x-forwarded-for", "")), settings.DRAGOMAN.proxies)


def _reader_of(scope: Scope) -> int | None:
    """The signed-in reader of a stream, by the session's cookie."""
    header = "; ".join(value for name, value in scope.headers.items() if name == "cookie")
    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if cookie is None:
        return None
    request = HttpRequest()
    request.session = SessionStore(cookie.value)
    return get_user(request).pk  # nobody, where the account was closed or its password is another one since
