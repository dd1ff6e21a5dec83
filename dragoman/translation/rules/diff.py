"""Which sentence of an edited text is which sentence of the old one.

Unchanged sentences keep their anchors wherever they moved; changed ones keep
it when at least 0.8 alike (Ratcliff/Obershelp, ``difflib``); the rest are new.
"""

from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher

ALIKE = 0.8


def carry_anchors(old: Sequence[tuple[int, str]], new: Sequence[str]) -> list[int | None]:
    """``old`` is (anchor, text) in order; the answer holds an old anchor or ``None`` for each new text.

    No anchor is given twice.
    """
    free: dict[str, list[int]] = defaultdict(list)
    for anchor, text in old:
        free[text].append(anchor)
    carried: list[int | None] = [free[text].pop(0) if free[text] else None for text in new]
    taken = {anchor for anchor in carried if anchor is not None}
    left = [(anchor, text) for anchor, text in old if anchor not in taken]
    for index, text in enumerate(new):
        if carried[index] is None and left:
            best = max(left, key=lambda candidate: _alike(candidate[1], text))
            if _alike(best[1], text) >= ALIKE:
                carried[index] = best[0]
                left.remove(best)
    return carried


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
