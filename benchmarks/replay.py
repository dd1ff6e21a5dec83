"""The checks on recorded output of real engines: how often they cry wolf, and what they find of faults made on purpose.

Lengths and weights were fitted on the even lines; everything here is measured
on the odd ones, counting from nought. The odd ones are not unseen: rules for
quotation marks, numbers and copied words were mended, and the floors of
``rules/content.py`` chosen, with their failures in view. What is recorded lies
in ``DRAGOMAN_CORPUS``.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from benchmarks import faults
from benchmarks.faults import Case, Example
from benchmarks.report import line
from dragoman.translation.judging import judge
from dragoman.translation.rules.alignment import looks_shifted
from dragoman.translation.rules.checks import Answer, check, repaired
from dragoman.translation.rules.markers import without_broken_emphasis

CORPUS = Path(os.environ.get("DRAGOMAN_CORPUS", "")) / "replay"
PAIRS = sorted(folder.name for folder in CORPUS.iterdir()) if CORPUS.exists() else []
ENGINES = ("google", "microsoft")
# Those a publication knows when its home names none; importing them would set Django up.
KNOWN = tuple("en es fr de it pt ca gl ro nl pl cs sv tr el ru uk bg ar he fa hi zh-Hans ja ko id vi".split())
# No detector tells every sentence of these apart; how often they are is reported beside the totals.
_CLOSE = (frozenset({"es", "pt", "it"}), frozenset({"ru", "uk"}), frozenset({"fr", "it"}), frozenset({"fr", "es"}))
_SEED = 7


@dataclass(frozen=True, slots=True)
class Recorded:
    """Lines of a pair; ``engines`` holds the answers of each, with entities unescaped as the pipeline does."""

    from_language: str
    to_language: str
    sources: list[str]
    engines: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class _Share:
    """A share measured in one pair."""

    name: str
    pair: str
    value: float
    goal: str


def _lines(pair: str, name: str) -> list[str]:
    return (CORPUS / pair / f"flores-dev.{name}").read_text("utf-8").splitlines()


@lru_cache(maxsize=32)
def read_pair(pair: str) -> Recorded:
    """All lines of a pair."""
    source, target = pair.split("-")
    engines = {name: [repaired(one) for one in _lines(pair, f"{name}.{target}")] for name in ENGINES}
    return Recorded(source, target, _lines(pair, source), engines)


@lru_cache(maxsize=32)
def _references(language: str) -> list[str]:
    return _lines(f"en-{language}", language)


def odd_answers(pair: str) -> list[Answer]:
    """What the engines answered to the odd lines."""
    recorded = read_pair(pair)
    tags = recorded.from_language, recorded.to_language
    places = range(1, len(recorded.sources), 2)
    return [Answer(recorded.sources[at], answers[at], *tags) for answers in recorded.engines.values() for at in places]


def examples(pair: str, *, close: bool = False) -> list[Example]:
    """The odd lines with one engine's answer each in turn, and the same line in a third language."""
    recorded, dice = read_pair(pair), random.Random(pair)
    ours = {recorded.from_language, recorded.to_language}
    thirds = sorted({tag for other in PAIRS for tag in other.split("-")} - ours - {"en"})
    thirds = [tag for tag in thirds if are_close(tag, recorded.to_language) == close]
    found: list[Example] = []
    for at in range(1, len(recorded.sources), 2):
        target = recorded.engines[ENGINES[at // 2 % 2]][at]
        third = dice.choice(thirds) if thirds else ""
        text = _references(third)[at] if third else ""
        found.append(Example(recorded.sources[at], target, recorded.from_language, recorded.to_language, text, third))
    return found


def are_close(one: str, other: str) -> bool:
    """Whether one is often taken for the other."""
    return any({one, other} <= group for group in _CLOSE)


def verdict(source: str, target: str, from_language: str, to_language: str) -> str:
    """``hard``, ``soft`` or nothing, as the pipeline would judge."""
    answer = without_broken_emphasis(source, repaired(target))
    findings = judge(Answer(source, answer, from_language, to_language), known_languages=KNOWN)
    return "" if not findings else "hard" if findings[0].hard else "soft"


def false_alarms(answers: Sequence[Answer]) -> Counter[str]:
    """How many good answers are refused (hard) and doubted (soft)."""
    return Counter(verdict(one.source, one.target, one.from_language, one.to_language) for one in answers)


def clean(found: Iterable[Example]) -> list[Example]:
    """Those whose answer passed: a fault must be found for itself."""
    return [one for one in found if not verdict(one.source, one.target, one.from_language, one.to_language)]


def caught(case: Case) -> str:
    """``hard`` also where a repair made the bad answer the good one."""
    if " ".join(repaired(case.bad).split()) == " ".join(case.good.split()):
        return "hard"
    return verdict(case.source, case.bad, case.from_language, case.to_language)


def find_faults(lines: Sequence[Example], count: int) -> dict[str, Counter[str]]:
    """For each kind: how many were found, and how."""
    return {kind: Counter(map(caught, faults.make_cases(kind, lines, count, _SEED))) for kind in faults.KINDS}


def find_shifts(lines: Sequence[Example], count: int) -> tuple[int, int]:
    """Of ``count`` batches that moved on by a place and as many good ones: how many were found, how many suspected."""
    shifted = faults.shifted_batches(lines, count, _SEED)
    found = suspected = 0
    for batch, answers in shifted:
        tags = batch[0].from_language, batch[0].to_language
        found += looks_shifted([(one.source, text) for one, text in zip(batch, answers, strict=True)], *tags)
        suspected += looks_shifted([(one.source, one.target) for one in batch], *tags)
    return found, suspected


def run(*, quick: bool) -> None:
    """Print everything."""
    if not PAIRS:
        raise SystemExit("replay needs the recorded corpus: set DRAGOMAN_CORPUS to its folder")
    shares: list[_Share] = []
    count = 20 if quick else 100
    worst: dict[str, dict[str, tuple[float, str]]] = {"hard": {}, "any": {}}
    shifts = suspects = batches = 0
    for pair in PAIRS:
        alarms = false_alarms(odd_answers(pair))
        lines = examples(pair)
        found = find_faults(clean(lines), count)
        total = sum(found.values(), Counter[str]())
        shares += [
            _Share("false alarms hard", pair, alarms["hard"] / alarms.total(), "<= 0.01"),
            _Share("false alarms soft", pair, alarms["soft"] / alarms.total(), "<= 0.05"),
            _Share("faults found hard", pair, total["hard"] / total.total(), ">= 0.95"),
            _Share("faults found", pair, (total["hard"] + total["soft"]) / total.total(), ">= 0.99"),
        ]
        for kind, how in found.items():
            share = {"hard": how["hard"] / how.total(), "any": 1 - how[""] / how.total()}
            for name, value in share.items():
                worst[name][kind] = min(worst[name].get(kind, (2.0, "")), (value, pair))
        one, other = find_shifts(lines, count)
        shifts, suspects, batches = shifts + one, suspects + other, batches + count
    _report_pairs(shares)
    for kind in faults.KINDS:
        for name, goal in (("hard", ">= 1" if kind in faults.STRUCTURAL else ""), ("any", "")):
            value, pair = worst[name][kind]
            line("replay", f"{kind}, found {name}, worst pair {pair}", value, "share", goal=goal)
    line("replay", "shifted batches found", shifts / batches, "share", goal=">= 1")
    line("replay", "good batches suspected", suspects / batches, "share", goal="<= 0")
    _close_languages(count)
    _speed()


def _report_pairs(shares: Sequence[_Share]) -> None:
    """Each pair, and of each share the worst."""
    for name in dict.fromkeys(share.name for share in shares):
        pairs = [share for share in shares if share.name == name]
        for share in pairs:
            line("replay", f"{share.pair} {name}", share.value, "share", goal=share.goal, is_detail=True)
        worst = (max if pairs[0].goal.startswith("<=") else min)(pairs, key=lambda share: share.value)
        line("replay", f"{name}, worst pair {worst.pair}", worst.value, "share", goal=worst.goal)


def _close_languages(count: int) -> None:
    for pair in PAIRS:
        lines = [one for one in clean(examples(pair, close=True)) if one.third]
        if lines:
            how = Counter(map(caught, faults.make_cases("other language", lines, count, _SEED)))
            line("replay", f"{pair} close language found", (how["hard"] + how["soft"]) / how.total(), "share")


def _speed() -> None:
    answers = [one for pair in PAIRS for one in odd_answers(pair)[:40]]
    for name, judged in (("check", check), ("judge", lambda one: judge(one, known_languages=KNOWN))):
        started = time.perf_counter()
        for one in answers:
            judged(one)
        line("replay", f"sentences through {name}", len(answers) / (time.perf_counter() - started), "1/s")
