"""The interface that every engine stands behind, what it can do, and the errors that it may raise.

Nothing here knows Django or the database: an engine runs in a process of its own.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Pair: TypeAlias = tuple[str, str]
# How markers are written for an engine; see ``rules.marker_styles``.
Style: TypeAlias = Literal["marked", "xml", "html", "underscores", "letters", "digits"]


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence, its markers written in one of the engine's styles. Answers are matched by ``id``."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Sentences of one pair. Languages are canonical tags, as in the engine's ``pairs``.

    ``hints``: words of the sentences and how the publication translates them, for engines that can be told.
    """

    source: str
    target: str
    items: tuple[Item, ...]
    style: Style = "marked"
    hints: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """``text`` in the style of the question, or ``None`` with an ``error``.

    ``error``: “unsupported” (this pair or this text), “too-long”, “poison” (it
    breaks the engine), “timeout”, or “later”. ``unknown``: share of words that
    the engine did not know, 0 to 1. ``score``: mean log-probability of a token,
    0 at best; ``None`` where the engine has none.
    """

    id: int
    text: str | None
    error: str = ""
    unknown: float = 0.0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Caps:
    """What an engine can do, as found when it was started.

    ``styles`` in the order in which they are tried; none means that only words
    between markers can be sent. ``max_items`` and ``max_characters`` bound one
    call, ``max_text`` one sentence (characters as sent), ``seconds`` is the
    time that one call may take. ``by_rules``: word for word, by dictionaries and
    rules, each sentence for itself; such an engine may be wrong, but it invents
    nothing and cannot answer with another sentence.
    """

    pairs: tuple[Pair, ...]
    styles: tuple[Style, ...] = ("marked",)
    max_items: int = 32
    max_characters: int = 20_000
    max_text: int = 5_000
    seconds: float = 10.0
    by_rules: bool = False


class EngineError(Exception):
    """Something is wrong with the engine, not with one sentence; the text says what, without any of the texts."""


class Transient(EngineError):
    """It may work again in a while: unreachable, overloaded, 5xx."""


class Died(EngineError):
    """It ended, hung or answered nonsense while it had these sentences: one of them may be why."""


class RateLimited(EngineError):
    """Too many requests; ``seconds`` to wait, as the engine said or a guess."""

    def __init__(self, text: str, seconds: float = 30.0) -> None:
        super().__init__(text)
        self.seconds = seconds


class Quota(EngineError):
    """The account's own limit is used up; ``seconds`` until another look is worth it."""

    def __init__(self, text: str, seconds: float = 3600.0) -> None:
        super().__init__(text)
        self.seconds = seconds


class Misconfigured(EngineError):
    """It will not work until the operator mends it."""


class Engine(Protocol):
    """One engine. Not shared between threads."""

    name: str
    version: str
    sends_out: bool  # whether text leaves the house
    caps: Caps

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Answer every item within about ``seconds``, or raise :class:`EngineError`."""

    def close(self) -> None:
        """End whatever processes or connections it keeps."""
