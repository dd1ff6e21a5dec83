"""Answers kept in memory, bounded in bytes. The one that was wanted longest ago gives way, but what was asked for
once goes before what was asked for again: whoever asks for ten thousand addresses must not push out the front page.

Source: the segmented LRU of Karedla, Love and Wherry, Caching strategies to improve disk system performance (1994).
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dragoman.delivery.encoding import IDENTITY
from dragoman.delivery.keys import HARD, SOFT, Touched

Pairs = list[tuple[str, str]]  # headers, names in small letters
_OVERHEAD = 2000  # bytes of an answer's headers and its places in the tables
_PER_KEY = 150
_ONCE = 4  # a fourth of the memory is for what was asked for once


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response."""

    status: int
    headers: Pairs
    body: bytes


@dataclass(slots=True)
class Kept:
    """A shared answer in each content coding. ``keys`` are its surrogate keys; ``unchanged`` is for whoever has it.

    Shown without a thought until ``renew_at``, then until ``due`` while it is made anew. Both in
    seconds of the monotonic clock. An ``exact`` one is never shown when it is out of date: a page
    fetches it because it has heard that something changed.
    """

    answers: Mapping[str, Answer]
    unchanged: Answer
    etag: str
    keys: frozenset[str]
    edition: str
    renew_at: float
    due: float
    exact: bool = False

    @property
    def plain(self) -> bytes:
        """The body as it was. A large one is kept in its codings alone."""
        whole = self.answers.get(IDENTITY)
        return whole.body if whole is not None else gzip.decompress(self.answers["gzip"].body)

    @property
    def size(self) -> int:
        """In bytes, roughly."""
        return sum(len(one.body) for one in self.answers.values()) + _OVERHEAD + _PER_KEY * len(self.keys)

    def is_meant(self, touched: Touched) -> bool:
        """Whether what happened is told of this answer."""
        return touched.edition in (None, self.edition) and not touched.keys.isdisjoint(self.keys)

    def survives(self, touched: Touched, now: float) -> bool:
        """Whether it may still be shown after what happened: then for a while, and it is made anew at half of that."""
        grace = HARD if self.exact and touched.grace <= SOFT else touched.grace
        self.renew_at = min(self.renew_at, now + grace / 2)
        self.due = min(self.due, now + grace)
        return grace > HARD


@dataclass(slots=True)
class Counts:
    """What an operator wants to know of the store."""

    hits: int = 0
    misses: int = 0
    renewed: int = 0
    purged: int = 0
    pushed_out: int = 0


class Store:
    """By address; not safe between threads: one event loop uses it.

    ``outdated`` hears the address of each answer that goes, or that something new has happened to.
    """

    def __init__(self, most_bytes: int, outdated: Callable[[str], None] = lambda address: None) -> None:
        self._most = most_bytes
        self._outdated = outdated
        self._kept: dict[str, Kept] = {}
        self._once: OrderedDict[str, None] = OrderedDict()
        self._again: OrderedDict[str, None] = OrderedDict()
        self._once_bytes = 0
        self._addresses: dict[str, set[str]] = {}  # by surrogate key
        self.bytes = 0
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, address: str) -> Kept | None:
        """The answer that is kept for an address."""
        found = self._kept.get(address)
        if found is None:
            return None
        if address in self._again:
            self._again.move_to_end(address)
        else:
            self._promote(address, found)
        return found

    def _promote(self, address: str, kept: Kept) -> None:
        del self._once[address]
        self._once_bytes -= kept.size
        self._again[address] = None

    def put(self, address: str, kept: Kept) -> bool:
        """Keep an answer, unless it is too large; others give way."""
        was_wanted = address in self._again
        self.drop(address)
        if kept.size > self._most // 8:
            return False
        self._kept[address] = kept
        self._once[address] = None
        self.bytes += kept.size
        self._once_bytes += kept.size
        if was_wanted:
            self._promote(address, kept)
        for key in kept.keys:
            self._addresses.setdefault(key, set()).add(address)
        while self.bytes > self._most:
            gives_way = self._once if self._once_bytes > self._most // _ONCE or not self._again else self._again
            self.drop(next(iter(gives_way)))
            self.counts.pushed_out += 1
        return address in self._kept

    def touch(self, touched: Touched, now: float) -> None:
        """Take away what may not be shown any more; let age what may be for a moment."""
        for address in {address for key in touched.keys for address in self._addresses.get(key, ())}:
            kept = self._kept[address]
            if not kept.is_meant(touched):
                continue
            if not kept.survives(touched, now):
                self.drop(address)
                self.counts.purged += 1
            elif touched.grace <= SOFT:
                self._outdated(address)

    def due(self, now: float) -> list[str]:
        """The addresses of what is to be made anew by now."""
        return [address for address, kept in self._kept.items() if now >= kept.renew_at]

    def clear(self) -> None:
        """Forget everything."""
        for address in list(self._kept):
            self.drop(address)

    def drop(self, address: str) -> None:
        """Forget one answer, if it is kept."""
        kept = self._kept.pop(address, None)
        if kept is None:
            return
        self._outdated(address)
        self.bytes -= kept.size
        if address in self._again:
            del self._again[address]
        else:
            del self._once[address]
            self._once_bytes -= kept.size
        for key in kept.keys:
            mine = self._addresses[key]
            mine.discard(address)
            if not mine:
                del self._addresses[key]
