"""The application that each web process serves: event streams, and Django behind the pages kept in memory."""

import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any

import django
from django.conf import settings

from dragoman.delivery.keys import keys_of_event
from dragoman.delivery.pages import Pages
from dragoman.foundation.processes import die_with_parent
from dragoman.live.events import Heard

# Granian loads this module in each web process, a fork that has inherited the server's own handler
# of SIGTERM: only SIGKILL ends it for certain.
die_with_parent(signal.SIGKILL)

_STREAMS_OF_ONE = 100  # from one address: a school or an office behind one, but not a flood

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Server:
    """Composes Django's front and the streams; built once in each process."""

    def __init__(self) -> None:
        django.setup()
        from dragoman.config.front import Front  # noqa: PLC0415 — after django.setup()
        from dragoman.live.streams import Streams, Visits  # noqa: PLC0415
        from dragoman.readers.actions import tell_present  # noqa: PLC0415

        process = f"{socket.gethostname()}.{os.getpid()}"[:60]
        visits = Visits(
            has_session=_has_session,
            identify=_reader_of,
            present=lambda readers: tell_present(readers, process=process),
            address=_address,
            most_of_one=_STREAMS_OF_ONE if settings.DRAGOMAN.has_limits else 0,
        )
        self._front = Front(int(settings.DRAGOMAN.values["server.threads"]))
        self._streams = Streams(visits, hear=self._purge)
        self._pages = Pages(self._front, age=self._streams.age, has_session=_has_session)
        self._answer = self._pages if settings.DRAGOMAN.has_delivery else self._front

    def _purge(self, events: Sequence[Heard]) -> None:
        said = (event.announcement for event in events)
        self._pages.purge({key for one in said for key in keys_of_event(one.topic, one.kind, one.data)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any ASGI event."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/events":
            await (self._streams if settings.DRAGOMAN.is_live else _no_streams)(scope, receive, send)
        else:
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._streams.start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await self._streams.stop()
                self._front.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _no_streams(scope: Scope, receive: Receive, send: Send) -> None:
    """204 tells a browser's EventSource not to come again."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _has_session(scope: Scope) -> bool:
    """Whether it may be somebody's own request: HTTP/2 may send cookies in several headers."""
    named = f"{settings.SESSION_COOKIE_NAME}=".encode()
    return any(name == b"cookie" and named in value for name, value in scope["headers"])


def _address(scope: Scope) -> str:
    """The client's address; a proxy of ours says whom it speaks for, last in its list."""
    client = str((scope.get("client") or ("", 0))[0])
    told = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    return told.rsplit(",", 1)[-1].strip() or client if client in settings.DRAGOMAN.proxies else client


def _reader_of(scope: Scope) -> int | None:
    """The signed-in reader of a stream, by the session's cookie."""
    from django.contrib.auth import SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    header = dict(scope["headers"]).get(b"cookie", b"").decode("latin-1")
    try:
        cookie = SimpleCookie(header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    found = SessionStore(cookie.value).get(SESSION_KEY) if cookie else None
    return int(found) if found else None


_server: Server | None = None


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """What Granian calls; the server is made at its first call, in the web process itself."""
    global _server  # noqa: PLW0603
    if _server is None:
        _server = Server()
    await _server(scope, receive, send)
