"""A writer of whom much was removed lately."""

from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known

_LATEST = 20  # comments: what somebody wrote years ago is forgiven


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """So many of the latest comments."""
    latest = candidate.writer.earlier[:_LATEST]
    if sum(one.state == "removed" for one in latest) >= known.numbers["record.removed"]:
        yield Found()
