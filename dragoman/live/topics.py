"""Who may hear which topic. A topic is ``kind:id``; the room that owns a kind says who may hear it.

A kind that nobody spoke of is heard by everybody: threads and articles are public.
"""

from collections.abc import Callable
from typing import TypeAlias

Rule: TypeAlias = Callable[[int | None, str], bool]  # the reader's id or none, the topic's id

_rules: dict[str, Rule] = {}


def register(kind: str, rule: Rule) -> None:
    """Called once by the owner's ``apps.ready``."""
    _rules[kind] = rule


def may_hear(reader: int | None, topic: str) -> bool:
    """Whether this reader's streams carry the topic."""
    kind, _colon, name = topic.partition(":")
    rule = _rules.get(kind)
    return rule is None or rule(reader, name)
