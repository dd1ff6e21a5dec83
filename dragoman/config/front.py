"""Django behind the server, in a fixed pool of threads.

Django's own ASGI handler starts a thread and opens database connections for
each request; with a fixed pool each thread keeps its connection. The body is
limited before it is buffered, and a response is closed in the thread that made
it: that is where Django gives its connection back.
"""

import asyncio
import io
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from dragoman.delivery.purging import leaving_waits
from dragoman.delivery.store import Answer, Pairs
from dragoman.foundation.connections import with_fresh_connection

_Result = TypeVar("_Result")

_PATIENCE = 55.0  # seconds until an answer is given up: less than a proxy's minute
_MOST_WAITING = 100  # requests for each thread: whoever comes after them would wait in vain

_MALFORMED = b"This address cannot be read."
_TOO_MANY = b"Too many requests wait just now. Nothing was stored; try again in a minute."
_TOO_LATE = b"This takes too long just now. Look whether what you sent was stored before you send it again."


class Overloaded(Exception):
    """No thread was free in time."""

    def __init__(self, says: bytes) -> None:
        super().__init__()
        self.says = says


class Front(BaseHandler):
    """Runs Django's synchronous middleware and views.

    ``settled``: waits until caches before us have forgotten what was taken away.
    """

    def __init__(self, threads: int, settled: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._settled = settled
        self.load_middleware(is_async=False)
        import_module(settings.ROOT_URLCONF)  # all views: else the first request of each process waits for them
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._in_hand: set[Future[Any]] = set()
        self._most = threads * (1 + _MOST_WAITING)

    async def answer(self, request: Mapping[str, Any], body: bytes) -> Answer:
        """One request, as ASGI spells it."""
        if "\0" in request["path"]:
            return plain(400, _MALFORMED)
        try:
            answer, seconds = await self._in_thread(lambda: self._waiting_answer(request, body))
        except Overloaded as overload:
            return plain(503, overload.says)
        if seconds:
            await asyncio.sleep(seconds)
            await self._settled()
        return answer

    async def ask(self, question: Callable[[], _Result]) -> _Result:
        """Something that needs the database, in one of the threads. Raises :class:`Overloaded`."""
        return await self._in_thread(lambda: with_fresh_connection(question))

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        if len(self._in_hand) >= self._most:
            raise Overloaded(_TOO_MANY)
        waiting = [work]  # taken out by whoever comes first: a thread, or the end of our patience

        def begin() -> _Result | None:
            try:
                mine = waiting.pop()
            except IndexError:
                return None
            return mine()

        running = self._pool.submit(begin)
        self._in_hand.add(running)
        running.add_done_callback(self._in_hand.discard)
        try:
            return cast(_Result, await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(running)), _PATIENCE))
        except TimeoutError:  # a database that hangs lets nobody go; what has not begun by now never will
            has_begun = not waiting
            waiting.clear()
            raise Overloaded(_TOO_LATE if has_begun else _TOO_MANY) from None

    def _waiting_answer(self, scope: Mapping[str, Any], body: bytes) -> tuple[Answer, float]:
        """The answer, and for how long it must be kept back: what was taken away is gone when it is given."""
        with leaving_waits() as left:
            return self._answer(scope, body), max(left, default=0.0)

    def _answer(self, scope: Mapping[str, Any], body: bytes) -> Answer:
        signals.request_started.send(sender=self.__class__, scope=scope)
        set_script_prefix("/")
        response: HttpResponseBase | None = None
        try:
            request = ASGIRequest(dict(scope), io.BytesIO(body))
            response = self.get_response(request)
            content = b"" if request.method == "HEAD" else b"".join(_chunks(response))
            return Answer(response.status_code, _headers(response), content)
        finally:
            if response is not None:
                response.close()
            else:
                signals.request_finished.send(sender=self.__class__)

    def close(self) -> None:
        """Let the running requests end."""
        self._pool.shutdown(wait=True)


def _chunks(response: HttpResponseBase) -> Iterator[bytes]:
    for chunk in response:
        yield chunk if isinstance(chunk, bytes) else str(chunk).encode(response.charset)


def _headers(response: HttpResponseBase) -> Pairs:
    headers = [(name.lower(), value) for name, value in response.items()]
    return headers + [("set-cookie", cookie.output(header="").strip()) for cookie in response.cookies.values()]


def plain(status: int, body: bytes) -> Answer:
    """A sentence of the server's own, where Django is not asked."""
    headers = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
    return Answer(status, [*headers, ("retry-after", "60")] if status == 503 else headers, body)
