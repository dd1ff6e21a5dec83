"""The interface that every engine stands behind, and the errors that it may raise."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence as marked text; answers are matched by ``id``, never by position."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of one pair. Languages are the engine's own, as in its ``pairs``."""

    source: str
    target: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """``text`` is marked text, or ``None`` with an ``error``. ``unknown``: share of words not known, 0 to 1."""

    id: int
    text: str | None
    error: str = ""
    unknown: float = 0.0
    findings: tuple[str, ...] = field(default=())


class EngineError(Exception):
    """Something is wrong with the engine, not with one sentence."""


class Transient(EngineError):
    """It may work again later; jobs wait."""


class Misconfigured(EngineError):
    """It will not work until the operator mends it."""


class Engine(Protocol):
    """One engine. Not shared between threads."""

    name: str
    version: str
    pairs: tuple[tuple[str, str], ...]
    sends_out: bool  # whether text leaves the house

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Answer every item within about ``seconds``, or raise :class:`EngineError`."""

    def close(self) -> None:
        """End whatever processes it keeps."""
