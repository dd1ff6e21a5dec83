"""Django behind an ASGI server, in a fixed pool of threads.

Django's own ASGI handler starts a thread and opens database connections for
each request; with a fixed pool each thread keeps its connection. The body is
limited before it is buffered, and a response is closed in the thread that made
it: that is where Django gives its connection back.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import set_script_prefix

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

LARGEST_BODY = 32 * 1024 * 1024  # pictures of the admin; a reader's form is limited far below by Django
_TOO_LARGE = b"This request is too large. Nothing was stored."
_MALFORMED = b"This address cannot be read."


class Front(BaseHandler):
    """The ASGI application that runs Django's synchronous middleware and views."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.load_middleware(is_async=False)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        body = await _read_body(receive)
        if body is None:
            await _plain(send, 413, _TOO_LARGE)
            return
        if b"%00" in scope.get("raw_path", b"") or "\0" in scope["path"]:
            await _plain(send, 400, _MALFORMED)
            return
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(self._pool, self._answer, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, scope: Scope, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        signals.request_started.send(sender=self.__class__, scope=scope)
        set_script_prefix("/")
        response: HttpResponseBase | None = None
        try:
            request = ASGIRequest(dict(scope), io.BytesIO(body))
            response = self.get_response(request)
            content = b"" if request.method == "HEAD" else b"".join(_chunks(response))
            return response.status_code, _headers(response), content
        finally:
            if response is not None:
                response.close()
            else:
                signals.request_finished.send(sender=self.__class__)

    def close(self) -> None:
        """Let the running requests end."""
        self._pool.shutdown(wait=True)


async def _read_body(receive: Receive) -> bytes | None:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return b"".join(parts)
        size += len(message.get("body", b""))
        if size <= LARGEST_BODY:
            parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts) if size <= LARGEST_BODY else None


def _chunks(response: HttpResponseBase) -> Iterator[bytes]:
    for chunk in response:
        yield chunk if isinstance(chunk, bytes) else str(chunk).encode(response.charset)


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in response.items()]
    cookies = (cookie.output(header="").strip() for cookie in response.cookies.values())
    return headers + [(b"set-cookie", cookie.encode("latin-1")) for cookie in cookies]


async def _plain(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
