"""A writer whose name looks like one of the staff's, in whatever script."""

from collections.abc import Iterator

from dragoman.foundation.text import confusable_key, latin_capitals
from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known

FEWEST_LETTERS = 4  # of a name: “Ada” is in “Canada”


def bare(name: str) -> str:
    """The skeleton of a name's letters alone: equal for “Mína Vogt”, “MinaVogt_2” and look-alikes in other scripts."""
    return "".join(sign for sign in confusable_key(latin_capitals(name)) if sign.isalpha())


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """The name of somebody on the staff stands in the writer's."""
    if candidate.writer.is_staff:
        return
    names = [bare(name) for name in candidate.writer.names]
    if any(theirs in name for theirs in known.staff for name in names if len(theirs) >= FEWEST_LETTERS):
        yield Found()
