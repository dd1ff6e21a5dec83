"""Which language a text is in, on labelled comments of our own."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.identification import LABELLED, judge_detection
from dragoman.translation.detection import against_the_word, detect_language
from dragoman.translation.rules.markdown import parse

LANGUAGES = ("en", "es", "pt", "fr", "de", "it", "ru", "uk", "tr", "ar", "el", "zh-Hans")
WORLD = (*LANGUAGES, "ca", "gl", "ro", "nl", "pl", "cs", "sv", "bg", "he", "fa", "hi", "ja", "ko", "id", "vi")


@pytest.mark.parametrize("candidates", [LANGUAGES, WORLD], ids=["twelve", "world"])
def test_what_is_named_is_right_and_most_is_named(candidates: Sequence[str]) -> None:
    found = judge_detection(candidates)
    assert found["right"] >= 0.97
    assert found["coverage"] >= 0.75
    assert found["coverage_under_20_letters"] >= 0.40


def test_the_set_is_large_and_of_twelve_languages() -> None:
    rows = [json.loads(line) for line in Path(LABELLED).read_text("utf-8").splitlines()]
    assert len({row["text"] for row in rows}) >= 600
    assert {row["language"] for row in rows} == {*(tag.split("-")[0] for tag in LANGUAGES), "ask"}


@pytest.mark.parametrize(
    "text",
    ["", "👍👍👍", "https://example.org/de/nachrichten", "@maria #heute", "12 000", "`print('hola')`", "ok", "haha"],
)
def test_what_says_nothing_has_no_language(text: str) -> None:
    assert detect_language(parse(text), WORLD) is None


def test_two_scripts_side_by_side_are_nobodys_language() -> None:
    assert detect_language(parse("Доброе утро всем, good morning to all"), WORLD) is None


def test_a_script_of_one_candidate_alone_decides() -> None:
    assert detect_language(parse("Ναι"), WORLD) == "el"
    assert detect_language(parse("写得好"), ("en", "zh-Hant")) == "zh-Hant"
    assert detect_language(parse("すごい話"), WORLD) == "ja"


def test_addresses_and_code_do_not_count() -> None:
    text = (
        "La biblioteca abre toda la noche, `while the door is open and nobody whispers` https://example.org/the-library"
    )
    assert detect_language(parse(text), WORLD) == "es"


def test_a_very_long_word_costs_no_more_than_its_length() -> None:
    assert detect_language(parse("x" * 400_000), WORLD) in (None, *WORLD)


def test_the_writer_is_asked_only_where_both_detectors_name_another_language() -> None:
    spanish = parse("Nadie preguntó a los conductores del autobús nocturno qué opinan de esto.")
    assert against_the_word(spanish, "pt", WORLD) == "es"
    assert against_the_word(spanish, "es", WORLD) is None
    assert against_the_word(spanish, "es-MX", WORLD) is None
    assert against_the_word(parse("Bravo!"), "fr", WORLD) is None
