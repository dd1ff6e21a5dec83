"""Links: what most advertising is written for."""

import re
from collections.abc import Iterator

from dragoman.moderation.rules.candidate import Candidate
from dragoman.moderation.rules.known import Found, Known

_LINK = re.compile(r"(?:https?://|www\.)([^\s/<>()\[\]\"'?#]{1,255})[^\s<>()\[\]]{0,2000}", re.IGNORECASE)


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """So many, or any by somebody new. Links to the publication itself are nobody's advertising."""
    writer = candidate.writer
    if writer.is_trusted(candidate.at):
        return
    spans = tuple(
        match.span()
        for match in _LINK.finditer(candidate.text)
        if match[1].lower().rpartition("@")[2].partition(":")[0] not in known.hosts
    )
    is_new = writer.shown < known.numbers["links.newcomer"]
    if spans and (is_new or len(spans) > known.numbers["links.most"]):
        yield Found(spans)
