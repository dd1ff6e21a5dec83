"""The numbers of a text, and what became of them in an answer.

A number is its digits, whatever their separators and script: 1,000.5 and
1.000,5 and ١٬٠٠٠٫٥ are one. What writers of another language may do to a number
is no fault: spell a small one, count by 万 or by millions, shorten a year to a
decade, turn 6 p.m. into 18. What remains was lost, invented, or changed.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import icu

from dragoman.foundation.languages import base
from dragoman.translation.rules.markers import MARKER

# A space separates thousands only; “in 2024 1,000 came” are two numbers. French writes 9 h 30 for 9:30.
_NUMBER = re.compile(
    r"(\d+(?:[.,:'’\u066b\u066c]\d+|(?<!\d{4})[\u00a0\u202f ]\d{3}(?!\d)"
    r"|[\u00a0\u202f ]?h[\u00a0\u202f ]?\d{2}(?!\d))*)"
    r"([\u00a0\u202f -]?(?:thousand|tausend|tys|тыс|тис|[mb]il|mrd|млн|млрд|мил|міл|bin\b|mln|mio"
    r"|mili|مليون|مليار|ملايين|ألف|آلاف|מיליון|מיליארד|אלף|[千百]?[万萬億亿兆]|千))?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_MYRIADS = re.compile(r"(?:\d[\d.,]*[千百]?[万萬億亿兆]){2,}\d*|\d+[万萬億亿兆]\d+")
_MYRIAD = re.compile(r"(\d[\d.,]*)([千百]?[万萬億亿兆]?)")
_POWERS = {"百": 2, "千": 3, "万": 4, "萬": 4, "億": 8, "亿": 8, "兆": 12}
_MONEY_OR_DATE = re.compile(
    r"[$€£¥₽₴₺₪]|\b(?:USD|EUR|GBP|JPY)\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b|\b(?:1[5-9]|20)\d\d\b"
)
_MOST_COMPARED = 60  # numbers, each with each
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class Number:
    """``digits`` without separators and leading zeros; ``is_scaled`` where a word such as million follows."""

    digits: str
    is_scaled: bool = False
    zeros: int = 0  # that the word stands for, where one sign says it


@dataclass(slots=True)
class Difference:
    """Numbers of a source that its answer does not hold, and the other way round."""

    missing: list[Number] = field(default_factory=list)
    new: list[Number] = field(default_factory=list)

    @property
    def is_change(self) -> bool:
        """Whether a number of several digits stands where another of the same size was."""
        return any(
            len(one.digits) == len(other.digits) >= 2 and one.is_scaled == other.is_scaled
            for one in self.missing
            for other in self.new
        )

    @property
    def is_notable(self) -> bool:
        """Whether several digits are concerned, or one was changed into another."""
        several = any(len(number.digits) >= 2 for number in (*self.missing, *self.new))
        return several or bool(self.missing and self.new)


def numbers(text: str) -> list[Number]:
    """All numbers in their order."""
    if not _DIGIT.search(text):
        return []
    plain = _MYRIADS.sub(_sum, _western(MARKER.sub(" ", text)))
    found = ((re.sub(r"\D", "", match[1]).lstrip("0"), match[2] or "") for match in _NUMBER.finditer(plain))
    return [Number(digits, bool(word), sum(map(_zeros, word))) for digits, word in found if digits]


def _zeros(sign: str) -> int:
    return _POWERS.get(sign, 0)


def difference(source: str, target: str, from_language: str, to_language: str) -> Difference:
    """What is left of both sides' numbers after everything that may be has been paired."""
    ours, theirs = numbers(source), numbers(target)
    left = Difference(_without(ours, theirs), _without(theirs, ours))
    if not (left.missing or left.new) or len(left.missing) + len(left.new) > _MOST_COMPARED:
        return left
    left.missing, left.new = _not_in_pieces(left.missing, left.new), _not_in_pieces(left.new, left.missing)
    years = {one.digits for one in (*left.missing, *left.new) if len(one.digits) == 4}
    for may_stand in (_is_counted_otherwise, _is_full_hour, _is_decade, _is_other_clock):
        _pair_off(left, may_stand)
    left.missing = _not_in_words(left.missing, years, source, target, to_language)
    left.new = _not_in_words(left.new, years, target, source, from_language)
    return left


def _not_in_words(these: list[Number], years: set[str], text: str, other: str, language: str) -> list[Number]:
    """Without those that the other side spells, has as a month's name, or as the decade of a century."""
    centuries = {str(int(year[:2]) + 1) for year in years}
    return [
        number
        for number in these
        if number.digits not in centuries
        and not is_spelled(number.digits + "0" * number.zeros, other, language)
        and not _is_month(number.digits, text, other, language)
    ]


def has_money_or_date(text: str) -> bool:
    """Whether the numbers of a text are such that an article must not get them wrong."""
    return bool(_MONEY_OR_DATE.search(text))


def _western(text: str) -> str:
    """Other scripts' digits, and full-width ones, as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def _sum(match: re.Match[str]) -> str:
    """1億2000万 is one number."""
    total = 0
    for part in _MYRIAD.finditer(match[0]):
        digits = re.sub(r"\D", "", part[1])
        total += int(digits[:15] or "0") * 10 ** sum(_POWERS[sign] for sign in part[2])
    return str(total)


def _pair_off(left: Difference, may_stand: Callable[[Number, Number], bool]) -> None:
    kept = []
    for number in left.missing:
        match = next((other for other in left.new if may_stand(number, other)), None)
        if match is None:
            kept.append(number)
        else:
            left.new.remove(match)
    left.missing = kept


def _without(these: list[Number], others: list[Number]) -> list[Number]:
    """Those that the other side does not hold, as often as it does not."""
    spare = Counter(number.digits for number in others)
    spare.subtract(number.digits for number in reversed(these))
    kept = []
    for number in reversed(these):
        if spare[number.digits] < 0:
            spare[number.digits] += 1
            kept.append(number)
    return kept[::-1]


def _is_counted_otherwise(one: Number, other: Number) -> bool:
    """120,000 and 12万, 1.5 million and 1,500,000."""
    is_scaled = one.is_scaled or other.is_scaled
    return is_scaled and one.digits.rstrip("0") == other.digits.rstrip("0")


def _is_decade(one: Number, other: Number) -> bool:
    """The 1990s and the 90s."""
    long, short = sorted((one.digits, other.digits), key=len, reverse=True)
    return len(long) == 4 and len(short) == 2 and long.endswith(short)


def _is_other_clock(one: Number, other: Number) -> bool:
    """10 p.m. and 22, 6:30 p.m. and 18:30."""
    low, high = sorted((int(one.digits[:6]), int(other.digits[:6])))
    return (high - low == 12 and high <= 24) or (high - low == 1200 and low >= 100 and high < 2400)


def _is_full_hour(one: Number, other: Number) -> bool:
    """11:00 and 11時."""
    short, long = sorted((one.digits, other.digits), key=len)
    return len(short) <= 2 and long == short + "00"


def _not_in_pieces(these: list[Number], others: list[Number]) -> list[Number]:
    """Without those that stand on the other side in pieces, or as pieces: 11:29 and 11点29分."""
    kept, at = [], 0
    while at < len(these):
        size = next((size for size in (2, 3) if _joined(these[at : at + size], size) in _digits(others)), 0)
        if not size and not any(_joined(others[i : i + 2], 2) == these[at].digits for i in range(len(others))):
            kept.append(these[at])
        at += size or 1
    return kept


def _joined(numbers: list[Number], size: int) -> str:
    return "".join(number.digits for number in numbers) if len(numbers) == size else "-"


def _digits(numbers: list[Number]) -> set[str]:
    return {number.digits for number in numbers}


@lru_cache(maxsize=64)
def _months(language: str) -> tuple[str, ...]:
    symbols = icu.DateFormatSymbols(icu.Locale(language))
    return tuple(str(name).casefold()[:4] for name in symbols.getMonths())


def _is_month(digits: str, text: str, other: str, language: str) -> bool:
    """Whether 11月 stands for November."""
    number = int(digits) if len(digits) <= 2 else 0
    if not 1 <= number <= 12 or not re.search(rf"(?<!\d){number}\s?[月월]", _western(text)):
        return False
    return _months(base(language))[number - 1] in other.casefold()


@lru_cache(maxsize=256)
def _speller(language: str) -> tuple[icu.RuleBasedNumberFormat, tuple[str, ...]]:
    speller = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(language))
    names = [speller.getRuleSetName(index) for index in range(speller.getNumberOfRuleSetNames())]
    return speller, tuple(name for name in names if "financial" not in name)


@lru_cache(maxsize=4096)
def _spellings(number: int, language: str) -> tuple[tuple[str, ...], ...]:
    """Each way to write it in words, as the beginnings of its words: endings change."""
    speller, names = _speller(language)
    written = {str(speller.format(number, name)).casefold().replace("\u00ad", "-") for name in names}
    found = {tuple(re.findall(r"[^\W\d_]+", words)) for words in written}
    return tuple(tuple(word[: max(3, len(word) - 2)] for word in words) for words in found if words)


def is_spelled(digits: str, text: str, language: str) -> bool:
    """Whether a text says the number in words, as a Roman numeral or, below three, by a word such as “both”."""
    number = int(digits) if len(digits) <= 9 else 0
    if number < 3:
        return True
    folded = text.casefold()
    if any(all(word in folded for word in words) for words in _spellings(number, base(language))):
        return True
    return number < 40 and re.search(rf"\b{_roman(number)}", text) is not None


def _roman(number: int) -> str:
    written = ""
    for value, signs in _ROMAN:
        written += signs * (number // value)
        number %= value
    return written
