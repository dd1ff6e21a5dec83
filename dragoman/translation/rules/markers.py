"""The marked text of a segment: words with numbered markers.

``⟦1⟧`` stands for an atom (a name, an address, an emoji), ``⟦+2⟧ … ⟦-2⟧`` for a
link around words, ``⟦*3⟧ … ⟦/3⟧`` for an emphasis: a translation may lose an
emphasis, never a link, so the text alone must tell them apart. Numbers count
from 1 in order of appearance. What a marker stands for is kept with the
occurrence, so that the same sentence about another person is the same segment.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

MARKER = re.compile(r"⟦([+\-*/]?)(\d+)⟧")
EMPHASIS = re.compile(r"⟦[*/](\d+)⟧")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Content:
    """What a marker stands for: an atom's kind and text, or a mark's kind and address."""

    kind: str
    text: str


Contents: TypeAlias = dict[int, Content]


def contents_of(stored: Mapping[str, Sequence[str]]) -> Contents:
    """Markers' contents as stored (JSON has string keys)."""
    return {int(number): Content(kind, text) for number, (kind, text) in stored.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a marked text: words, an atom, or one end of a mark."""

    kind: Literal["words", "atom", "open", "close"]
    text: str = ""
    number: int = 0


_ENDS: dict[str, Literal["atom", "open", "close"]] = {"": "atom", "+": "open", "-": "close", "*": "open", "/": "close"}


def open_mark(number: int, *, is_link: bool) -> str:
    """Where a link or an emphasis begins."""
    return f"⟦{'+' if is_link else '*'}{number}⟧"


def close_mark(number: int, *, is_link: bool) -> str:
    """Where it ends."""
    return f"⟦{'-' if is_link else '/'}{number}⟧"


def pieces(marked: str) -> list[Piece]:
    """Cut a marked text at its markers."""
    found: list[Piece] = []
    at = 0
    for match in MARKER.finditer(marked):
        if match.start() > at:
            found.append(Piece("words", marked[at : match.start()]))
        found.append(Piece(_ENDS[match[1]], number=int(match[2])))
        at = match.end()
    if at < len(marked):
        found.append(Piece("words", marked[at:]))
    return found


def words_of(marked: str) -> str:
    """The text without its markers."""
    return MARKER.sub("", marked) if "⟦" in marked else marked


def plain(marked: str, contents: Contents) -> str:
    """The text with each atom in its place and marks left out: what a reader sees."""
    return MARKER.sub(lambda found: _shown(found, contents), marked)


def _shown(found: re.Match[str], contents: Contents) -> str:
    content = contents.get(int(found[2]))
    return content.text if content is not None and not found[1] else ""


def has_words(marked: str) -> bool:
    """Whether there is anything to translate besides the markers."""
    return _LETTER.search(words_of(marked)) is not None


def same_markers(source: str, target: str) -> bool:
    """Whether both hold the same markers, each as often, order free."""
    return Counter(MARKER.findall(source)) == Counter(MARKER.findall(target))


def well_formed(marked: str) -> bool:
    """Whether every mark that opens is closed, in order, and nothing marker-like is left over."""
    open_marks: list[int] = []
    for piece in pieces(marked):
        if piece.kind == "open":
            open_marks.append(piece.number)
        elif piece.kind == "close" and (not open_marks or open_marks.pop() != piece.number):
            return False
    rest = words_of(marked)
    return not open_marks and "⟦" not in rest and "⟧" not in rest


def without_broken_emphasis(source: str, target: str) -> str:
    """``target`` without the emphases that did not come through whole; links and atoms are left as they are."""
    if sorted(EMPHASIS.findall(source)) == sorted(EMPHASIS.findall(target)) and well_formed(target):
        return target
    wanted = set(EMPHASIS.findall(source))
    kept = {
        number
        for number in wanted
        if target.count(f"⟦*{number}⟧") == target.count(f"⟦/{number}⟧") == 1
        and target.index(f"⟦*{number}⟧") < target.index(f"⟦/{number}⟧")
    }
    whole = EMPHASIS.sub(lambda found: found[0] if found[1] in kept else "", target)
    # Two emphases, or one and a link, that cross each other: no emphasis is worth the trouble.
    return " ".join((whole if well_formed(whole) else EMPHASIS.sub("", target)).split())


def same_but_emphasis(source: str, target: str) -> bool:
    """Whether both hold the same atoms and links, and the target no emphasis that the source has not."""
    one, other = Counter(MARKER.findall(source)), Counter(MARKER.findall(target))
    missing, strange = one - other, other - one
    return not strange and all(sign in ("*", "/") for sign, _number in missing)
