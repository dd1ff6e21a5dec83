"""A field that nobody sees was filled in: by a program that fills in every field."""

from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """Nothing of the text need be looked at."""
    if candidate.is_trapped:
        yield Found()
