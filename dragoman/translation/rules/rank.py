"""Which of several translations of a segment is the current one."""

from typing import Literal, TypeAlias

OriginKind: TypeAlias = Literal["human", "machine"]
Quality: TypeAlias = Literal["ok", "rough", "rejected"]

_MACHINE = {"ok": 3, "rough": 2, "rejected": 1}


def rank(origin: str, quality: str, *, here: bool) -> int:
    """Human here > human anywhere > best machine that passed > rough > rejected."""
    if origin == "human":
        return 10 if here else 9
    return 2 * _MACHINE[quality] + (1 if here else 0)


def needs_own_scope(marked: str, *, is_comment: bool) -> bool:
    """Comment sentences under four words (“Right.”) mean something else each time."""
    return is_comment and len(marked.split()) < 4
