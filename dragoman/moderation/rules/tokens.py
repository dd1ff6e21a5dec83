"""A text as the words that somebody meant, whatever signs were put between or in place of their letters.

Invisible signs count for nothing; letters of other scripts that look alike, letters in circles and boxes, digits in
place of letters, letters set apart or drawn out are read as what they look like. A word in the letters of the text's
own script is never read as one of another script: the Russian “сор” is no “cop”.

Source: Unicode Technical Standard 39, “Unicode Security Mechanisms”, section 4 (skeletons).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import icu

from dragoman.foundation.languages import script
from dragoman.foundation.text import confusable_key, latin_capitals
from dragoman.foundation.words import folded

# Signs that nobody sees: zero-width ones, soft hyphens, joiners, variation selectors, tags.
_UNSEEN = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\U000e0000-\U000e01ef"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
    "\u0e31-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u20d0-\u20f0"
)
_BOXED = "\u24b6-\u24e9\U0001f130-\U0001f149\U0001f150-\U0001f169\U0001f170-\U0001f189\U0001f1e6-\U0001f1ff"
_LETTER = rf"(?:[^\W_]|[{_BOXED}])"
_TOKEN = re.compile(rf"{_LETTER}(?:{_LETTER}|[{_MARKS}{_UNSEEN}])*")
_BETWEEN_MARKUP = re.compile(r"[*_~`\\]{1,4}")
_BETWEEN_LETTERS = re.compile(rf"[^\w\n]{{1,3}}|[_{_UNSEEN}]{{1,3}}")
_HIDDEN = re.compile(f"[{_UNSEEN}]")
_SILENT = re.compile(f"[{_UNSEEN}{_MARKS}]")
_BOX = re.compile(f"[{_BOXED}]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_AS_LETTERS = str.maketrans("0134578", "oieastb")
_FEWEST_APART = 3  # letters that stand apart and make a word
_LONGEST = 60  # letters of a word; what is longer is looked at in pieces


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text: which characters, and what it may be read as, the plainest first."""

    start: int
    end: int
    keys: tuple[str, ...]


def tokens(text: str, language: str) -> list[Token]:
    """The words as they stand, and after them those that are made of others."""
    own = script(language)
    found = [
        Token(start, end, _keys(text[start:end], own))
        for match in _TOKEN.finditer(text)
        for start, end in _pieces(match.start(), match.end(), match[0])
    ]
    return [*found, *_joined(text, found, own)]


def _pieces(start: int, end: int, written: str) -> Iterator[tuple[int, int]]:
    """A word whole; of one that nobody writes, and of a row of words without spaces, pieces that overlap."""
    if end - start <= _LONGEST or len(_SILENT.sub("", written)) <= _LONGEST:
        yield start, end
        return
    for at in range(start, end, _LONGEST // 2):
        yield at, min(at + _LONGEST, end)


def _joined(text: str, found: list[Token], own: str) -> Iterator[Token]:
    """Words that are cut by Markdown’s signs (sh**i**t), and letters that stand apart (s h i t)."""
    run: list[Token] = []
    for here in [*found, None]:
        between = text[run[-1].end : here.start] if run and here else ""
        if run and here and (_BETWEEN_MARKUP.fullmatch(between) or _are_apart(run[-1], here, between)):
            run.append(here)
            continue
        if len(run) > 1 and (len(run) >= _FEWEST_APART or _is_cut_by_markup(text, run)):
            word = "".join(text[one.start : one.end] for one in run)
            if len(_SILENT.sub("", word)) <= _LONGEST:
                yield Token(run[0].start, run[-1].end, _keys(word, own))
        run = [here] if here else []


def _are_apart(one: Token, other: Token, between: str) -> bool:
    return len(one.keys[0]) == 1 == len(other.keys[0]) and _BETWEEN_LETTERS.fullmatch(between) is not None


def _is_cut_by_markup(text: str, run: list[Token]) -> bool:
    return _BETWEEN_MARKUP.fullmatch(text[run[0].end : run[1].start]) is not None


@lru_cache(maxsize=50_000)
def _keys(written: str, own: str) -> tuple[str, ...]:
    """What a word may be read as. ``own``: the script of the text's language."""
    plain = folded(_BOX.sub(_letter_of, _HIDDEN.sub("", written)))
    keys = [plain]
    if any(map(str.isdigit, plain)) and not plain.isdigit():
        keys.append(plain.translate(_AS_LETTERS))
    if _DRAWN_OUT.search(plain):
        keys += [_DRAWN_OUT.sub(r"\1", plain), _DRAWN_OUT.sub(r"\1\1", plain)]
    if not _is_in_script(plain, own):
        keys += [skeleton(plain), skeleton(folded(latin_capitals(_HIDDEN.sub("", written))))]
    return tuple(dict.fromkeys(keys))


def skeleton(word: str) -> str:
    """What is equal for words that look alike, marked so that it is no word itself."""
    return "\0" + confusable_key(word)


def _letter_of(sign: re.Match[str]) -> str:
    """The letter in a circle, a box or a flag: their names end with it."""
    return unicodedata.name(sign[0], sign[0]).rpartition(" ")[2][:1]


# Scripts that one language is written in together.
_TOGETHER = {"Hans": {"Hani"}, "Hant": {"Hani"}, "Jpan": {"Hani", "Hira", "Kana"}, "Kore": {"Hang", "Hani"}}


def _is_in_script(word: str, own: str) -> bool:
    if word.isascii():
        return own == "Latn" or not any(map(str.isalpha, word))
    mine = {own, *_TOGETHER.get(own, ())}
    return all(_script_of(sign) in mine for sign in word if sign.isalpha())


@lru_cache(maxsize=5_000)
def _script_of(sign: str) -> str:
    return str(icu.Script.getScript(sign).getShortName())
