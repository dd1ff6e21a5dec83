"""The application that each web process serves: event streams beside Django."""

import os
import signal
import socket
from collections.abc import Awaitable, Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any

import django
from django.conf import settings

from dragoman.foundation.processes import die_with_parent

# Granian loads this module in each web process, a fork that has inherited the server's own handler
# of SIGTERM: only SIGKILL ends it for certain.
die_with_parent(signal.SIGKILL)

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]


class Server:
    """Composes Django's front and the streams; built once in each process."""

    def __init__(self) -> None:
        django.setup()
        from dragoman.config.front import Front  # noqa: PLC0415 — after django.setup()
        from dragoman.live.streams import Streams, Visits  # noqa: PLC0415
        from dragoman.readers.actions import tell_gone, tell_present  # noqa: PLC0415

        process = f"{socket.gethostname()}.{os.getpid()}"[:60]
        visits = Visits(
            identify=_reader_of,
            present=lambda readers: tell_present(readers, process=process),
            left=lambda reader: tell_gone(reader, process=process),
        )
        self._front = Front(int(settings.DRAGOMAN.values["server.threads"]))
        self._streams = Streams(visits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any ASGI event."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["path"] == "/events":
            await self._streams(scope, receive, send)
        else:
            await self._front(scope, receive, send)

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
