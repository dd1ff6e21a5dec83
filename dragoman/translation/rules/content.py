"""Whether an answer speaks of what its source speaks of.

No dictionary is needed for that: numbers, names (by their consonants, in any
script), words that begin alike, the length, and a short list of everyday words
in the languages that have a column in ``concepts.txt``. Each adds to one figure,
the logarithm of the odds that the two belong together; ``python -m
benchmarks.fit_content`` found the weights.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import icu

from dragoman.foundation.languages import base
from dragoman.translation.rules import lengths
from dragoman.translation.rules.markers import words_of
from dragoman.translation.rules.numbers import numbers

# For: always, a shared concept, one that only one side has, a name found, a name not found, the same number,
# another number, a word that begins alike, the length's deviation in spreads.
WEIGHTS = (3.2, 2.3, -0.8, 1.3, -0.5, 4.6, -1.65, 2.45, -3.7)
# Below these odds an answer is refused, or doubted. Chosen by hand from recorded output, all lines in view, so that
# few good answers of any recorded pair are: most of those are Japanese, Arabic and Chinese.
_FLOORS = {"ar": (-3.2, -1.6), "he": (-3.2, -1.7), "ja": (-5.2, -3.6), "tr": (-3.2, -1.5), "zh": (-4.8, -3.0)}
_FLOORS_OF_OTHERS = (-2.6, -0.7)
_FEWEST_SIGNS = 40  # of either side, a Chinese or Japanese one counting threefold: shorter texts show too little
_SPACELESS = ("zh", "ja")
_WORD = re.compile(r"\w+(?:['’]\w+)?")
_LATIN_WORD = re.compile(r"[a-z]+")
_TO_LATIN = icu.Transliterator.createInstance("Any-Latin; Latin-ASCII; Lower")
_ARTICLES = {"he": "והבלמשכ", "ar": "وفبلك"}  # particles that are written together with the next word
_CONSONANTS = str.maketrans(
    {
        **dict.fromkeys("bpfv", "b"),
        **dict.fromkeys("cgjkqx", "k"),
        **dict.fromkeys("dt", "t"),
        **dict.fromkeys("sz", "s"),
        **dict.fromkeys("lr", "l"),
        **dict.fromkeys("aeiouyhw", None),
    }
)
_TWO_SIGNS = (("ph", "f"), ("sh", "s"), ("ch", "k"), ("ts", "s"))
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Gist:
    """What a text shows of its content to those who cannot read it."""

    signs: str
    concepts: frozenset[int]
    names: frozenset[str]
    skeletons: str
    beginnings: frozenset[str]
    numbers: frozenset[str]
    language: str


@lru_cache(maxsize=1)
def _columns() -> dict[str, dict[str, set[int]]]:
    """Per language: a word, or the beginning of one with ``*`` behind it, and its concepts."""
    rows = (Path(__file__).parent / "concepts.txt").read_text("utf-8").splitlines()
    languages, *concepts = [[cell.split() for cell in row.split("|")] for row in rows if not row.startswith("#")]
    columns: dict[str, dict[str, set[int]]] = {cell[0]: {} for cell in languages}
    for number, cells in enumerate(concepts):
        for column, cell in zip(columns.values(), cells, strict=True):
            for word in cell:
                column.setdefault(word.casefold(), set()).add(number)
    return columns


def knows(language: str) -> bool:
    """Whether the list has words of a language."""
    return base(language) in _columns()


@lru_cache(maxsize=4096)  # a source is looked at for every edition, and by the alignment too
def gist(text: str, language: str) -> Gist:
    """Of marked text."""
    tag, plain = base(language), words_of(text)
    words = _WORD.findall(plain)
    latin = plain.casefold() if plain.isascii() else str(_TO_LATIN.transliterate(plain))
    latin_words = _LATIN_WORD.findall(latin)
    joint = "" if tag in _SPACELESS else " "
    return Gist(
        plain,
        _concepts(plain, words, tag),
        _names(words, tag),
        joint + joint.join(map(_skeleton, latin_words)),
        frozenset(word[:5] for word in latin_words if len(word) >= 5),
        frozenset(one.digits for one in numbers(plain) if len(one.digits) >= 2),
        language,
    )


def _concepts(plain: str, words: Sequence[str], tag: str) -> frozenset[int]:
    column = _columns().get(tag)
    if not column:
        return frozenset()
    if tag in _SPACELESS:
        parts = {plain[at : at + size] for size in range(1, 5) for at in range(len(plain) - size + 1)}
        return frozenset().union(*(column[part] for part in parts & column.keys()))
    found: set[int] = set()
    particles = _ARTICLES.get(tag, "")
    for word in words:
        folded = word.casefold()
        found |= _of_word(folded, tag)
        for _particle in range(2):
            if len(folded) < 4 or folded[0] not in particles:
                break
            folded = folded[1:]
            found |= _of_word(folded, tag)
        if tag == "ar" and folded.startswith("ال"):
            found |= _of_word(folded[2:], tag)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _skeleton(word: str) -> str:
    """Its consonants, those that scripts confuse as one."""
    for two, one in _TWO_SIGNS:
        word = word.replace(two, one)
    return _DOUBLED.sub(r"\1", word.translate(_CONSONANTS))


@lru_cache(maxsize=50_000)
def _of_word(word: str, tag: str) -> frozenset[int]:
    column = _columns()[tag]
    beginnings = (column.get(word[:end] + "*", set()) for end in range(2, len(word) + 1))
    return frozenset().union(column.get(word, ()), *beginnings)


def _names(words: Sequence[str], tag: str) -> frozenset[str]:
    """Words with a capital inside a sentence; German gives one to every noun."""
    if tag == "de":
        return frozenset()
    capital = (word for word in words[1:] if len(word) >= 3 and word[0].isupper())
    found = (_skeleton("".join(_LATIN_WORD.findall(_in_latin(word))))[:4] for word in capital)
    return frozenset(one for one in found if len(one) >= 3)


@lru_cache(maxsize=20_000)
def _in_latin(word: str) -> str:
    return word.casefold() if word.isascii() else str(_TO_LATIN.transliterate(word))


def features(one: Gist, other: Gist) -> tuple[float, ...]:
    """What the weights are for."""
    shared = len(one.concepts & other.concepts)
    hits, misses = (sum(both) for both in zip(_named(one, other), _named(other, one), strict=True))
    width = lengths.spread(one.signs, one.language, other.language)
    longer = lengths.deviation(one.signs, other.signs, one.language, other.language)
    return (
        1.0,
        shared,
        len(one.concepts) + len(other.concepts) - 2 * shared,
        hits,
        misses,
        len(one.numbers & other.numbers),
        len(one.numbers ^ other.numbers),
        len(one.beginnings & other.beginnings),
        abs(longer) / width,
    )


def _named(one: Gist, other: Gist) -> tuple[int, int]:
    """How many names of one the other has, and has not."""
    if base(other.language) in _SPACELESS:
        names = [name for name in one.names if len(name) == 4]
        hits = sum(name in other.skeletons for name in names)
        return hits, len(names) - hits
    hits = sum(f" {name}" in other.skeletons for name in one.names)
    return hits, len(one.names) - hits


def kinship(one: Gist, other: Gist) -> float:
    """The logarithm of the odds that a source and an answer belong together."""
    return sum(weight * value for weight, value in zip(WEIGHTS, features(one, other), strict=True))


def strangeness(source: str, target: str, from_language: str, to_language: str) -> int:
    """2 where an answer must be that of another sentence, 1 where it may be, 0 where nothing tells."""
    sides = ((source, base(from_language)), (target, base(to_language)))
    if not (knows(from_language) and knows(to_language)):
        return 0
    if any(len(words_of(text)) * (3 if tag in _SPACELESS else 1) < _FEWEST_SIGNS for text, tag in sides):
        return 0
    odds = kinship(gist(source, from_language), gist(target, to_language))
    floors = [_FLOORS.get(tag, _FLOORS_OF_OTHERS) for _text, tag in sides]
    return sum(odds < min(floor[at] for floor in floors) for at in range(2))
