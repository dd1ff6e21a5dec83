"""The event streams of one process: ``GET /events?topics=thread:1,…&language=es``.

Served beside Django. One task follows the outbox and hands what it
reads to the streams that want it, at most four times a second; a stream itself
holds no database connection. A stream whose client takes nothing any more is
closed by the kernel (see ``foundation.silence``), comes back with
``Last-Event-ID`` and reads on from the table.
"""

import asyncio
import contextlib
import itertools
import logging
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from urllib.parse import parse_qs

from django.db import DatabaseError, connections

from dragoman.foundation.connections import with_fresh_connection
from dragoman.foundation.rsgi import Exchange, ProtocolClosed, Scope, Transport
from dragoman.live import queries, wakeup
from dragoman.live.coalescing import coalesced
from dragoman.live.events import EVERYONE, Heard
from dragoman.live.stream import NOT_YET, Stream, forward, frame, spoken
from dragoman.live.topics import may_hear

_Result = TypeVar("_Result")

MOST_TOPICS = 300  # of one browser with many tabs
BREATH = 0.25  # seconds between two hand-outs: what happens within is told together
_HEARTBEAT = 15  # seconds, below every proxy's idle limit; each second a fifteenth of the streams has its turn
_log = logging.getLogger(__name__)
_MOMENT = 1.0  # seconds
_STILL_HERE = 60.0  # seconds between two words to the database about who is there
_REMEMBERED = 2000  # events: a page that was made a minute ago is told without asking the database
_HEADERS = [
    ("content-type", "text/event-stream; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),
]
_RETRY = b"retry: 2000\n"
_REFUSED = [("content-type", "text/plain; charset=utf-8"), ("retry-after", "60")]


@dataclass(frozen=True)
class Visits:
    """What the house says of streams. ``identify`` and ``present`` run in a thread.

    ``identify`` tells the reader of a request, or ``None``, and is asked only where
    ``has_session``; ``address`` is the client's; ``most_of_one`` streams may come
    from one address, any number where it is 0.
    """

    has_session: Callable[[Scope], bool]
    identify: Callable[[Scope], int | None]
    present: Callable[[list[int]], None]
    address: Callable[[Scope], str]
    most_of_one: int = 0


class Streams:
    """All streams of this process and the task that feeds them.

    ``hear`` gets every event before they do; ``noted`` is called in the reader's thread after each reading.
    """

    def __init__(
        self,
        visits: Visits,
        hear: Callable[[Sequence[Heard]], None] = lambda events: None,
        noted: Callable[[], None] = lambda: None,
    ) -> None:
        self._visits = visits
        self._hear = hear
        self._noted = noted
        self._by_topic: dict[str, set[Stream]] = {}
        self._readers: dict[Stream, int] = {}
        self._addresses: Counter[str] = Counter()
        self._beats = itertools.cycle(range(_HEARTBEAT))
        # The outbox is read by a thread that nobody else can keep waiting: pages in memory depend on it.
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="outbox")
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="live")
        self._tasks: list[asyncio.Task[None]] = []
        self._closing = False
        self._recent: deque[Heard] = deque(maxlen=_REMEMBERED)
        self._seen = 0
        self._read_at = 0.0

    def age(self) -> float:
        """Seconds since the outbox was last read to its end: nothing older can be unknown here."""
        return time.monotonic() - self._read_at

    @property
    def open(self) -> int:
        """How many streams there are now."""
        return len(self._by_topic.get(EVERYONE, ()))

    async def hear(self, event: int) -> None:
        """Wait until the outbox was read so far; a moment at most, for there may be no such event."""
        end = time.monotonic() + _MOMENT
        while self._seen < event and time.monotonic() < end:
            await asyncio.sleep(BREATH / 5)

    async def start(self) -> None:
        """Begin to follow the outbox from its end.

        Nothing may be answered before: what a page is made of must be older than the first event that is heard.
        """
        while True:
            try:
                self._seen = await self._read(lambda: with_fresh_connection(queries.last_event_id))
                break
            except DatabaseError:
                await asyncio.sleep(1)
        self._tasks = [asyncio.create_task(one()) for one in (self._follow, self._tell_presence, self._beat)]

    def leave(self) -> None:
        """End every stream, and open no more: a server waits for them before it ends. Browsers come back soon."""
        self._closing = True
        for stream in self._all():
            stream.end()

    async def stop(self) -> None:
        """Read nothing more."""
        self.leave()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._run(connections.close_all)
        await self._read(connections.close_all)
        for pool in (self._pool, self._reader):
            pool.shutdown(wait=False, cancel_futures=True)

    async def serve(self, scope: Scope, exchange: Exchange) -> None:
        """Serve one stream until the client leaves or the process stops."""
        if self._closing:
            exchange.response_bytes(200, _HEADERS, _RETRY)  # a browser would not come back after any other status
            return
        address = self._visits.address(scope)
        if 0 < self._visits.most_of_one <= self._addresses[address]:
            exchange.response_bytes(429, _REFUSED, b"Too many event streams are open from this address.")
            return
        self._addresses[address] += 1
        try:
            reader = await self._ask(lambda: self._visits.identify(scope)) if self._visits.has_session(scope) else None
            await self._serve(_opened(scope, reader, next(self._beats)), reader, _last_event_id(scope), exchange)
        finally:
            self._addresses[address] -= 1
            if self._addresses[address] <= 0:
                del self._addresses[address]

    async def _serve(self, stream: Stream, reader: int | None, resume: int | None, exchange: Exchange) -> None:
        # An id that was never given is no place to resume from.
        is_back = resume is not None and resume < self._seen
        stream.after = NOT_YET if is_back else self._seen
        for topic in stream.topics:
            self._by_topic.setdefault(topic, set()).add(stream)
        if self._closing:  # since it was asked whose stream this is
            stream.end()
        gone = asyncio.create_task(_disconnected(exchange, stream))
        try:
            if reader is not None:
                self._readers[stream] = reader
                await self._ask(lambda: self._visits.present([reader]))
            with contextlib.suppress(ProtocolClosed):
                transport = exchange.response_stream(200, _HEADERS)
                await transport.send_bytes(_RETRY + b": hello\n\n")
                if is_back:
                    stream.after = await self._catch_up(stream, resume or 0, transport)
                await forward(stream, transport)
        finally:
            gone.cancel()
            self._forget(stream)

    def _forget(self, stream: Stream) -> None:
        self._readers.pop(stream, None)
        for topic in stream.topics:
            mine = self._by_topic.get(topic, set())
            mine.discard(stream)
            if not mine:
                self._by_topic.pop(topic, None)

    async def _catch_up(self, stream: Stream, resume: int, transport: Transport) -> int:
        """What was missed since ``resume``; the last event that the stream has by then.

        Of what is forgotten by now nothing can be told but that it is: the page looks for itself.
        """
        last = resume
        if not self._remembers(last):
            first = await self._ask(queries.first_event_id)
            if first == 0 or last + 1 < first:
                last = self._seen
                await transport.send_bytes(f"id: {last}\nevent: missed\ndata: {{}}\n\n".encode())
        while last < self._seen:
            # What the process has read by now is told; what it reads meanwhile makes one more round.
            seen, after = self._seen, last
            if self._remembers(after):
                missed = [one for one in self._recent if one.id > after and one.announcement.topic in stream.topics]
                last = seen
            else:
                missed = await self._ask(partial(queries.events_after, after, stream.topics))
                is_all = len(missed) < queries.MOST_AT_ONCE
                last = max(seen, missed[-1].id if missed else after) if is_all else missed[-1].id
            frames = [frame(heard) for heard in coalesced(missed) if stream.speaks(spoken(heard))]
            if frames:
                await transport.send_bytes(b"".join(frames))
        return last

    def _remembers(self, event: int) -> bool:
        """Whether all that came after an event is in memory."""
        return bool(self._recent) and self._recent[0].id <= event + 1

    async def _follow(self) -> None:
        with wakeup.listening() as ear:
            while True:  # also while the last answers are given: pages and caches before us depend on it
                began = time.monotonic()
                try:
                    heard = await self._read(lambda: with_fresh_connection(self._look))
                    self._take(heard, began)
                except Exception:
                    _log.exception("the outbox could not be read")
                    await asyncio.sleep(1)
                    continue
                if heard:
                    await asyncio.sleep(BREATH)
                else:
                    await self._read(lambda: ear.wait(BREATH))

    def _look(self) -> list[Heard]:
        found = queries.events_after(self._seen)
        self._noted()
        return found

    def _take(self, heard: list[Heard], began: float) -> None:
        if heard:
            self._hear(heard)
            self._seen = heard[-1].id
            self._recent.extend(heard)
        if len(heard) < queries.MOST_AT_ONCE:
            self._read_at = began
        self._hand_out(coalesced(heard))

    async def _read(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    def _hand_out(self, events: Collection[Heard]) -> None:
        for heard in events:
            topic = heard.announcement.topic
            listening = self._all() if topic == EVERYONE else self._by_topic.get(topic, ())
            if not listening:
                continue
            whole, language, number = frame(heard), spoken(heard), heard.id
            for stream in listening:
                if number > stream.after and stream.speaks(language):
                    stream.give(whole)

    def _all(self) -> list[Stream]:
        return list(self._by_topic.get(EVERYONE, ()))

    async def _beat(self) -> None:
        for turn in itertools.cycle(range(_HEARTBEAT)):
            await asyncio.sleep(1)
            for stream in self._all():
                if stream.beat == turn and not stream.frames:
                    stream.give(b": still here\n\n")

    async def _tell_presence(self) -> None:
        while True:
            await asyncio.sleep(_STILL_HERE)
            readers = sorted(set(self._readers.values()))
            if readers:
                with contextlib.suppress(Exception):
                    await self._ask(partial(self._visits.present, readers))

    async def _ask(self, question: Callable[[], _Result]) -> _Result:
        return await self._run(lambda: with_fresh_connection(question))

    async def _run(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


def _opened(scope: Scope, reader: int | None, beat: int) -> Stream:
    asked = parse_qs(scope.query_string)
    named = frozenset(asked.get("topics", [""])[0].split(",")[:MOST_TOPICS]) - {""}
    topics = frozenset(topic for topic in named if len(topic) <= 100 and may_hear(reader, topic))
    return Stream(topics | {EVERYONE}, asked.get("language", [""])[0], beat)


async def _disconnected(exchange: Exchange, stream: Stream) -> None:
    await exchange.client_disconnect()
    stream.end()


def _last_event_id(scope: Scope) -> int | None:
    text = scope.headers.get("last-event-id", "") or parse_qs(scope.query_string).get("last", [""])[0]
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
