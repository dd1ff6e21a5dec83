"""How well likely personal names are found, word by word, on 200 sentences of our own.

Reference: every capitalised word inside a sentence taken for a name.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import line
from dragoman.translation.rules.names import find_names

SENTENCES = Path(__file__).parent.parent / "tests" / "translation" / "data" / "names.jsonl"
Finder = Callable[[str, str], list[str]]


def score(find: Finder) -> dict[str, float]:
    """Precision and recall of words, and the share of ordinary words that were wrongly kept."""
    right = wrong = missed = ordinary = 0
    for text in SENTENCES.read_text("utf-8").splitlines():
        row = json.loads(text)
        wanted = Counter(word for name in row["names"] for word in name.split())
        found = Counter(word for name in find(row["text"], row["language"]) for word in name.split())
        right += (wanted & found).total()
        wrong += (found - wanted).total()
        missed += (wanted - found).total()
        ordinary += len(row["text"].split()) - wanted.total()
    return {
        "precision": right / (right + wrong),
        "recall": right / (right + missed),
        "ordinary_words_kept": wrong / ordinary,
    }


def _capitalised(text: str, language: str) -> list[str]:
    return [found[0] for found in re.finditer(r"(?<=[\w,;] )[^\W\d_][\w'-]*", text) if found[0][0].isupper()]


def run(*, quick: bool) -> None:
    """Print the three figures."""
    ours, reference = score(find_names), score(_capitalised)
    goals = {"precision": "", "recall": "", "ordinary_words_kept": "<= 0.02"}
    for metric, value in ours.items():
        line("names", metric, value, "share", reference=reference[metric], goal=goals[metric])
