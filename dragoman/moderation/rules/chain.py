"""The same text by several accounts: a campaign, or one person with many names."""

from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """So many others said exactly this within the last days."""
    if candidate.alike >= known.numbers["chain.others"]:
        yield Found(((0, len(candidate.text)),))
