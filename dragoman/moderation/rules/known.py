"""What the rules know of the newsroom: its numbers, lists, staff and addresses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dragoman.moderation.rules.candidate import Act, Spans
from dragoman.moderation.rules.lists import Matcher


@dataclass(frozen=True, slots=True)
class Found:
    """Something a rule found. ``act`` where it is not the rule's own, ``word_list`` the id of one."""

    spans: Spans = ()
    act: Act | None = None
    word_list: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """``numbers`` by “rule.number”; ``staff``: skeletons of the names of staff; ``hosts``: where links are our own."""

    acts: Mapping[str, Act] = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    matcher: Matcher = field(default_factory=lambda: Matcher(()))
    staff: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
