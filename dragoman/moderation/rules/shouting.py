"""Capitals from beginning to end. Scripts without capitals cannot shout so."""

import re
from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known

_FEWEST = 20  # letters: “NATO, UNESCO!” is no shouting
_SIGNS = re.compile(r"[!?！？؟]{5,}")


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """So many of a hundred letters, or a row of exclamation marks."""
    if candidate.writer.is_trusted(candidate.at):
        return
    upper = sum(map(str.isupper, candidate.text))
    letters = upper + sum(map(str.islower, candidate.text))
    if letters >= _FEWEST and 100 * upper >= letters * known.numbers["shouting.percent"]:
        yield Found(((0, len(candidate.text)),))
        return
    spans = tuple(match.span() for match in _SIGNS.finditer(candidate.text))
    if spans:
        yield Found(spans)
