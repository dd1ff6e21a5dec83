"""Words of marked text, as the checks and the alignment see them: what repeats, what was copied, which script."""

import re
import zlib
from collections.abc import Sequence
from functools import lru_cache

import icu

from dragoman.foundation.languages import base, script
from dragoman.translation.rules.markers import words_of
from dragoman.translation.rules.signs import without_addresses

SPACELESS = frozenset({"Hans", "Hant", "Jpan", "Thai", "Laoo", "Khmr", "Mymr"})
_TOO_OFTEN = 3  # more than the source repeats
_RATTLE = re.compile(r"([^\s\d.…_=*-]{1,4}?)\1{8}")  # a few signs nine times, no leaders and no numbers
_MOST_COMPARED = 200  # words: each may stand in many places
_FEWEST_COPIED = 3  # different words in small letters
_LONGEST_LOOK = 12  # words back from the end of a run: who copied so much copied five small ones
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
# Readers write “hahaha”, 哈哈哈 and 555; how long is a matter of taste.
_LAUGHTER = re.compile(r"([哈呵嘿嘻笑wｗㅋㅎх5])\1+")
# Languages whose speakers read each other: a sentence may well be the same in both.
_NEIGHBOURS = (
    frozenset({"es", "pt", "gl", "ca", "ast", "it", "oc", "an"}),
    frozenset({"da", "nb", "nn", "no", "sv"}),
    frozenset({"cs", "sk"}),
    frozenset({"bs", "hr", "sr", "sl"}),
    frozenset({"be", "ru", "uk", "rue"}),
    frozenset({"bg", "mk"}),
    frozenset({"id", "ms"}),
)


def words(text: str) -> list[str]:
    """Words without markers and case."""
    return _WORD.findall(words_of(text).casefold())


def same_script(one: str, other: str) -> bool:
    """Whether two languages are written in one script."""
    return script(one) == script(other)


def are_neighbours(one: str, other: str) -> bool:
    """Whether whole phrases of the two languages are alike."""
    pair = {base(one), base(other)}
    return len(pair) == 1 or any(pair <= group for group in _NEIGHBOURS)


# --- repetition --------------------------------------------------------------------------------


def repeats_itself(source: str, target: str, from_language: str, to_language: str) -> bool:
    """Whether an answer says the same words over and over, as its source does not."""
    is_spaceless = script(to_language) in SPACELESS
    said = _longest_repeat(_tokens(target, spaceless=is_spaceless))
    if said > _TOO_OFTEN:
        had = _longest_repeat(_tokens(source, spaceless=script(from_language) in SPACELESS))
        if said - had >= _TOO_OFTEN:
            return True
    if not is_spaceless and _RATTLE.search(target) and not _RATTLE.search(source):
        return True
    return _is_said_twice(target, source) or _packs_too_well(source, target)


def _is_said_twice(target: str, source: str) -> bool:
    """The whole answer, once more or several times."""
    ours, theirs = words(source), words(target)
    return _is_periodic(theirs) and not _is_periodic(ours)


def _is_periodic(tokens: list[str]) -> bool:
    sizes = (size for size in range(3, len(tokens) // 2 + 1) if len(tokens) % size == 0)
    return any(tokens[size:] == tokens[:-size] for size in sizes)


def _tokens(text: str, *, spaceless: bool) -> list[str]:
    plain = _LAUGHTER.sub(r"\1", words_of(text).casefold())
    return [sign for sign in plain if not sign.isspace()] if spaceless else _WORD.findall(plain)


def _longest_repeat(tokens: list[str]) -> int:
    """How often in a row the same one to six tokens come."""
    most = 1
    if len(set(tokens)) == len(tokens):
        return most  # the rule: the comparison below costs more than all other checks of words
    for size in range(1, 7):
        run = 0  # of places that are like the place one size before
        for token, before in zip(tokens[size:], tokens, strict=False):
            run = run + 1 if token == before else 0
            if run >= size * most:
                most = run // size + 1
    return most


def _packs_too_well(source: str, target: str) -> bool:
    one, other = words_of(source).encode(), words_of(target).encode()
    if len(other) < 120 or len(one) < 40:
        return False
    return len(zlib.compress(other)) / len(other) < len(zlib.compress(one)) / len(one) / 2


# --- what was left as it was -------------------------------------------------------------------


def is_copy(source: str, target: str) -> bool:
    """Whether an answer of three words or more is its source."""
    ours = words(source)
    return len(ours) >= 3 and ours == words(target)


def has_copied_part(source: str, target: str) -> bool:
    """Whether an answer took over so many words in a row that they are no name, title or unit."""
    ours = _WORD.findall(without_addresses(source))[:_MOST_COMPARED]
    theirs = _WORD.findall(without_addresses(target))[:_MOST_COMPARED]
    if sum(map(_is_small, set(ours).intersection(theirs))) < _FEWEST_COPIED:
        return False
    places: dict[str, list[int]] = {}
    for at, word in enumerate(ours):
        places.setdefault(word, []).append(at)
    runs: dict[int, int] = {}  # by the place in the source where a run ends: its length
    for word in theirs:
        runs = {at: runs.get(at - 1, 0) + 1 for at in places.get(word, ())}
        ends = ((at, min(size, _LONGEST_LOOK)) for at, size in runs.items() if size >= 3)
        if any(_is_no_name(ours[at - size + 1 : at + 1], len(theirs)) for at, size in ends):
            return True
    return False


def _is_no_name(run: Sequence[str], whole: int) -> bool:
    small = len({word for word in run if _is_small(word)})
    size = sum(word[0].isalpha() for word in run)
    return small >= 5 or (small >= _FEWEST_COPIED and size >= 0.3 * whole)


def _is_small(word: str) -> bool:
    return word[0].islower() and len(word) > 1


def has_words_of_source(source: str, target: str) -> bool:
    """The same between two scripts, where three words in a row are enough."""
    ours = _LETTERS.findall(without_addresses(source))
    theirs = " ".join(_LETTERS.findall(without_addresses(target)))
    runs = (ours[at : at + 3] for at in range(len(ours) - 2))
    return any(" ".join(run) in theirs for run in runs if all(map(_is_small, run)))


# --- script ------------------------------------------------------------------------------------

_SIGNS = {
    "Hans": frozenset({"Hani"}),
    "Hant": frozenset({"Hani"}),
    "Jpan": frozenset({"Hani", "Hira", "Kana"}),
    "Kore": frozenset({"Hang", "Hani"}),
}
_KANA = frozenset({"Hira", "Kana"})


@lru_cache(maxsize=8192)
def _script_of(sign: str) -> str:
    return str(icu.Script.getScript(sign).getShortName())


def is_in_wrong_script(source: str, target: str, to_language: str) -> bool:
    """Whether too many letters of an answer are of another script than its language's."""
    wanted = _SIGNS.get(script(to_language), frozenset({script(to_language)}))
    # A name that stayed in its own script is no fault; lower-case words of the source are.
    kept = {word for word in _WORD.findall(source) if word[0].isupper()}
    letters = [
        _script_of(sign)
        for word in _WORD.findall(words_of(target))
        if word not in kept
        for sign in word
        if sign.isalpha()
    ]
    if len(letters) < 10:
        return False
    if base(to_language) in ("zh", "ja") and _is_other_of_the_two(letters, base(to_language)):
        return True
    strange = sum(letter not in wanted and letter not in ("Zyyy", "Zinh") for letter in letters)
    # One Chinese sign stands for a word, one Latin letter does not: a name or two is no fault there.
    return strange / len(letters) > (0.7 if "Hani" in wanted else 0.3)


def _is_other_of_the_two(letters: list[str], language: str) -> bool:
    """Chinese has no kana; a Japanese sentence is hardly ever without."""
    kana = sum(letter in _KANA for letter in letters)
    han = letters.count("Hani")
    return kana > 0.2 * len(letters) if language == "zh" else kana == 0 and han >= 16
