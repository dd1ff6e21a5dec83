"""The shape in which every surface gets a text. Nothing else may carry a reader's words."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

State: TypeAlias = Literal[
    "original", "human", "machine", "rough", "outdated", "pending", "failed", "unavailable", "unreleased"
]
SHOWS_ORIGINAL = frozenset({"original", "pending", "failed", "unavailable", "unreleased"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the words come from; ``kind`` is source, human, machine or mixed."""

    kind: str
    engine: str = ""
    version: str = ""
    pivot: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PresentedBlock:
    """A block (headline, paragraph, caption) as shown: its language may differ from the edition's."""

    id: str
    html: str
    text: str
    language: str
    direction: str
    state: State
    sentences: tuple[tuple[int, str], ...] = ()  # (occurrence, plain text)


@dataclass(frozen=True, slots=True)
class Presented:
    """A unit for one reader: ``html`` is safe, ``text`` is comment Markdown."""

    unit: int
    html: str
    text: str
    language: str
    direction: str
    state: State
    origin: Origin
    source_language: str
    version: str
    reason: str = ""
    share: float = 1.0  # of sentences that are there in the language asked for
    outdated: int = 0  # sentences whose translation, by a person, is of an earlier wording
    blocks: dict[str, PresentedBlock] = field(default_factory=dict)
    nodes: tuple[str, ...] = ()  # ``html`` by top-level nodes, for what stands between them
    original: "Presented | None" = None

    @property
    def is_translated(self) -> bool:
        """Whether other words than the writer's own are shown."""
        return self.state not in SHOWS_ORIGINAL


@dataclass(frozen=True, slots=True)
class PresentedPassage:
    """A quoted sentence: ``exact`` are the writer's words, ``shown`` those of the reader's edition.

    ``at``: since when the version said so that was quoted, where it says so no more.
    """

    unit: int
    block: str
    occurrence: int
    exact: str
    shown_html: str
    shown: str
    language: str
    direction: str
    state: State
    source_language: str
    is_current: bool
    revision: int  # of the unit, now
    topic: str  # of the unit: where it stands
    at: datetime | None = None
