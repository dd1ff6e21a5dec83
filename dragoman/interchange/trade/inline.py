"""Markers of our memory as the inline elements of TMX and XLIFF, and back.

An atom is a ``ph``; a link or an emphasis is a pair: ``bpt`` and ``ept`` in TMX, ``pc`` in XLIFF. What another tool
wrote with codes of its own keeps its words.
"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from dragoman.foundation.text import one_line
from dragoman.interchange.trade.writing import XmlWriter
from dragoman.translation.rules.markers import close_mark, open_mark, pieces

EMPHASIS = "x-emphasis"
_CODES = frozenset({"ph", "bpt", "ept", "it", "ut"})  # what stands in them is the other tool's code


def write_tmx(out: XmlWriter, marked: str) -> None:
    """The content of a ``seg``."""
    for piece in pieces(marked):
        number = str(piece.number)
        if piece.kind == "words":
            out.text(piece.text)
        elif piece.kind == "atom":
            out.leaf("ph", {"x": number})
        elif piece.kind == "open":
            kind = "link" if open_mark(piece.number, is_link=True) in marked else EMPHASIS
            out.leaf("bpt", {"i": number, "x": number, "type": kind})
        else:
            out.leaf("ept", {"i": number})


def read_tmx(seg: Element) -> str:
    """The marked text of a ``seg`` that we wrote ourselves."""
    links: dict[str, bool] = {}
    parts = [typed(seg.text)]
    for child in seg:
        number = child.get("x") or child.get("i") or ""
        if number.isdecimal() and number.isascii() and len(number) < 4:
            if child.tag == "ph":
                parts.append(f"⟦{int(number)}⟧")
            elif child.tag == "bpt":
                links[number] = child.get("type") == "link"
                parts.append(open_mark(int(number), is_link=links[number]))
            elif child.tag == "ept":
                parts.append(close_mark(int(number), is_link=links.get(number, False)))
        parts.append(typed(child.tail))
    return one_line("".join(parts))


def words_of(element: Element) -> str:
    """The words of a text with another tool's codes left out."""
    return one_line("".join(_words(element)))


def _words(element: Element) -> Iterator[str]:
    if element.tag not in _CODES:
        yield typed(element.text)
        for child in element:
            yield from _words(child)
            yield typed(child.tail)


def typed(text: str | None) -> str:
    """Markers are ours: what looks like one is typed text."""
    return (text or "").translate({ord("⟦"): "[", ord("⟧"): "]"})
