"""How long an answer may be: one factor for each language, so that any two of them have a band.

``python -m benchmarks.fit_lengths`` prints the table.
"""

from functools import lru_cache
from math import hypot, log

from dragoman.foundation.languages import base
from dragoman.translation.rules.markers import words_of

# Signs for each sign of English, and how far (in logarithms) one answer in a hundred goes from that, up or down.
_LANGUAGES = {
    "ar": (0.87, 0.29),
    "de": (1.15, 0.23),
    "en": (1.00, 0.00),
    "es": (1.12, 0.25),
    "fr": (1.17, 0.23),
    "he": (0.76, 0.25),
    "it": (1.12, 0.26),
    "ja": (0.44, 0.36),
    "pt": (1.07, 0.20),
    "ru": (1.05, 0.28),
    "tr": (1.00, 0.30),
    "uk": (1.01, 0.26),
    "zh": (0.31, 0.50),
}
_UNKNOWN = (1.0, log(2.5))
_LEAST_SPREAD = 0.2  # between two regions of one language
_FEWEST_SIGNS = 20
_FEWEST_HAN_SIGNS = 7
SHORT = 40  # signs; a text of this length may differ twice as far as a long one
FAR_LONGER, FAR_SHORTER = log(4), log(0.2)


@lru_cache(maxsize=1024)
def _pair(from_language: str, to_language: str) -> tuple[float, float]:
    """The logarithm of how much longer answers are, and how far from that they may be."""
    one, other = (_LANGUAGES.get(base(tag), _UNKNOWN) for tag in (from_language, to_language))
    width = _UNKNOWN[1] if _UNKNOWN in (one, other) else hypot(one[1], other[1])
    return log(other[0] / one[0]), max(width, _LEAST_SPREAD)


def deviation(source: str, target: str, from_language: str, to_language: str) -> float:
    """The logarithm of how many times longer than expected an answer is: negative where it is shorter."""
    expected, _spread = _pair(from_language, to_language)
    return log((len(words_of(target).strip()) + 2) / (len(words_of(source).strip()) + 2)) - expected


def spread(source: str, from_language: str, to_language: str) -> float:
    """How large a deviation is nothing to speak of: larger for short texts."""
    width = _pair(from_language, to_language)[1]
    return width if width == _UNKNOWN[1] else width * (1 + SHORT / (len(words_of(source).strip()) + 2))


def has_length(source: str, from_language: str) -> bool:
    """Whether a source is long enough to expect anything."""
    fewest = _FEWEST_HAN_SIGNS if base(from_language) in ("zh", "ja") else _FEWEST_SIGNS
    return len(words_of(source).strip()) >= fewest
