"""More at one place, or from one address, than people write."""

from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """Those who have been here for long are not held up by a crowd: they are who the crowd is to be told from."""
    if candidate.writer.is_trusted(candidate.at):
        return
    if candidate.here >= known.numbers["flood.here"] or candidate.nearby >= known.numbers["flood.address"]:
        yield Found()
