"""The checks on recorded output of real engines, where the corpus is at hand: how often they cry wolf."""

import html
import os
from pathlib import Path

import pytest

from dragoman.translation.attempts import _in_another_language
from dragoman.translation.rules.checks import Answer, check

CORPUS = os.environ.get("DRAGOMAN_CORPUS", "")
REPLAY = Path(CORPUS) / "replay"
pytestmark = pytest.mark.skipif(not CORPUS or not REPLAY.exists(), reason="DRAGOMAN_CORPUS names no recorded output")
LINES = 200


def _recorded(pair: str) -> list[Answer]:
    source, target = pair.split("-")
    texts = (REPLAY / pair / f"flores-dev.{source}").read_text("utf-8").splitlines()[:LINES]
    outputs = sorted(path for path in (REPLAY / pair).glob(f"flores-dev.*.{target}"))
    return [
        Answer(text, html.unescape(answer), source, target)
        for path in outputs
        for text, answer in zip(texts, path.read_text("utf-8").splitlines(), strict=False)
    ]


@pytest.mark.parametrize(
    "pair", ["en-es", "es-en", "en-fr", "fr-en", "en-ar", "ar-en", "en-ru", "ru-en", "en-de", "it-en"]
)
def test_hard_checks_refuse_at_most_one_in_a_hundred_good_answers(pair: str) -> None:
    answers = _recorded(pair)
    refused = [one for one in answers if any(found.hard for found in [*check(one), *_in_another_language(one)])]
    assert len(refused) / len(answers) <= 0.01


@pytest.mark.parametrize("pair", ["en-es", "es-en", "en-fr", "fr-en", "ru-en", "en-de", "it-en"])
def test_soft_checks_doubt_at_most_one_in_twenty_good_answers(pair: str) -> None:
    answers = _recorded(pair)
    assert sum(1 for one in answers if check(one)) / len(answers) <= 0.05


@pytest.mark.parametrize("pair", ["en-es", "en-fr", "en-ar", "en-ru"])
def test_an_untranslated_answer_is_found(pair: str) -> None:
    copied = [Answer(one.source, one.source, one.from_language, one.to_language) for one in _recorded(pair)]
    caught = [one for one in copied if check(one) or _in_another_language(one)]
    assert len(caught) / len(copied) >= 0.95
