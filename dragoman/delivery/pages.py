"""The ASGI application in front of Django: answers from memory, renders each page once at a time.

Only what is the same for everybody: a GET of a shared address without a session.
Whether an answer may be kept is its owner's word: it declares surrogate keys.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial
from typing import Any

from dragoman.delivery.keys import HEADER
from dragoman.delivery.purging import LEASE
from dragoman.delivery.store import Answer, Store

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_SHARED = re.compile(r"^/[A-Za-z0-9-]+/fragment/(?:comment|new|article)/")
_QUERY = re.compile(rb"^(?:after=\d{1,9})?$")
_LARGEST = 64 * 1024 * 1024
_KEY = HEADER.lower().encode()


class _Flight:
    """A page that is being rendered, and what was purged meanwhile."""

    def __init__(self, task: "asyncio.Task[Answer]") -> None:
        self.task = task
        self.began = time.monotonic()
        self.purged: set[str] = set()


class Pages:
    """``behind`` is Django; ``age`` says how old this process's knowledge of the outbox is, in seconds."""

    def __init__(
        self,
        behind: Application,
        *,
        age: Callable[[], float],
        has_session: Callable[[Scope], bool],
        most_bytes: int = _LARGEST,
    ) -> None:
        self._behind = behind
        self._age = age
        self._has_session = has_session
        self._store = Store(most_bytes)
        self._flights: dict[str, _Flight] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        address = self._address(scope)
        if address is None:
            await self._behind(scope, receive, send)
            return
        answer = self._store.get(address) if self._age() < LEASE else None
        if answer is None:
            answer = await asyncio.shield(self._flight(address, scope).task)
        await _send(answer, send)

    def purge(self, keys: Collection[str]) -> None:
        """What shows one of these is rendered anew when it is next asked for."""
        self._store.purge(keys)
        for flight in self._flights.values():
            flight.purged |= set(keys)

    def _address(self, scope: Scope) -> str | None:
        """Where a shared answer is kept; ``None`` where the request is somebody's own."""
        if scope["method"] != "GET" or not _SHARED.match(scope["path"]) or not _QUERY.match(scope["query_string"]):
            return None
        if self._has_session(scope):
            return None
        return f"{scope['path']}?{scope['query_string'].decode('ascii')}"

    def _flight(self, address: str, scope: Scope) -> _Flight:
        """The rendering that others of this moment wait for too; one that began too long ago may not know enough."""
        flying = self._flights.get(address)
        if flying is None or flying.purged or time.monotonic() - flying.began > LEASE:
            task = asyncio.create_task(_answer_of(self._behind, scope))
            flying = self._flights[address] = _Flight(task)
            task.add_done_callback(partial(self._landed, address, flying))
        return flying

    def _landed(self, address: str, flight: _Flight, task: "asyncio.Task[Answer]") -> None:
        if self._flights.get(address) is not flight:
            return  # another one set off after it and knows more
        del self._flights[address]
        if task.cancelled() or task.exception() is not None:
            return
        answer = task.result()
        if answer.keys and not answer.keys & flight.purged:
            self._store.put(address, answer)


async def _answer_of(application: Application, scope: Scope) -> Answer:
    """The whole response of the application behind, without its surrogate keys."""
    status = 500
    headers: list[tuple[bytes, bytes]] = []
    parts: list[bytes] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, headers
        if message["type"] == "http.response.start":
            status, headers = message["status"], message["headers"]
        else:
            parts.append(message.get("body", b""))

    await application(scope, receive, send)
    named = dict(headers)
    keys = frozenset(named.get(_KEY, b"").decode("latin-1").split())
    is_shared = status == 200 and b"set-cookie" not in named
    kept = tuple((name, value) for name, value in headers if name not in (_KEY, b"set-cookie"))
    return Answer(status, kept, b"".join(parts), keys if is_shared else frozenset())


async def _send(answer: Answer, send: Send) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})
