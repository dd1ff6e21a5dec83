"""What an engine's answer must pass before anyone sees it.

A *hard* finding means: do not show this answer. A *soft* one means: show it,
marked as rough. Both sides are marked text (see ``markers``). How often good
answers fail, and bad ones pass, is measured by ``python -m benchmarks replay``.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass

from dragoman.foundation.languages import base
from dragoman.translation.rules import lengths, signs, words
from dragoman.translation.rules.chatter import is_chatter, is_courteous
from dragoman.translation.rules.content import strangeness
from dragoman.translation.rules.glossary import holds_one_of
from dragoman.translation.rules.markers import has_words, same_but_emphasis, well_formed, words_of
from dragoman.translation.rules.numbers import Difference, difference, has_money_or_date


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of an answer."""

    check: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A source sentence and what an engine made of it.

    ``unknown`` is the share of words the engine did not know, ``score`` its own
    opinion, ``score_floor`` what is low for the pair; ``kind`` is comment or article.
    ``by_rules``: of engines that invent nothing, so what it speaks of is not judged.
    ``terms``: the glossary's soft terms in the source; of each, one translation should be there.
    """

    source: str
    target: str
    from_language: str
    to_language: str
    unknown: float = 0.0
    score: float | None = None
    score_floor: float | None = None
    kind: str = "comment"
    by_rules: bool = False
    terms: tuple[tuple[str, ...], ...] = ()


_ROUGH_UNKNOWN = 0.25
_NO_REPLY = 45  # signs; whole comments such as “Sure! Why not.” are shorter
_CUT = 0.25  # a fourth shorter than expected (in logarithms) is what a cut answer is at least


def repaired(text: str) -> str:
    """An answer with HTML entities unescaped once: engines escape what they should not."""
    return html.unescape(text) if signs.ENTITY.search(text) else text


def check(answer: Answer) -> list[Finding]:
    """All findings, hard ones first; an empty list is a clean answer."""
    if not answer.target.strip() or (has_words(answer.source) and not has_words(answer.target)):
        return [Finding("empty", hard=True)]
    found = [Finding(name, kind) for name, judge in _CHECKS if (kind := judge(answer)) is not None]
    return sorted(found, key=lambda finding: not finding.hard)


# Each check says True for a hard finding, False for a soft one, None for nothing to find.
_HARD, _SOFT, _FINE = True, False, None
_Verdict = Callable[[Answer], bool | None]


def _hard_if(fails: Callable[[str, str], bool]) -> _Verdict:
    return lambda answer: _HARD if fails(answer.source, answer.target) else _FINE


def _soft_if(fails: Callable[[str, str], bool]) -> _Verdict:
    return lambda answer: _SOFT if fails(answer.source, answer.target) else _FINE


def _markers(answer: Answer) -> bool | None:
    whole = same_but_emphasis(answer.source, answer.target) and well_formed(answer.target)
    return _FINE if whole and not signs.has_remains(answer.source, answer.target) else _HARD


def _untranslated(answer: Answer) -> bool | None:
    if base(answer.from_language) == base(answer.to_language):
        return _FINE  # only the script or the region is to change
    same_script = words.same_script(answer.from_language, answer.to_language)
    if words.is_copy(answer.source, answer.target):
        # Six words: close languages share short sentences.
        return _HARD if not same_script else _SOFT if len(words.words(answer.source)) >= 6 else _FINE
    if words.are_neighbours(answer.from_language, answer.to_language):
        return _FINE
    was_copied = words.has_copied_part if same_script else words.has_words_of_source
    return _HARD if was_copied(answer.source, answer.target) else _FINE


def _script(answer: Answer) -> bool | None:
    return _HARD if words.is_in_wrong_script(answer.source, answer.target, answer.to_language) else _FINE


def _length(answer: Answer) -> bool | None:
    if not lengths.has_length(answer.source, answer.from_language):
        return _FINE
    pair = answer.from_language, answer.to_language
    longer, width = lengths.deviation(answer.source, answer.target, *pair), lengths.spread(answer.source, *pair)
    if longer > max(lengths.FAR_LONGER, width) or longer < min(lengths.FAR_SHORTER, -width):
        return _HARD
    if longer < -_CUT and signs.end_mark(answer.source) and not signs.end_mark(answer.target):
        return _HARD
    return _SOFT if abs(longer) > width else _FINE


def _repetition(answer: Answer) -> bool | None:
    return (
        _HARD if words.repeats_itself(answer.source, answer.target, answer.from_language, answer.to_language) else _FINE
    )


def _numbers(answer: Answer) -> bool | None:
    found = difference(answer.source, answer.target, answer.from_language, answer.to_language)
    if not (found.missing or found.new):
        return _FINE
    if found.is_change or _concerns_money_or_date(answer, found):
        return _HARD
    return _SOFT if found.is_notable else _FINE


def _concerns_money_or_date(answer: Answer, found: Difference) -> bool:
    return answer.kind == "article" and found.is_notable and has_money_or_date(answer.source)


def _content(answer: Answer) -> bool | None:
    if answer.by_rules:
        return _FINE  # a fourth of the time of all checks, for a fault that cannot be
    found = strangeness(answer.source, answer.target, answer.from_language, answer.to_language)
    return (_FINE, _SOFT, _HARD)[found]


def _end_mark(answer: Answer) -> bool | None:
    pair = answer.from_language, answer.to_language
    return _SOFT if signs.ends_otherwise(answer.source, answer.target, *pair) else _FINE


def _boilerplate(answer: Answer) -> bool | None:
    if is_chatter(answer.source, answer.target):
        return _HARD
    if not is_courteous(answer.source, answer.target):
        return _FINE
    return _HARD if len(answer.source) >= _NO_REPLY else _SOFT


def _has_other_lines(source: str, target: str) -> bool:
    return source.strip().count("\n") != target.strip().count("\n")


def _unknown_words(answer: Answer) -> bool | None:
    return _SOFT if answer.unknown > _ROUGH_UNKNOWN else _FINE


def _terms(answer: Answer) -> bool | None:
    text = words_of(answer.target)
    return _FINE if all(holds_one_of(text, one, answer.to_language) for one in answer.terms) else _SOFT


def _score(answer: Answer) -> bool | None:
    is_low = answer.score is not None and answer.score_floor is not None and answer.score < answer.score_floor
    return _SOFT if is_low else _FINE


_CHECKS: tuple[tuple[str, _Verdict], ...] = (
    ("markers", _markers),
    ("tags", _hard_if(signs.has_new_tags)),
    ("addresses", _hard_if(signs.has_other_addresses)),
    ("signs", _hard_if(signs.has_strange_signs)),
    ("boilerplate", _boilerplate),
    ("untranslated", _untranslated),
    ("script", _script),
    ("repetition", _repetition),
    ("length", _length),
    ("numbers", _numbers),
    ("content", _content),
    ("end-mark", _end_mark),
    ("lines", _soft_if(_has_other_lines)),
    ("brackets", _soft_if(signs.is_unbalanced)),
    ("unknown-words", _unknown_words),
    ("terms", _terms),
    ("score", _score),
)
