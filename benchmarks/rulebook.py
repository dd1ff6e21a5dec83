"""What moderation's rules cost a comment: 20 lists of 500 words over real comments.

Reference: one compiled regular expression of the same 10,000 words, which finds whole words in one spelling alone. The
comments are those of the corpus, where it is at hand, else generated sentences.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.corpus import comments
from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.moderation.rules.candidate import Candidate, Writer
from dragoman.moderation.rules.known import Known
from dragoman.moderation.rules.lists import Matcher, WordList
from dragoman.moderation.rules.order import DEFAULT_NUMBERS, judge

_LISTS, _WORDS = 20, 500
_NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_ROUNDS = 3


def run(*, quick: bool) -> None:
    """Print the median and the 99th percentile of the rules, of the lists alone, and of the regular expression."""
    texts = (comments() or list(sentences(16_100, seed=11)))[: 2_000 if quick else None]
    words = _listed(texts)
    matcher = Matcher(
        WordList(number, f"list {number}", "en", "stem" if number % 2 else "word", "hold", tuple(some))
        for number, some in enumerate(words)
    )
    pattern = re.compile(r"\b(?:" + "|".join(re.escape(one) for some in words for one in some) + r")\b", re.IGNORECASE)
    known = Known(numbers=DEFAULT_NUMBERS, matcher=matcher)
    writer = Writer(1, ("Ada Lund",), _NOW)
    found = [{hit.start for hit in matcher.find(text, "en")} for text in texts]
    plain = [{match.start() for match in pattern.finditer(text)} for text in texts]
    missed = sum(len(theirs - ours) for ours, theirs in zip(found, plain, strict=True))
    assert missed == 0, f"{missed} hits of the regular expression were missed"
    whole, lists, reference = [], [], []
    for _round in range(_ROUNDS):  # in turns: what else the machine does falls on all three
        whole += _times(texts, lambda text: judge(Candidate(text, "en", _NOW, writer), known))
        lists += _times(texts, lambda text: matcher.find(text, "en"))
        reference += _times(texts, lambda text: [match.span() for match in pattern.finditer(text)])
    line("rules", "comments", len(texts), "comments")
    line("rules", "hits", sum(map(len, found)), "hits", reference=sum(map(len, plain)))
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        regex = _at(reference, share)
        line("rules", f"all_rules_{name}", _at(whole, share), "µs", reference=regex)
        line("rules", f"lists_{name}", _at(lists, share), "µs", reference=regex)


def _listed(texts: list[str]) -> list[list[str]]:
    """Words that stand in few of the comments, and words that stand in none."""
    counted = Counter(word for text in texts for word in set(re.findall(r"[a-z]{4,12}", text.lower())))
    rare = sorted(word for word, times in counted.items() if times <= 3)
    chance = random.Random(7)
    made = ["".join(chance.choices("abcdefghilmnoprstu", k=chance.randint(5, 9))) for _word in range(_LISTS * _WORDS)]
    mixed = [*chance.sample(rare, min(len(rare), _LISTS * _WORDS // 4)), *made][: _LISTS * _WORDS]
    chance.shuffle(mixed)
    return [mixed[start : start + _WORDS] for start in range(0, _LISTS * _WORDS, _WORDS)]


def _times(texts: list[str], act: Callable[[str], object]) -> list[float]:
    """Microseconds of each."""
    found = []
    for text in texts:
        began = time.perf_counter()
        act(text)
        found.append(1e6 * (time.perf_counter() - began))
    return found


def _at(times: list[float], share: float) -> float:
    return sorted(times)[int(share * (len(times) - 1))]
