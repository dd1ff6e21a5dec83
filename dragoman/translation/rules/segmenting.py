"""Text blocks to segments and back.

A block becomes a line of signs in which every marker is one placeholder
character, so that ICU may cut it as if it were plain text. Each sentence then
gets its own markers, numbered from 1; a mark that spans two sentences is
closed in the one and opened again in the other. White space, and a mark that
wraps a whole sentence, stay outside the segment as glue: the memory then knows
the sentence with and without them.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

from dragoman.translation.rules import sentences
from dragoman.translation.rules.document import (
    Atom,
    AtomKind,
    Break,
    Close,
    Inline,
    MarkKind,
    Open,
    Text,
    TextBlock,
)
from dragoman.translation.rules.markers import MARKER, Content, Contents, close_mark, open_mark, pieces
from dragoman.translation.rules.protection import RAW_ELEMENT, protect

_FIRST = 0xF0000
_PLACEHOLDER = re.compile(f"([{chr(_FIRST)}-{chr(0xFFFFD)}])")
_EMPTY_MARK = re.compile(r"⟦[+*](\d+)⟧(\s*)⟦[-/]\1⟧")
_KIND_OF_BLOCK = {"title": "title", "heading": "title", "caption": "caption", "paragraph": "sentence"}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a block.

    ``marked`` is the segment's text, ``contents`` what its markers stand for
    here; ``before`` and ``after`` are marked text outside the segment.
    """

    marked: str
    kind: str
    contents: Contents
    before: str = ""
    after: str = ""

    @property
    def key(self) -> str:
        """Independent of composition and of the number of spaces; language is added by the owner."""
        return segment_key(self.kind, self.marked)


def segment_key(kind: str, marked: str) -> str:
    """SHA-256 of kind and NFC text."""
    return hashlib.sha256(f"{kind}\0{unicodedata.normalize('NFC', marked)}".encode()).hexdigest()


@dataclass
class _Line:
    """A block as signs; ``marks[i]`` is what the i-th placeholder stands for."""

    signs: str = ""
    marks: list[Inline] = field(default_factory=list)

    def add(self, inline: Inline) -> None:
        if isinstance(inline, Text):
            self.signs += inline.text
        elif isinstance(inline, Break):
            self.signs += "\n"
        else:
            self.marks.append(inline)
            self.signs += chr(_FIRST + len(self.marks) - 1)

    def tokens(self, part: str) -> list[str | Inline]:
        """A part of its signs as words and marks, in order."""
        if not self.marks:
            return [part] if part else []
        return [self._token(token) for token in _PLACEHOLDER.split(part) if token]

    def _token(self, token: str) -> str | Inline:
        place = ord(token[0]) - _FIRST
        return self.marks[place] if 0 <= place < len(self.marks) else token


def cut(block: TextBlock, language: str, names: Iterable[str]) -> list[Sentence]:
    """Cut one block into its sentences; nothing of it is lost."""
    line = _line_of(block, tuple(names))
    kind = _KIND_OF_BLOCK[block.kind]
    found: list[Sentence] = []
    open_marks: list[Open] = []
    parts = [line.signs] if kind == "title" else _split(line, language)
    for part in parts:
        sentence = _sentence(part, line, open_marks, kind)
        found.append(sentence)
    return found


def _line_of(block: TextBlock, names: tuple[str, ...]) -> _Line:
    line = _Line()
    for inline in _with_raw_elements(block.inlines):
        if isinstance(inline, Text):
            for piece in protect(inline.text, names):
                line.add(piece)
        else:
            line.add(inline)
    return line


def _with_raw_elements(inlines: tuple[Inline, ...]) -> Iterable[Inline]:
    """A script typed over several lines: the words of every line are part of it."""
    shown = "".join(inline.text if isinstance(inline, Text) else "\n" for inline in inlines)
    edges = [edge for match in RAW_ELEMENT.finditer(shown) for edge in match.span()]
    at = 0
    for inline in inlines:
        if not isinstance(inline, Text):
            yield inline
            at += 1
            continue
        cuts = [at, *(edge for edge in edges if at < edge < at + len(inline.text)), at + len(inline.text)]
        for start, end in pairwise(cuts):
            inside = sum(edge <= start for edge in edges) % 2
            yield Atom("html", shown[start:end]) if inside else Text(shown[start:end])
        at += len(inline.text)


def _split(line: _Line, language: str) -> list[str]:
    parts: list[str] = []
    for index, typed in enumerate(line.signs.split("\n")):
        if index:
            parts[-1] += "\n"
        parts.extend(_at_sentences(typed, line, language) or [""])
    closers = "".join(chr(_FIRST + at) for at, mark in enumerate(line.marks) if isinstance(mark, Close))
    merged: list[str] = []
    for part in parts:
        # A mark that closes right after the full stop belongs to the sentence that it ends,
        # and so does a piece with nothing in it.
        rest = part.lstrip(closers) if merged else part
        if merged:
            merged[-1] += part[: len(part) - len(rest)]
        if merged and not rest.strip():
            merged[-1] += rest
        else:
            merged.append(rest)
    return merged


def _at_sentences(typed: str, line: _Line, language: str) -> list[str]:
    """Cut where ICU cuts the same text with stand-ins: it must see a name as a word with a capital."""
    stand_ins = "".join(_stand_in(token) for token in line.tokens(typed))
    parts, at = [], 0
    for piece in sentences.split(stand_ins, language):
        parts.append(typed[at : at + len(piece)])
        at += len(piece)
    return parts


def _stand_in(token: str | Inline) -> str:
    """As long as what it stands for: a mark is one sign."""
    if isinstance(token, str):
        return token
    if isinstance(token, (Open, Close)):
        return "\u2060"  # a format character: sentence rules look through it
    if isinstance(token, Atom) and token.kind not in ("emoji", "html", "literal"):
        return "I"  # a word with a capital, and the one capital that is never taken for an initial
    return chr(_FIRST)


def _sentence(part: str, line: _Line, open_marks: list[Open], kind: str) -> Sentence:
    """Number the part's markers; ``open_marks`` carries marks from sentence to sentence."""
    tokens: list[str | Inline] = [*open_marks]
    for token in line.tokens(part):
        tokens.append(token)
        if isinstance(token, Open):
            open_marks.append(token)
        elif isinstance(token, Close) and open_marks:
            open_marks.pop()
    tokens.extend(Close() for _ in open_marks)
    marked, contents = _number(tokens)
    before, core, after = _peel(marked)
    order = _order(core + before + after)
    numbered = {order[number]: content for number, content in contents.items() if number in order}
    before, core, after = (_renumber(text, order) for text in (before, core, after))
    return Sentence(" ".join(core.split()), kind, numbered, before, after)


def _number(tokens: list[str | Inline]) -> tuple[str, Contents]:
    written: list[str] = []
    contents: Contents = {}
    closers: list[str] = []
    for token in tokens:
        if isinstance(token, str):
            written.append(token)
        elif isinstance(token, Close):
            written.append(closers.pop() if closers else "")
        else:
            number = len(contents) + 1
            contents[number] = _content(token)
            if isinstance(token, Open):
                written.append(open_mark(number, is_link=token.kind == "link"))
                closers.append(close_mark(number, is_link=token.kind == "link"))
            else:
                written.append(f"⟦{number}⟧")
    return _EMPTY_MARK.sub(r"\2", "".join(written)), contents


def _content(token: Inline) -> Content:
    if isinstance(token, Open):
        return Content(token.kind, token.href)
    return Content(token.kind, token.text) if isinstance(token, Atom) else Content("literal", "")


def _peel(marked: str) -> tuple[str, str, str]:
    """Take white space, and marks around the whole, off both ends."""
    before = after = ""
    core = marked
    while True:
        stripped = core.strip()
        at = core.find(stripped) if stripped else len(core)
        before, after, core = before + core[:at], core[at + len(stripped) :] + after, stripped
        found = pieces(core)
        first, last = (found[0], found[-1]) if len(found) > 2 else (None, None)
        if first is None or last is None or (first.kind, last.kind) != ("open", "close"):
            return before, core, after
        if first.number != last.number:
            return before, core, after
        length = len(f"⟦+{first.number}⟧")
        before, after = before + core[:length], core[-length:] + after
        core = core[length:-length]


def inlines(sentence_text: str, contents: Contents) -> list[Inline]:
    """A marked text with its contents as inlines; unknown markers vanish."""
    found: list[Inline] = []
    for piece in pieces(sentence_text):
        content = contents.get(piece.number)
        if piece.kind == "words":
            found.extend(_words(piece.text))
        elif content is None:
            continue
        elif piece.kind == "close":
            found.append(Close())
        elif piece.kind == "open":
            found.append(Open(cast(MarkKind, content.kind), content.text))
        else:
            found.append(Atom(cast(AtomKind, content.kind), content.text))
    return found


def _words(text: str) -> Iterable[Inline]:
    for index, line in enumerate(text.split("\n")):
        if index:
            yield Break()
        if line:
            yield Text(line)


def _order(marked: str) -> dict[int, int]:
    """Old number to new: from 1, by first appearance."""
    order: dict[int, int] = {}
    for match in MARKER.finditer(marked):
        order.setdefault(int(match[2]), len(order) + 1)
    return order


def _renumber(marked: str, order: dict[int, int]) -> str:
    return MARKER.sub(lambda found: f"⟦{found[1]}{order[int(found[2])]}⟧", marked)
