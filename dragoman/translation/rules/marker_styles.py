"""Markers as engines can bear them.

Inside, a marker is ``⟦1⟧``. Engines that parse XML or HTML get elements, which
they move about with the words; engines with a fixed vocabulary get tokens that
come through as one word, as far as any does. What comes back under no known
number becomes ``⟦0⟧``, which no source holds: the check of markers then fails.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dragoman.translation.rules.markers import MARKER

Style: TypeAlias = Literal["marked", "xml", "html", "underscores", "letters", "digits"]
_STRANGE = "⟦0⟧"


@dataclass(frozen=True, slots=True)
class Written:
    """A marked text in a style, with the source's markers in their order and its text, for the way back."""

    text: str
    style: Style
    markers: tuple[str, ...] = ()
    marked: str = ""


def write(marked: str, style: Style) -> Written | None:
    """The text for an engine, or ``None`` where the text itself holds something that looks like the style's markers."""
    found = tuple(match[0] for match in MARKER.finditer(marked))
    if style == "marked" or not (found or style in _ELEMENTS):
        return Written(marked, style, found, marked)
    if style in _ELEMENTS:
        return Written(_elements(marked, _ELEMENTS[style]), style, found, marked)
    if _TOKENS[style][1].search(marked):
        return None
    spell = _TOKENS[style][0]
    numbers = iter(range(1, len(found) + 1))
    # A token is a word of its own only between spaces; what they part is joined again on the way back.
    spelt = MARKER.sub(lambda _match: f" {spell(next(numbers))} ", marked)
    return Written(" ".join(spelt.split()), style, found, marked)


def read(text: str, written: Written) -> str:
    """An answer as marked text. Unknown and doubled tokens stay visible as markers that the source does not hold."""
    if written.style in _ELEMENTS:
        return _read_elements(text)
    if written.style == "marked" or not written.markers:
        return text
    pattern = _TOKENS[written.style][1]
    answer = " ".join(pattern.sub(lambda match: f" {_marker(int(match[1]), written)} ", text).split())
    for marker in written.markers:
        answer = _joined(answer, marker, written.marked)
    return answer


def _joined(answer: str, marker: str, source: str) -> str:
    """Take out the spaces that writing put around a marker, where the words around it are still alike."""
    at = source.index(marker)
    before, after = source[at - 1 : at], source[at + len(marker) : at + len(marker) + 1]
    is_open, is_close = marker[1] in "+*", marker[1] in "-/"
    if after and not after.isspace():
        sides = re.escape(after) if not is_open else r"\S"
        answer = re.sub(rf"{re.escape(marker)} (?={sides}|[^\w\s⟦])", lambda _match: marker, answer)
    if before and not before.isspace():
        sides = re.escape(before) if not is_close else r"\S"
        answer = re.sub(rf"(?<={sides}) {re.escape(marker)}", lambda _match: marker, answer)
    return answer


def _marker(number: int, written: Written) -> str:
    return written.markers[number - 1] if 1 <= number <= len(written.markers) else _STRANGE


# Token styles: every marker, also each end of a mark, is one word with its place in the sentence.
_TOKENS: dict[str, tuple[Callable[[int], str], re.Pattern[str]]] = {
    "underscores": (lambda number: f"__{number}__", re.compile(r"_\s?_\s?(\d+)\s?_\s?_")),
    "letters": (lambda number: f"XX{number}", re.compile(r"(?<!\w)[Xx]{2}\s?(\d+)(?!\w)")),
    "digits": (lambda number: f"4711{number}", re.compile(r"(?<![\d.,])4[.,\s]?711(\d+)(?!\d)")),
}

# Element styles: how an atom is written; links are <a>, emphases <b>, both with their number.
_ELEMENTS: dict[str, Callable[[str], str]] = {
    "xml": lambda number: f'<x id="{number}"/>',
    "html": lambda number: f'<span translate="no" id="{number}">⟦{number}⟧</span>',
}
_ATOM = re.compile(r"""<(?:x|span)\b[^<>]*?\bid\s*=\s*["']?(\d+)["']?[^<>]*?(?:/>|>[^<>]*</\s*(?:x|span)\s*>)""")
_OPEN = re.compile(r"""<(a|b)\b[^<>]*?\bid\s*=\s*["']?(\d+)["']?[^<>]*>""")
_CLOSE = re.compile(r"</\s*(a|b)\s*>")
_EITHER = re.compile(f"{_OPEN.pattern}|{_CLOSE.pattern}")


def _elements(marked: str, atom: Callable[[str], str]) -> str:
    written, at = "", 0
    for match in MARKER.finditer(marked):
        written += html.escape(marked[at : match.start()], quote=False)
        sign, number = match[1], match[2]
        written += {
            "": atom(number),
            "+": f'<a id="{number}">',
            "-": "</a>",
            "*": f'<b id="{number}">',
            "/": "</b>",
        }[sign]
        at = match.end()
    return written + html.escape(marked[at:], quote=False)


def _read_elements(text: str) -> str:
    opened: list[tuple[str, str]] = []

    def end(match: re.Match[str]) -> str:
        if match[1]:
            opened.append((match[1], match[2]))
            return f"⟦{'+' if match[1] == 'a' else '*'}{match[2]}⟧"
        for place in range(len(opened) - 1, -1, -1):
            if opened[place][0] == match[3]:
                number = opened.pop(place)[1]
                return f"⟦{'-' if match[3] == 'a' else '/'}{number}⟧"
        return _STRANGE

    return html.unescape(_EITHER.sub(end, _ATOM.sub(r"⟦\1⟧", text)))
