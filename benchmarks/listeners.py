"""Very many browsers with one open page each, in one event loop: what they hear, and what they fetch because of it."""

import asyncio
import json
import os
import random
import re
import statistics
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from benchmarks.servers import LOAD, free_port, pin, started

_EVENT = re.compile(rb"id: (\d+)\nevent: (\w+)\ndata: (\{[^\n]*\})\n\n")
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_FETCHERS = 48  # connections that fetch; a browser has its own, which this machine has no room for
_AT_ONCE = 200  # connections that are being opened


@dataclass
class Heard:
    """What all listeners heard. Times are ``time.time()``."""

    comments: list[tuple[int, float]] = field(default_factory=list)  # number of the comment, when
    fetched: list[tuple[int, float]] = field(default_factory=list)  # id of the translation's event, when it was shown
    bad: list[str] = field(default_factory=list)


class Listener(asyncio.Protocol):
    """One stream: parses as little as it can."""

    def __init__(self, topic: str, language: str, heard: Heard, fetch: Callable[[int, str], None]) -> None:
        self._asked = f"/events?topics={topic}&language={language}"
        self._language, self._heard, self._fetch = language, heard, fetch
        self._rest = b""
        self.last = 0
        self.numbers: list[int] = []
        self.is_open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask; again after the last event that was heard, as browsers do."""
        self.transport = cast(asyncio.Transport, transport)
        last = f"Last-Event-ID: {self.last}\r\n" if self.last else ""
        self.transport.write(f"GET {self._asked} HTTP/1.1\r\nHost: localhost\r\n{last}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Events, whole or in parts."""
        if not self.is_open.done():
            self.is_open.set_result(None)
        told = self._rest + data if self._rest else data
        end = 0
        for match in _EVENT.finditer(told):
            end = match.end()
            self.last = int(match[1])
            said = json.loads(match[3])
            if match[2] == b"comment":
                self.numbers.append(said["number"])
                self._heard.comments.append((said["number"], time.time()))
            elif match[2] == b"translation":
                self._fetch(self.last, f"/{self._language}/fragment/comment/{said['id']}@{said['version']}")
        self._rest = told[end:][-4096:]


class Fetcher(asyncio.Protocol):
    """One connection that is kept: the next question when the last one is answered."""

    def __init__(self, waiting: "deque[tuple[int, str]]", heard: Heard, idle: "set[Fetcher]", unwanted: bytes) -> None:
        self._waiting, self._heard, self._idle, self._unwanted = waiting, heard, idle, unwanted
        self._buffer = b""
        self._asked: tuple[int, str] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready."""
        self._transport = cast(asyncio.Transport, transport)
        self._idle.add(self)

    def ask(self) -> None:
        """The next one that waits."""
        if not self._waiting or self._transport is None:
            self._idle.add(self)
            return
        self._idle.discard(self)
        self._asked = self._waiting.popleft()
        self._transport.write(f"GET {self._asked[1]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """An answer, whole or in parts."""
        self._buffer += data
        head, ends, body = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not ends or length is None or len(body) < int(length[1]) or self._asked is None:
            return
        self._heard.fetched.append((self._asked[0], time.time()))
        if not head.startswith(b"HTTP/1.1 200") or self._unwanted in body:
            self._heard.bad.append(f"{self._asked[1]}: {head[:15]!r}")
        self._buffer = b""
        self.ask()


class Crowd:
    """Listeners in several languages, and the connections by which they fetch."""

    def __init__(self, port: int, topic: str, languages: Sequence[str], size: int, *, unwanted: bytes = b"") -> None:
        self.heard = Heard()
        self._port = port
        self._waiting: deque[tuple[int, str]] = deque()
        self._idle: set[Fetcher] = set()
        self._unwanted = unwanted
        self._dice = random.Random(5)
        self.shows_new_comments = False  # a page fetches what it shows; what is only counted it leaves alone
        self.listeners = [
            Listener(topic, languages[number % len(languages)], self.heard, self._fetch_soon) for number in range(size)
        ]

    async def open(self, *, fetches: bool) -> None:
        """Open every stream; each has said hello when this returns."""
        await self.connect(self.listeners)
        for _number in range(_FETCHERS if fetches else 0):
            await self._connected(lambda: Fetcher(self._waiting, self.heard, self._idle, self._unwanted))

    async def connect(self, listeners: Sequence[Listener]) -> None:
        """Open these, again where they were cut off."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(listener: Listener) -> None:
            async with gate:
                listener.is_open = asyncio.get_running_loop().create_future()
                await self._connected(lambda: listener)
                await listener.is_open

        await asyncio.gather(*(one(listener) for listener in listeners))

    async def _connected(self, make: Callable[[], Any]) -> None:
        await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self._port)

    def cut(self, listeners: Sequence[Listener]) -> None:
        """As when a network is gone."""
        for listener in listeners:
            if listener.transport is not None:
                listener.transport.abort()

    def _fetch_soon(self, event: int, path: str) -> None:
        """As the page's script does: a little later, spread by chance."""
        if not self.shows_new_comments:
            return
        asyncio.get_running_loop().call_later(0.1 + self._dice.random() * 0.4, self._fetch, event, path)

    def _fetch(self, event: int, path: str) -> None:
        self._waiting.append((event, path))
        if self._idle:
            self._idle.pop().ask()


def percentile(values: Sequence[float], share: float) -> float:
    """With so large a share of the values below it."""
    return statistics.quantiles(values, n=1000)[round(share * 1000) - 1] if len(values) > 1 else values[0]


def bare_p99(size: int, *, rounds: int) -> float:
    """Of a bare event stream with so many listeners, one event a second: the slowest hundredth, in milliseconds."""
    port = free_port()
    own = os.sched_getaffinity(0)
    with started([sys.executable, "-m", "benchmarks.bare_stream", str(port)], port):
        pin([os.getpid()], LOAD)
        try:
            return asyncio.run(_bare_rounds(port, size, rounds))
        finally:
            os.sched_setaffinity(0, own)


async def _bare_rounds(port: int, size: int, rounds: int) -> float:
    crowd = Crowd(port, "bare", ["en"], size)
    await crowd.open(fetches=False)
    crowd.heard.comments.clear()
    await asyncio.sleep(rounds)
    sent: dict[int, float] = {}
    for number, at in crowd.heard.comments:  # the server's clock ticks on: the first to hear is nearest to it
        sent[number] = min(sent.get(number, at), at)
    whole = {
        number for number, times in Counter(number for number, _at in crowd.heard.comments).items() if times == size
    }
    return 1000 * percentile([at - sent[number] for number, at in crowd.heard.comments if number in whole], 0.99)
