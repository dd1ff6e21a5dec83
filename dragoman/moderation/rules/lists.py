"""Word lists: reading what somebody typed or sent, and finding listed words in a text.

A line is a word or a phrase. ``*`` at its beginning or end stands for more letters. Nothing else has a meaning:
there is no pattern that could take for ever.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from dragoman.foundation.languages import base
from dragoman.foundation.words import STEMMERS, UNSPACED, folded, stem
from dragoman.moderation.rules.candidate import Act
from dragoman.moderation.rules.tokens import Token, skeleton, tokens

Matching: TypeAlias = Literal["word", "stem"]
MATCHINGS: tuple[Matching, ...] = ("word", "stem")
MOST_WORDS = 20_000  # of one list
LONGEST_WORD = 80
_TABLES = 12  # of languages; ten thousand words take some megabytes in each
_FEWEST_LETTERS = 3  # beside a *: “a*” would be half of the language
_NO_LIST_SIGNS = re.compile(r"[\[\]{}()|^$\\+?]")
_PARTS = re.compile(r"[^\W_]+(?:[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+[^\W_]*)*")
_UNSPACED_RUN = re.compile(f"[{UNSPACED}]+")

Fault: TypeAlias = Literal["too-many", "too-long", "pattern", "star", "few-letters", "no-letters"]


class BadList(ValueError):
    """What is wrong with a list, and in which line, from 1."""

    def __init__(self, fault: Fault, line: int, text: str = "") -> None:
        super().__init__(fault)
        self.fault: Fault = fault
        self.line, self.text = line, text[:LONGEST_WORD]


@dataclass(frozen=True, slots=True)
class WordList:
    """A list at work. ``language`` is empty for all languages; ``act`` follows from a hit in the comment itself."""

    id: int
    name: str
    language: str
    matching: Matching
    act: Act
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed word in a text, from and to which character."""

    list: WordList
    word: str
    start: int
    end: int


def read_list(typed: str) -> tuple[str, ...]:
    """The words of a text with one on each line; empty lines and those after ``#`` say nothing.

    Raises :class:`BadList` at the first line that cannot be taken.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(typed.splitlines(), 1):
        word = " ".join(line.partition("#")[0].split())
        if not word:
            continue
        fault = _fault_of(word)
        if fault is not None:
            raise BadList(fault, number, word)
        found.setdefault(word)
        if len(found) > MOST_WORDS:
            raise BadList("too-many", number)
    return tuple(found)


def _fault_of(word: str) -> Fault | None:
    if len(word) > LONGEST_WORD:
        return "too-long"
    if _NO_LIST_SIGNS.search(word):
        return "pattern"
    bare = word.removeprefix("*").removesuffix("*")
    if "*" in bare or ("*" in word and " " in word):
        return "star"
    letters = sum(sign.isalpha() for sign in bare)
    if not letters and not any(sign.isalnum() for sign in bare):
        return "no-letters"
    return "few-letters" if "*" in word and letters < _FEWEST_LETTERS else None


@dataclass(frozen=True, slots=True)
class _Entry:
    list: WordList
    word: str


class _Parts(dict[str, list[_Entry]]):
    """Parts of words, and how long they are: no other lengths need be looked for."""

    def __init__(self) -> None:
        super().__init__()
        self._lengths: set[int] = set()

    def put(self, part: str, entry: _Entry) -> None:
        self.setdefault(part, []).append(entry)
        self._lengths.add(len(part))

    def lengths(self, word: str) -> list[int]:
        return [one for one in self._lengths if one <= len(word)]


@dataclass(slots=True)
class _Table:
    """Listed words of one language by what they are found by."""

    words: dict[str, list[_Entry]] = field(default_factory=dict)
    stems: dict[str, list[_Entry]] = field(default_factory=dict)
    phrases: dict[str, list[tuple[tuple[str, ...], _Entry]]] = field(default_factory=dict)
    beginnings: _Parts = field(default_factory=_Parts)
    ends: _Parts = field(default_factory=_Parts)
    inner: _Parts = field(default_factory=_Parts)  # and words of scripts without spaces


class Matcher:
    """Finds the words of many lists at once; its cost grows with the text, hardly with the lists."""

    def __init__(self, lists: Iterable[WordList]) -> None:
        self._lists = tuple(lists)
        # The languages whose comments are looked at in a way of their own; all others share one table.
        own = {base(one.language) for one in self._lists if one.language}
        if any(one.matching == "stem" and not one.language for one in self._lists):
            own |= set(STEMMERS)
        self.languages = frozenset(own)
        self._table = lru_cache(maxsize=_TABLES)(self._made)

    def find(self, text: str, language: str) -> list[Hit]:
        """Every listed word of a text in ``language``, by place; a place once for each list."""
        table = self._table(base(language) if base(language) in self.languages else "")
        if table is None:
            return []
        found: dict[tuple[int, int, int], Hit] = {}
        words = tokens(text, language)
        for at, word in enumerate(words):
            for entry, start, end in (*_single(table, word, text, language), *_phrases(table, words, at)):
                found.setdefault((start, end, entry.list.id), Hit(entry.list, entry.word, start, end))
        return sorted(found.values(), key=lambda hit: (hit.start, hit.end))

    def _made(self, language: str) -> _Table | None:
        mine = [one for one in self._lists if not one.language or base(one.language) == language]
        if not any(one.words for one in mine):
            return None
        table = _Table()
        for one in mine:
            for word in one.words:
                _put(table, _Entry(one, word), language)
        return table


def _put(table: _Table, entry: _Entry, language: str) -> None:
    word = entry.word
    plain = folded(word.strip("*"))
    if word.startswith("*") or word.endswith("*"):
        place = table.ends if not word.endswith("*") else table.inner if word.startswith("*") else table.beginnings
        place.put(plain, entry)
        return
    if _UNSPACED_RUN.search(plain):
        table.inner.put(plain, entry)
        return
    parts = _PARTS.findall(plain)
    if len(parts) > 1:
        table.phrases.setdefault(parts[0], []).append((tuple(parts), entry))
        return
    for key in (plain, skeleton(plain)):
        table.words.setdefault(key, []).append(entry)
    if entry.list.matching == "stem":
        table.stems.setdefault(stem(plain, language), []).append(entry)


_Found: TypeAlias = tuple[_Entry, int, int]


def _single(table: _Table, word: Token, text: str, language: str) -> Iterator[_Found]:
    for key in word.keys:
        for entry in table.words.get(key, ()):
            yield entry, word.start, word.end
        if table.stems:
            for entry in table.stems.get(stem(key, language), ()):
                yield entry, word.start, word.end
        yield from _parts(table, key, word, text)


def _parts(table: _Table, key: str, word: Token, text: str) -> Iterator[_Found]:
    """Listed beginnings, ends and inner parts of a word."""
    for size in table.beginnings.lengths(key):
        for entry in table.beginnings.get(key[:size], ()):
            yield entry, word.start, word.end
    for size in table.ends.lengths(key):
        for entry in table.ends.get(key[-size:], ()):
            yield entry, word.start, word.end
    for size in table.inner.lengths(key):
        for at in range(len(key) - size + 1):
            for entry in table.inner.get(key[at : at + size], ()):
                yield entry, *_place_in(word, at, size, text, entry)


def _place_in(word: Token, at: int, size: int, text: str, entry: _Entry) -> tuple[int, int]:
    """Of a word without spaces around it, its own characters; else the whole word that it is a part of."""
    if _UNSPACED_RUN.search(entry.word) and word.end - word.start == len(word.keys[0]):
        return word.start + at, word.start + at + size
    return word.start, word.end


def _phrases(table: _Table, words: Sequence[Token], at: int) -> Iterator[_Found]:
    for first in words[at].keys if table.phrases else ():
        for parts, entry in table.phrases.get(first, ()):
            following = words[at : at + len(parts)]
            are_equal = len(following) == len(parts) and all(
                part in word.keys for part, word in zip(parts, following, strict=True)
            )
            if are_equal and following[-1].end > following[0].start:
                yield entry, following[0].start, following[-1].end
