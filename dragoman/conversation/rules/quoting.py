"""Quotes and limits. Pure."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dragoman.translation.rules.passages import comparable

LONGEST = 10_000  # characters of a comment
_FEWEST_WORDS = 5  # of a sentence's beginning that count as a quote of it
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Quoted words: ``start`` and ``end`` count characters of the sentence in its own language."""

    unit: int
    block: str
    occurrence: int
    revision: int
    start: int
    end: int
    exact: str
    prefix: str = ""
    suffix: str = ""


def matching_end(sentence: str, words: str) -> int | None:
    """Where ``words`` end in ``sentence`` when they repeat it or its beginning of five words or more.

    Closing punctuation apart; ``None`` when they do not.
    """
    whole, typed = comparable(sentence), comparable(words)
    if not typed:
        return None
    if typed == whole:
        return len(sentence)
    if len(_WORD.findall(typed)) < _FEWEST_WORDS or not whole.startswith(typed):
        return None
    if whole[len(typed)].isalnum():  # the last word is only begun
        return None
    return _end_of_words(sentence, len(_WORD.findall(typed)))


def _end_of_words(sentence: str, number: int) -> int:
    return list(_WORD.finditer(sentence))[number - 1].end()


def surroundings(sentence: str, start: int, end: int) -> tuple[str, str]:
    """Up to 64 characters before and after, to find the passage again in an edited text."""
    return sentence[max(0, start - 64) : start], sentence[end : end + 64]


def body_hash(parts: Sequence[object]) -> str:
    """What two posts with one idempotency key must share."""
    return hashlib.sha256(json.dumps(parts, default=str, ensure_ascii=False).encode()).hexdigest()


def anchor_key(passages: Iterable[Passage]) -> list[tuple[int, int, int, int]]:
    """The passages as comparable numbers."""
    return [(one.unit, one.occurrence, one.start, one.end) for one in passages]
