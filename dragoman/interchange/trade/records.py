"""XML files of any length, a record at a time: what one record takes is all the memory that a file takes.

Entities are refused, nothing outside the file is fetched, and a record has its bounds.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.interchange.importers.errors import BadFile

_CHUNK = 1 << 16  # bytes
_MOST_CHARACTERS = 1_000_000  # of one record
_MOST_NESTED = 100
XML_LANG = "xml:lang"


@dataclass(frozen=True, slots=True)
class Record:
    """An element that was asked for, with all that stands in it, its file, and the line on which it begins.

    Elements are named without the prefixes of their namespaces, attributes with them (``xml:lang``).
    """

    element: Element
    file: str
    line: int

    def refused(self, reason: str) -> BadFile:
        """The error that says what is wrong with it."""
        return BadFile(self.file, self.line, reason)

    def language(self, tag: str) -> str:
        """The canonical tag; raises where it is none of a language."""
        try:
            return canonical(tag)
        except UnknownLanguage:
            raise self.refused(f"“{tag[:40]}” is no language that we know.") from None


def nobody(_amount: int) -> None:
    """Hears of progress and tells nobody."""


def records(
    path: Path,
    root: str,
    names: Collection[str],
    told: Callable[[int], None] = nobody,
    *,
    passed: Callable[[dict[str, str]], None] = lambda _attributes: None,
) -> Iterator[Record]:
    """The elements with these names, in their order; raises :class:`BadFile` where the file is broken, or another one.

    ``root``: the names that its first element may have. ``told`` hears how many bytes were read, ``passed`` the
    attributes of all elements around the records, in their order.
    """
    reader = _Reader(path.name, frozenset(root.split()), frozenset(names), passed)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield from reader.read(chunk, is_last=False)
            told(len(chunk))
    yield from reader.read(b"", is_last=True)


class _Reader:
    """Builds the records; everything around them is passed over."""

    def __init__(
        self, file: str, root: frozenset[str], names: frozenset[str], passed: Callable[[dict[str, str]], None]
    ) -> None:
        self._file, self._root, self._names, self._passed = file, root, names, passed
        self._done: list[Record] = []
        self._builder: TreeBuilder | None = None
        self._line = self._depth = self._characters = 0
        self._has_begun = False
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        # A document type that is named is left alone: files of the trade name theirs, and need it for nothing.
        self._parser.EntityDeclHandler = self._refuse_entity

    def read(self, chunk: bytes, *, is_last: bool) -> list[Record]:
        """The records that end in the next part of the file."""
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            raise BadFile(self._file, error.lineno, f"{expat.ErrorString(error.code)}.") from None
        except (LookupError, ValueError) as error:  # an encoding that nobody knows
            self._refuse(f"{error}.")
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._has_begun and name not in self._root:
            self._refuse(f"this is no such file: it begins with <{name[:40]}>.")
        self._has_begun = True
        if self._builder is None:
            if name not in self._names:
                self._passed(attributes)
                return
            self._builder, self._line = TreeBuilder(), self._parser.CurrentLineNumber
            self._depth = self._characters = 0
        self._depth += 1
        if self._depth > _MOST_NESTED:
            self._refuse("elements are nested too deeply.")
        self._count(sum(len(key) + len(value) for key, value in attributes.items()))
        self._builder.start(name, attributes)

    def _end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end(name.rpartition(":")[2])
        self._depth -= 1
        if self._depth == 0:
            self._done.append(Record(self._builder.close(), self._file, self._line))
            self._builder = None

    def _text(self, text: str) -> None:
        if self._builder is not None:
            self._count(len(text))
            self._builder.data(text)

    def _count(self, characters: int) -> None:
        self._characters += characters
        if self._characters > _MOST_CHARACTERS:
            raise BadFile(self._file, self._line, "an entry is too long.")

    def _refuse_entity(self, *_declared: object) -> None:
        self._refuse("entities are not allowed in such a file.")

    def _refuse(self, reason: str) -> NoReturn:
        raise BadFile(self._file, self._parser.CurrentLineNumber, reason)
