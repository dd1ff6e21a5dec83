"""Answers kept in memory: bounded in bytes, the one that was wanted longest ago goes first."""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass

_OVERHEAD = 600  # bytes of an answer's headers and its places in the tables


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response. ``keys`` are its surrogate keys; without any it is not to be kept."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    keys: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """In bytes, roughly."""
        return len(self.body) + _OVERHEAD


class Store:
    """By address; not safe between threads: one event loop uses it."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._answers: OrderedDict[str, Answer] = OrderedDict()
        self._addresses: dict[str, set[str]] = {}  # by surrogate key
        self.bytes = 0

    def get(self, address: str) -> Answer | None:
        """The answer that is kept for an address."""
        found = self._answers.get(address)
        if found is not None:
            self._answers.move_to_end(address)
        return found

    def put(self, address: str, answer: Answer) -> None:
        """Keep an answer; others give way."""
        self._drop(address)
        if answer.size > self._most // 8:
            return
        self._answers[address] = answer
        self.bytes += answer.size
        for key in answer.keys:
            self._addresses.setdefault(key, set()).add(address)
        while self.bytes > self._most:
            self._drop(next(iter(self._answers)))

    def purge(self, keys: Collection[str]) -> int:
        """Forget every answer that shows one of these; how many."""
        addresses = {address for key in keys for address in self._addresses.get(key, ())}
        for address in addresses:
            self._drop(address)
        return len(addresses)

    def _drop(self, address: str) -> None:
        answer = self._answers.pop(address, None)
        if answer is None:
            return
        self.bytes -= answer.size
        for key in answer.keys:
            mine = self._addresses[key]
            mine.discard(address)
            if not mine:
                del self._addresses[key]
