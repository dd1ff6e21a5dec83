"""What an engine's answer must pass before anyone sees it.

A *hard* finding means: do not show this answer. A *soft* one means: show it,
marked as rough. Both sides are marked text (see ``markers``).
"""

import html
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from dragoman.foundation.languages import script
from dragoman.translation.rules.markers import MARKER, has_words, same_markers, well_formed, words_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of an answer."""

    check: str
    hard: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A source sentence and what an engine made of it. ``unknown`` is the share of words it did not know."""

    source: str
    target: str
    from_language: str
    to_language: str
    unknown: float = 0.0


_BOILERPLATE = re.compile(
    r"\bas an ai\b|here is the translation|allowed html tags|i (?:cannot|can't) translate|translation:",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,6});", re.IGNORECASE)
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd]")
# A space separates thousands only; “in 2024 1,000 came” are two numbers.
# French writes 9 h 30 for 9:30.
_NUMBER = re.compile(
    r"\d+(?:[.,:'’\u066b\u066c]\d+|[\u00a0\u202f ]\d{3}(?!\d)|[\u00a0\u202f ]?h[\u00a0\u202f ]?\d{2}(?!\d))*"
)
_CLOSING = " \t\n\"'”’»)]」』"
_ROUGH_UNKNOWN = 0.25
_SPACELESS = frozenset({"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr"})


def repaired(text: str) -> str:
    """An answer with HTML entities unescaped once: engines escape what they should not."""
    return html.unescape(text) if _ENTITY.search(text) else text


def check(answer: Answer) -> list[Finding]:
    """All findings, hard ones first; an empty list is a clean answer."""
    if not answer.target.strip() or (has_words(answer.source) and not has_words(answer.target)):
        return [Finding("empty", hard=True)]
    found = [Finding(name, hard=True) for name, fails in _HARD if fails(answer)]
    return found + [Finding(name, hard=False) for name, fails in _SOFT if fails(answer)]


def _markers(answer: Answer) -> bool:
    return not (same_markers(answer.source, answer.target) and well_formed(answer.target))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", words_of(text).casefold())


def _same_script(answer: Answer) -> bool:
    return script(answer.from_language) == script(answer.to_language)


def _is_untranslated(answer: Answer) -> bool:
    source = _words(answer.source)
    return len(source) >= 3 and source == _words(answer.target)


def _untranslated_hard(answer: Answer) -> bool:
    return not _same_script(answer) and _is_untranslated(answer)


def _untranslated_soft(answer: Answer) -> bool:
    # Six words: close languages share short sentences.
    return _same_script(answer) and len(_words(answer.source)) >= 6 and _is_untranslated(answer)


_SCRIPT_NAMES = {
    "Latn": "LATIN",
    "Cyrl": "CYRILLIC",
    "Arab": "ARABIC",
    "Grek": "GREEK",
    "Hebr": "HEBREW",
    "Hans": "CJK",
    "Hant": "CJK",
    "Deva": "DEVANAGARI",
}


def _wrong_script(answer: Answer) -> bool:
    wanted = _SCRIPT_NAMES.get(script(answer.to_language))
    # A name that stayed in its own script is no fault; lower-case words of the source are.
    kept = {word for word in re.findall(r"\w+", answer.source) if word[0].isupper()}
    words = [word for word in re.findall(r"\w+", words_of(answer.target)) if word not in kept]
    letters = [sign for word in words for sign in word if sign.isalpha()]
    if wanted is None or len(letters) < 10:
        return False
    strange = sum(1 for sign in letters if not unicodedata.name(sign, "").startswith(wanted))
    # One Chinese sign stands for a word, one Latin letter does not: a name or two is no fault there.
    return strange / len(letters) > (0.7 if wanted == "CJK" else 0.3)


def _length_ratio(answer: Answer) -> float | None:
    source, target = len(words_of(answer.source).strip()), len(words_of(answer.target).strip())
    if source < 20 or script(answer.from_language) in _SPACELESS or script(answer.to_language) in _SPACELESS:
        return None
    return target / source


def _length_hard(answer: Answer) -> bool:
    ratio = _length_ratio(answer)
    return ratio is not None and not 0.2 <= ratio <= 4


def _length_soft(answer: Answer) -> bool:
    ratio = _length_ratio(answer)
    return ratio is not None and not 0.4 <= ratio <= 2.5 and not _length_hard(answer)


def _longest_repeat(words: list[str]) -> int:
    """How often in a row the same one to four words come."""
    most = 1
    for size in range(1, 5):
        run = 0  # of places that repeat the place before
        for at in range(size, len(words) - size + 1):
            run = run + 1 if words[at : at + size] == words[at - size : at] else 0
            most = max(most, (run - 1) // size + 2 if run else 1)
    return most


def _repetition(answer: Answer) -> bool:
    more = _longest_repeat(_words(answer.target)) - _longest_repeat(_words(answer.source))
    return more >= 3 or _packs_too_well(answer)


def _packs_too_well(answer: Answer) -> bool:
    source, target = words_of(answer.source).encode(), words_of(answer.target).encode()
    if len(target) < 120 or len(source) < 40:
        return False
    return len(zlib.compress(target)) / len(target) < len(zlib.compress(source)) / len(source) / 2


def _strange_signs(answer: Answer) -> bool:
    return bool(_UNWANTED.search(answer.target)) or bool(
        set(_ENTITY.findall(answer.target)) - set(_ENTITY.findall(answer.source))
    )


def _boilerplate(answer: Answer) -> bool:
    return bool(_BOILERPLATE.search(answer.target)) and not _BOILERPLATE.search(answer.source)


def numbers(text: str) -> Counter[str]:
    """The digits of each number, whatever its separators and script; single digits may be spelled."""
    found = (
        "".join(str(unicodedata.digit(sign)) for sign in number if sign.isdigit())
        for number in _NUMBER.findall(MARKER.sub(" ", text))
    )
    return Counter(number.lstrip("0") for number in found if len(number.lstrip("0")) > 1)


def _numbers(answer: Answer) -> bool:
    return numbers(answer.source) != numbers(answer.target)


def _end_mark(answer: Answer) -> bool:
    ends = {"?": "?", "？": "?", "؟": "?", ";": "?"}
    source, target = answer.source.rstrip(_CLOSING)[-1:], answer.target.rstrip(_CLOSING)[-1:]
    return (ends.get(source) == "?") != (ends.get(target) == "?") and source != ";"


def _unknown_words(answer: Answer) -> bool:
    return answer.unknown > _ROUGH_UNKNOWN


_Fails = Callable[[Answer], bool]
_HARD: tuple[tuple[str, _Fails], ...] = (
    ("markers", _markers),
    ("untranslated", _untranslated_hard),
    ("script", _wrong_script),
    ("length", _length_hard),
    ("repetition", _repetition),
    ("signs", _strange_signs),
    ("boilerplate", _boilerplate),
)
_SOFT: tuple[tuple[str, _Fails], ...] = (
    ("numbers", _numbers),
    ("untranslated", _untranslated_soft),
    ("length", _length_soft),
    ("end-mark", _end_mark),
    ("unknown-words", _unknown_words),
)
