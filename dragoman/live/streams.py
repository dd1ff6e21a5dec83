"""The event streams of one process: ``GET /events?topics=thread:1,…&language=es``.

An ASGI application beside Django. One task follows the outbox and hands each
event to the streams that want it; a stream itself holds no database connection.
A stream that cannot keep up is closed, comes back with ``Last-Event-ID`` and
reads on from the table. Source of the format: WHATWG HTML, server-sent events.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs

from django.db import close_old_connections

from dragoman.live import queries, wakeup
from dragoman.live.events import EVERYONE, Heard

Scope = Mapping[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]
_Result = TypeVar("_Result")

ALL_LANGUAGES = "*"  # a browser with tabs in several editions
MOST_TOPICS = 50
_BUFFERED = 256
_HEARTBEAT = 15.0  # below every proxy's idle limit


@dataclass(eq=False)
class _Stream:
    topics: frozenset[str]
    language: str
    queue: asyncio.Queue[Heard | None] = field(default_factory=lambda: asyncio.Queue(_BUFFERED))

    def wants(self, heard: Heard) -> bool:
        said = heard.announcement
        language = said.data.get("language", self.language)
        return said.topic in self.topics and self.language in (language, ALL_LANGUAGES)


@dataclass(frozen=True)
class Visits:
    """What the house wants to know of streams: who opens one, who is still there, who left.

    ``identify`` tells the reader of a request, or ``None``; all run in a thread.
    """

    identify: Callable[[Scope], int | None]
    present: Callable[[list[int]], None]
    left: Callable[[int], None]


class Streams:
    """All streams of this process and the task that feeds them."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._streams: set[_Stream] = set()
        self._readers: dict[_Stream, int] = {}
        # Two threads: one waits at the ear, one asks the database.
        self._pool = ThreadPoolExecutor(2, thread_name_prefix="live")
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._seen = 0

    async def start(self) -> None:
        """Begin to follow the outbox from its end."""
        self._seen = await self._ask(queries.last_event_id)
        self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._tell_presence())]

    async def stop(self) -> None:
        """End every stream; the server waits for them otherwise."""
        self._closing = True
        for stream in list(self._streams):
            self._end(stream)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one stream until the client leaves or the process stops."""
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        topics = frozenset(asked.get("topics", [""])[0].split(",")[:MOST_TOPICS]) - {""}
        stream = _Stream(topics | {EVERYONE}, asked.get("language", [""])[0])
        reader = await self._ask(lambda: self._visits.identify(scope))
        self._streams.add(stream)
        if reader is not None:
            self._readers[stream] = reader
            await self._ask(lambda: self._visits.present([reader]))
        try:
            await self._serve(stream, _last_event_id(scope), receive, send)
        finally:
            self._streams.discard(stream)
            self._readers.pop(stream, None)
            if reader is not None and reader not in self._readers.values() and not self._closing:
                asyncio.get_running_loop().call_later(3, self._leave, reader)

    def _leave(self, reader: int) -> None:
        """After a grace for the next page of the same reader."""
        if reader not in self._readers.values() and not self._closing:
            self._pool.submit(_with_fresh_connection, lambda: self._visits.left(reader))

    async def _serve(self, stream: _Stream, resume: int | None, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 2000\n: hello\n\n", "more_body": True})
        last = resume if resume is not None else self._seen
        if resume is not None:
            while missed := await self._ask(lambda last=last: queries.events_after(last)):  # type: ignore[misc]
                for heard in missed:
                    if stream.wants(heard):
                        await send(_frame(heard))
                    last = heard.id
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await self._forward(stream, last, gone, send)
        finally:
            gone.cancel()

    async def _forward(self, stream: _Stream, last: int, gone: "asyncio.Task[None]", send: Send) -> None:
        while not gone.done() and not self._closing:
            getting = asyncio.ensure_future(stream.queue.get())
            await asyncio.wait({getting, gone}, timeout=_HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
            if not getting.done():
                getting.cancel()
                if not gone.done():
                    await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
                continue
            heard = getting.result()
            if heard is None:
                break
            if heard.id > last:
                await send(_frame(heard))
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _follow(self) -> None:
        with wakeup.listening() as ear:
            while not self._closing:
                try:
                    heard = await self._ask(lambda: queries.events_after(self._seen))
                except Exception:
                    await asyncio.sleep(1)
                    continue
                for event in heard:
                    self._seen = event.id
                    self._hand_out(event)
                if not heard:
                    await self._run(lambda: ear.wait(1.0))

    def _hand_out(self, heard: Heard) -> None:
        for stream in list(self._streams):
            if stream.wants(heard):
                try:
                    stream.queue.put_nowait(heard)
                except asyncio.QueueFull:
                    self._end(stream)

    def _end(self, stream: _Stream) -> None:
        self._streams.discard(stream)
        while not stream.queue.empty():
            stream.queue.get_nowait()
        stream.queue.put_nowait(None)

    async def _tell_presence(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT)
            readers = sorted(set(self._readers.values()))
            if readers:
                with contextlib.suppress(Exception):
                    await self._ask(lambda readers=readers: self._visits.present(readers))  # type: ignore[misc]

    async def _ask(self, question: Callable[[], _Result]) -> _Result:
        return await self._run(lambda: _with_fresh_connection(question))

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _with_fresh_connection(question: Callable[[], _Result]) -> _Result:
    close_old_connections()
    return question()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _last_event_id(scope: Scope) -> int | None:
    headers = dict(scope["headers"])
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("last", [""])[0]
    text = headers.get(b"last-event-id", b"").decode("latin-1") or asked
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _frame(heard: Heard) -> dict[str, Any]:
    data = json.dumps({"topic": heard.announcement.topic, **heard.announcement.data}, separators=(",", ":"))
    body = f"id: {heard.id}\nevent: {heard.announcement.kind}\ndata: {data}\n\n"
    return {"type": "http.response.body", "body": body.encode(), "more_body": True}
