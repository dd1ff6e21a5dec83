"""Cleaning, keys and look-alikes of text. Everything here is pure."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import icu

# C0 and C1 controls but tab and line feed, and every character that changes the
# direction of its surroundings: the "trojan source" set plus the marks.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff]"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Cleaned:
    """A text without control and bidi characters, and how many were taken out."""

    text: str
    removed: int


def clean(text: str) -> Cleaned:
    """Take out what a text must not carry; line ends become ``\\n``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept, removed = _UNWANTED.subn("", lines)
    kept, lone = _SURROGATES.subn("", kept)
    return Cleaned(kept, removed + lone)


def _is_plain(text: str) -> bool:
    """Whether there is nothing to be taken out and nothing to be composed; most words of most languages."""
    return text.isascii() and text.isprintable()


def one_line(text: str) -> str:
    """Cleaned, NFC, every run of white space one space, none at the ends."""
    if _is_plain(text):
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", clean(text).text).split())


def casefold_key(text: str) -> str:
    """Equal for texts that differ in case, width or composition only."""
    if _is_plain(text):
        return " ".join(text.split()).lower()
    folded = unicodedata.normalize("NFKC", one_line(text)).casefold()
    return unicodedata.normalize("NFKC", folded)


@lru_cache(maxsize=1)
def _spoof_checker() -> icu.SpoofChecker:
    return icu.SpoofChecker()


def confusable_key(text: str) -> str:
    """The skeleton of Unicode Technical Standard 39: equal for look-alikes across scripts and cases."""
    skeleton = _spoof_checker().getSkeleton(0, casefold_key(text))
    return unicodedata.normalize("NFC", str(skeleton)).casefold()


def latin_capitals(text: str) -> str:
    """Capitals of other scripts that look like Latin ones, as these: the Cyrillic Н is an H, its small н is none.

    To be asked for before :func:`confusable_key`, which makes all letters small.
    """
    return "".join(_latin_capital(sign) for sign in unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)
def _latin_capital(sign: str) -> str:
    if sign.isascii() or not sign.isupper():
        return sign
    alike = str(_spoof_checker().getSkeleton(0, sign))
    if alike == "l":  # the standard’s sign for all upright strokes; of capitals it is this one
        return "I"
    return alike if alike.isascii() and alike.isalpha() else sign
