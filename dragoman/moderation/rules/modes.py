"""Whether comments wait for a moderator before they are shown."""

from collections.abc import Mapping
from typing import Literal, TypeAlias

Scope: TypeAlias = Literal["reader", "language", "place", "section", "site"]
# The closest word counts: one's own, then how the language can be read by staff, then where it is written.
SCOPES: tuple[Scope, ...] = ("reader", "language", "place", "section", "site")
Mode: TypeAlias = Literal["before", "after", "closed"]
MODES: tuple[Mode, ...] = ("before", "after", "closed")
_CLOSE: tuple[Scope, ...] = ("site", "section", "place")


def waits(said: Mapping[tuple[Scope, str], Mode], here: Mapping[Scope, str], *, otherwise: bool) -> bool:
    """Whether a comment waits. ``said``: the newsroom's words by scope and key; ``here``: the comment's own keys."""
    words = (said.get((scope, here[scope])) for scope in SCOPES if here.get(scope) is not None)
    word = next((one for one in words if one in ("before", "after")), None)
    return otherwise if word is None else word == "before"


def is_closed(said: Mapping[tuple[Scope, str], Mode], here: Mapping[Scope, str]) -> bool:
    """Whether nobody may write there: what is closed for all is closed, whatever is said of a part of it."""
    return any(said.get((scope, here[scope])) == "closed" for scope in _CLOSE if here.get(scope) is not None)
