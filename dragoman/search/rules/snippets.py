"""The words around a hit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dragoman.foundation.words import WORD
from dragoman.search.rules.words import is_hit

Part: TypeAlias = tuple[str, bool]  # some words, and whether they are what was looked for
_LONGEST = 240  # characters; a sentence that is longer is cut around its first hit
_PIECES = re.compile(rf"{WORD}|[\W_]+")


@dataclass(frozen=True, slots=True)
class Snippet:
    """The sentence with the most hits (``place`` in the text), in parts."""

    place: int
    parts: tuple[Part, ...]


def snippet(sentences: Sequence[str], hits: set[str], language: str) -> Snippet:
    """The first sentence where nothing was hit: then it is the text's other language that has the words."""
    best = max(range(len(sentences)), key=lambda place: (_count(sentences[place], hits, language), -place), default=0)
    parts = _parts(sentences[best], hits, language) if sentences else []
    return Snippet(best, tuple(_shortened(parts)))


def _count(sentence: str, hits: set[str], language: str) -> int:
    return sum(is_hit(word, hits, language) for word in set(_PIECES.findall(sentence)))


def _parts(sentence: str, hits: set[str], language: str) -> list[Part]:
    parts: list[Part] = []
    for piece in _PIECES.findall(sentence):
        hit = is_hit(piece, hits, language)
        if parts and parts[-1][1] == hit:
            parts[-1] = (parts[-1][0] + piece, hit)
        else:
            parts.append((piece, hit))
    return parts


def _shortened(parts: list[Part]) -> list[Part]:
    if sum(len(text) for text, _hit in parts) <= _LONGEST:
        return parts
    first = next((place for place, (_text, hit) in enumerate(parts) if hit), 0)
    before = parts[first - 1][0] if first else ""
    kept: list[Part] = [(f"…{before[-_LONGEST // 3 :]}" if len(before) > _LONGEST // 3 else before, False)]
    room = _LONGEST - len(kept[0][0])
    for text, hit in parts[first:]:
        kept.append((text if len(text) <= room else f"{text[:room]}…", hit))
        room -= len(text)
        if room <= 0:
            break
    return [part for part in kept if part[0]]
