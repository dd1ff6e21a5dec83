"""The first comments of somebody whom nobody knows."""

from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """Until so many were shown."""
    if not candidate.writer.is_staff and candidate.writer.shown < known.numbers["newcomers.first"]:
        yield Found()
