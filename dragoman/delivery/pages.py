"""Answers that are the same for everybody, from memory, in front of Django; each is rendered once at a time.

Whether an answer may be kept is its owner's word: it declares surrogate keys.
What Django is asked for a shared answer is the address alone, in its one
spelling: no header or cookie of the client's can leave a trace in it.
"""

import asyncio
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from dragoman.delivery.addresses import Address, Addresses
from dragoman.delivery.cdn import CONTROL
from dragoman.delivery.encoding import IDENTITY, chosen, in_every_coding
from dragoman.delivery.files import Files
from dragoman.delivery.keys import HARD, HEADER, SOFT, Touched
from dragoman.delivery.purging import LEASE
from dragoman.delivery.store import Answer, Counts, Kept, Pairs, Store
from dragoman.foundation.rsgi import Headers, Scope

_KEPT_FOR = 60.0  # seconds; whatever no event tells of (comments that close by date) shows after this time
_KEY = HEADER.lower()
_OWN_WORDS = frozenset({_KEY, "set-cookie", "vary", "content-length", "etag", "server-timing", "x-request-id"})
_TIMING = "server-timing"
_OF_UNCHANGED = frozenset({"etag", "vary", "cache-control", CONTROL, _KEY, _TIMING})
_LONGEST_FLIGHT = 10.0  # seconds
_LONGEST_ADDRESS = 2000  # characters of path and query, each
_EVENT = re.compile(r"(?:^|&)event=(\d{1,18})(?:&|$)")


# The address and the host that was asked: the whole answer of the application behind.
Render = Callable[[Address, str], Awaitable[Answer]]


@dataclass(slots=True)
class _Rendered:
    """What came back, and as it may be kept, if it may."""

    answer: Answer
    kept: Kept | None
    seconds: float


@dataclass(slots=True, eq=False)
class _Flight:
    """An answer that is being rendered, and what happened meanwhile."""

    address: Address
    task: "asyncio.Task[_Rendered]"
    began: float
    touched: list[tuple[Touched, float]] = field(default_factory=list)  # each with the moment when it was heard
    is_sure: bool = True  # nothing happened that whoever asks from now on must see
    is_forgotten: bool = False

    def hear(self, touched: Touched, now: float) -> None:
        self.touched.append((touched, now))
        if touched.grace <= (SOFT if self.address.exact else HARD):
            self.is_sure = False


class Known(Protocol):
    """What this process has read of the outbox."""

    def age(self) -> float:
        """How old that is, in seconds."""

    async def hear(self, event: int) -> None:
        """Wait until an event has been read."""


class Pages:
    """``is_own`` says whether a request may be somebody's own, by its headers. Whole pages
    are written to ``files`` too. ``outside`` makes of a page's keys the headers that let a cache before us keep it.
    """

    def __init__(
        self,
        render: Render,
        *,
        addresses: Addresses,
        known: Known,
        is_own: Callable[[Headers], bool],
        most_bytes: int,
        files: Files | None = None,
        outside: Callable[[frozenset[str]], Pairs] = lambda keys: [],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._render = render
        self._canonical = addresses.canonical
        self._age = known.age
        self._is_own = is_own
        self._hear = known.hear
        self._clock = clock
        self._files = files
        self._outside = outside
        self._store = Store(most_bytes, self._outdated)
        self._flights: dict[str, _Flight] = {}

    def at_once(self, asked: Scope) -> Answer | None:
        """The shared answer that most requests get, without waiting; ``None`` where more must be thought about it.

        Ten thousand times a second: whatever can be known before is known before.
        """
        headers = asked.headers
        address = self._address(asked.path, asked.query_string)
        if address is None or asked.method != "GET" or ("cookie" in headers and self._is_own(headers)):
            return None
        kept = self._store.get(headers.get("host", "") + address.text)
        if kept is None or self._clock() >= kept.renew_at or self._age() >= LEASE or "if-none-match" in headers:
            return None
        if address.exact and asked.query_string:
            return None
        answer = kept.answers.get(chosen(headers.get("accept-encoding", "")))
        self._store.counts.hits += answer is not None
        return answer

    async def answer(self, asked: Scope) -> Answer | None:
        """The shared answer to a request; ``None`` where it may be somebody's own."""
        address = self._address(asked.path, asked.query_string)
        if address is None or asked.method not in ("GET", "HEAD") or self._is_own(asked.headers):
            return None
        told = _EVENT.search(asked.query_string) if address.exact else None
        if told is not None:
            # The page has heard of it by another process: what is in memory here may be older.
            await self._hear(int(told[1]))
        host = str(asked.headers.get("host") or asked.authority or "").lower()
        place = host + address.text
        now = self._clock()
        kept = self._store.get(place) if self._age() < LEASE else None
        if kept is not None and now >= kept.renew_at:
            self._flight(place, address, host)
            kept = kept if now < kept.due else None
        if kept is not None:
            self._store.counts.hits += 1
            return _variant(kept, asked)
        self._store.counts.misses += 1
        rendered = await asyncio.shield(self._flight(place, address, host).task)
        found = _variant(rendered.kept, asked) if rendered.kept is not None else rendered.answer
        timing = (_TIMING, f"cache;desc=miss, app;dur={rendered.seconds * 1000:.1f}")
        # No cache before us may keep it: what happened meanwhile may have been told there already.
        own = (_KEY, CONTROL, "set-cookie", _TIMING)
        body = b"" if asked.method == "HEAD" else found.body
        return Answer(found.status, [*(one for one in found.headers if one[0] not in own), timing], body)

    def _address(self, path: str, query: str) -> Address | None:
        """Long ones are nobody's links, and would fill the memory of spellings."""
        if len(path) > _LONGEST_ADDRESS:
            return None
        return self._canonical(path, query if len(query) <= _LONGEST_ADDRESS else "")

    def touch(self, touched: Iterable[Touched]) -> None:
        """Something happened: what shows it is taken away, or made anew soon."""
        now = self._clock()
        for one in touched:
            self._store.touch(one, now)
            for flight in self._flights.values():
                flight.hear(one, now)

    @property
    def counts(self) -> Counts:
        """Since the process began."""
        return self._store.counts

    @property
    def bytes(self) -> int:
        """Kept now."""
        return self._store.bytes

    def _flight(self, place: str, address: Address, host: str) -> _Flight:
        """The rendering that others of this moment wait for too."""
        flying = self._flights.get(place)
        now = self._clock()
        # One that began within the lease shows nothing that was gone for good before; an older one
        # does not either while we hear all that happens and nothing did.
        # One that never comes back is not waited for for ever.
        is_known = flying is not None and (now - flying.began <= LEASE or self._age() < LEASE)
        if flying is None or not flying.is_sure or not is_known or now - flying.began > _LONGEST_FLIGHT:
            task = asyncio.create_task(self._rendered(address, host))
            flying = self._flights[place] = _Flight(address, task, now)
            task.add_done_callback(partial(self._landed, place, flying))
        return flying

    async def _rendered(self, address: Address, host: str) -> _Rendered:
        began = self._clock()
        answer = await self._render(address, host)
        seconds = self._clock() - began
        # Compressing takes some milliseconds: not on the loop that serves everybody else.
        return _Rendered(answer, await asyncio.to_thread(_kept, answer, address, began, self._outside), seconds)

    def _landed(self, place: str, flight: _Flight, task: "asyncio.Task[_Rendered]") -> None:
        if self._flights.get(place) is not flight:
            return  # another one set off after it and knows more
        del self._flights[place]
        if task.cancelled() or task.exception() is not None:
            return
        kept = task.result().kept
        mine = [(one, heard) for one, heard in flight.touched if kept is not None and kept.is_meant(one)]
        # From when it was heard, not from now: a cache before us has been told by then.
        if kept is None or flight.is_forgotten or not all(kept.survives(one, heard) for one, heard in mine):
            self._store.drop(place)
            return
        self._store.counts.renewed += 1
        if self._store.put(place, kept) and self._files is not None and not mine:
            self._files.write(place, kept)

    def _outdated(self, place: str) -> None:
        if self._files is not None:
            self._files.unlink(place)

    def extend(self) -> None:
        """Let the proxy send files for one more moment; call it some times a second."""
        if self._files is None:
            return
        for place in self._store.due(self._clock()):
            self._outdated(place)
        moment = time.time()  # before the look at the age: whoever is stopped in between makes a link of the past
        if self._age() < LEASE - 0.25:
            self._files.extend(moment)

    def forget(self) -> None:
        """Something of what happened was not understood: nothing that is kept can be trusted."""
        self._store.clear()
        for flight in self._flights.values():
            flight.is_sure, flight.is_forgotten = False, True
        if self._files is not None:
            self._files.clear()

    def close(self) -> None:
        """The proxy sends no file of this process any more."""
        if self._files is not None:
            self._files.close()


def _kept(answer: Answer, address: Address, began: float, outside: Callable[[frozenset[str]], Pairs]) -> Kept | None:
    named = dict(answer.headers)
    keys = frozenset(named.get(_KEY, "").split())
    if answer.status != 200 or not keys or "set-cookie" in named:
        return None
    etag = f'W/"{hashlib.blake2b(answer.body, digest_size=12).hexdigest()}"'
    shown = [one for one in answer.headers if one[0] not in _OWN_WORDS]
    told = [] if address.exact else outside(keys)
    common = [*shown, *told, ("etag", etag), ("vary", "accept-encoding"), (_TIMING, "cache;desc=hit")]
    return Kept(
        answers={
            coding: Answer(200, [*common, ("content-encoding", coding)] if coding else common, body)
            for coding, body in in_every_coding(answer.body).items()
        },
        unchanged=Answer(304, [one for one in common if one[0] in _OF_UNCHANGED], b""),
        etag=etag,
        keys=keys,
        edition=address.edition,
        renew_at=began + _KEPT_FOR / 2,
        due=began + _KEPT_FOR,
        exact=address.exact,
    )


def _variant(kept: Kept, asked: Scope) -> Answer:
    """In the coding that the client likes best; 304 where it has it, no body for HEAD."""
    known = asked.headers.get("if-none-match", "")
    if known and (kept.etag in known or known.strip() == "*"):
        return kept.unchanged
    found = kept.answers.get(chosen(asked.headers.get("accept-encoding", ""))) or _plain(kept)
    if asked.method == "HEAD":
        return Answer(200, [*found.headers, ("content-length", str(len(found.body)))], b"")
    return found


def _plain(kept: Kept) -> Answer:
    """For the rare client that takes no coding."""
    whole = kept.answers.get(IDENTITY)
    if whole is not None:
        return whole
    headers = [one for one in kept.answers["gzip"].headers if one[0] != "content-encoding"]
    return Answer(200, headers, kept.plain)
