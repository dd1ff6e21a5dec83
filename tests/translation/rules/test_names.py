"""Likely personal names are found, ordinary words are left alone."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given

from dragoman.translation.rules.names import find_names
from tests.translation.rules.strategies import BRIEFLY, TYPED

DATA = Path(__file__).parents[1] / "data" / "names.jsonl"


@dataclass(frozen=True)
class Measured:
    """Shares, counted in words."""

    precision: float
    recall: float
    wrongly_kept: float


@pytest.mark.parametrize(
    "text",
    [
        "Durante la noche llovió sin parar.",
        "La Segunda Guerra Mundial terminó entonces.",
        "El Comité Olímpico Internacional se reunió ayer.",
        "Hasta ahora nadie ha respondido a la carta.",
    ],
)
def test_offices_wars_and_first_words_are_no_persons(text: str) -> None:
    assert find_names(text, "es") == []


def words(text: str) -> list[str]:
    """The words of a text or a name."""
    return re.findall(r"\w+", text)


@lru_cache(maxsize=1)
def measured() -> Measured:
    """How well names are found in our own sentences."""
    right = found = true = ordinary = 0
    for line in DATA.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        kept = Counter(word for name in find_names(row["text"], row["language"]) for word in words(name))
        names = Counter(word for name in row["names"] for word in words(name))
        right += (kept & names).total()
        found += kept.total()
        true += names.total()
        ordinary += len(words(row["text"])) - names.total()
    return Measured(right / found, right / true, (found - right) / ordinary)


def test_most_of_what_is_kept_is_a_name() -> None:
    assert measured().precision >= 0.75


def test_most_names_are_kept() -> None:
    assert measured().recall >= 0.65


def test_hardly_an_ordinary_word_is_kept() -> None:
    assert measured().wrongly_kept <= 0.02


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "Yesterday Ruben Askelund brought bread.", ["Ruben Askelund"]),
        ("en", "Ada Lund opened it; Lund smiled.", ["Ada Lund", "Lund"]),
        ("en", "The lamp belongs to Mrs O'Dowda.", ["O'Dowda"]),
        ("en", "We met Pieter van der Hoeven there.", ["Pieter van der Hoeven"]),
        ("en", "The Old Library opens on Monday in March.", []),
        ("en", "WHO LIT THE LAMPS?", []),
        ("es", "Ayer la señora Delgado encendió las lámparas.", ["Delgado"]),
        ("fr", "Hier Camille Tavaro a lu.", ["Camille Tavaro"]),
        ("ca", "La Núria va portar pa dilluns.", ["Núria"]),
        ("de", "Der Hund liest eine Zeitung im Garten.", []),
        ("it", "Ieri Giulia ha portato il pane.", ["Giulia"]),
    ],
)
def test_names_are_told_from_other_capitals(language: str, text: str, names: list[str]) -> None:
    assert find_names(text, language) == names


@BRIEFLY
@given(TYPED)
def test_every_name_that_is_found_stands_in_the_text(text: str) -> None:
    assert all(name in text for name in find_names(text, "en"))
