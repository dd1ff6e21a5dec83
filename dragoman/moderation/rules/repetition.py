"""The same text again by the same writer."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from dragoman.foundation.words import folded
from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known

FEWEST_LETTERS = 20  # “Thank you!” is nobody’s property
_BITS = 63  # a signed column's


def print_of(text: str) -> int:
    """Equal for texts of the same letters and digits; 0 for what is too short to be told apart."""
    letters = "".join(sign for sign in folded(text) if sign.isalnum())
    if len(letters) < FEWEST_LETTERS:
        return 0
    digest = hashlib.sha256(letters.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _BITS) or 1


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """Within so many minutes; two threads may be answered in the same words on another day."""
    own = print_of(candidate.text)
    since = candidate.at - timedelta(minutes=known.numbers["repetition.minutes"])
    if own and not candidate.is_edit and any(one.print == own and one.at > since for one in candidate.writer.earlier):
        yield Found(((0, len(candidate.text)),))
