"""What the rules look at, and what they find."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

Act: TypeAlias = Literal["off", "flag", "hold", "refuse"]
ACTS: tuple[Act, ...] = ("off", "flag", "hold", "refuse")  # each stronger than the one before


_MONTH = timedelta(days=30)
_MANY = 50  # comments; more than a campaign writes by hand for each of its accounts


@dataclass(frozen=True, slots=True)
class Earlier:
    """One of the writer's latest comments; ``print`` tells equal texts (``repetition.print_of``), 0 for short ones."""

    at: datetime
    state: str
    print: int


@dataclass(frozen=True, slots=True)
class Writer:
    """Who wrote it. ``earlier`` has the newest first; staff are asked nothing but what a slip of the hand may be."""

    id: int
    names: tuple[str, ...]
    joined_at: datetime
    is_staff: bool = False
    earlier: Sequence[Earlier] = ()

    @property
    def shown(self) -> int:
        """How many of them can be read."""
        return sum(one.state == "visible" for one in self.earlier)

    @property
    def removed(self) -> int:
        """How many of them were removed."""
        return sum(one.state == "removed" for one in self.earlier)

    def is_trusted(self, at: datetime) -> bool:
        """By behaviour: here for a month, many comments that stand, none removed."""
        return self.is_staff or (at - self.joined_at >= _MONTH and self.shown >= _MANY and not self.removed)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A comment that asks to be shown, as it was typed, with what is known around it.

    ``looks_like``: another language than the one that its writer named, where it is plainly in that one.
    ``alike``: comments of others that say the same; ``here``: comments at the same place within the last minutes;
    ``nearby``: comments from the same address of others' accounts; ``is_trapped``: a field that people do not
    see was filled in.
    """

    text: str
    language: str
    at: datetime
    writer: Writer
    alike: int = 0
    here: int = 0
    nearby: int = 0
    is_trapped: bool = False
    is_edit: bool = False
    looks_like: str = ""


Spans: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: which one, what follows, and which characters of the text, from and to.

    ``word_list``: its id; ``language``: of the text that was looked at; a translation's where it is not the
    comment's own.
    """

    rule: str
    act: Act
    spans: Spans = ()
    language: str = ""
    word_list: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All that was found, in the order of the rules."""

    findings: tuple[Finding, ...] = ()

    @property
    def act(self) -> Act:
        """The strongest of what follows; ``off`` where nothing does."""
        return max((one.act for one in self.findings), key=ACTS.index, default="off")

    @property
    def refusing(self) -> Finding | None:
        """The first that refuses it."""
        return next((one for one in self.findings if one.act == "refuse"), None)
