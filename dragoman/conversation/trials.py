"""The latest comments as the rules would have seen them, to try a change of the rulebook on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

from django.db.models import Window
from django.db.models.functions import RowNumber

from dragoman.conversation.models import Comment
from dragoman.conversation.screening import ALIKE_WITHIN
from dragoman.moderation.rules.candidate import Candidate, Earlier, Writer
from dragoman.readers.queries import Profile, profiles

_EARLIER = 80  # of each writer; what a rule looks back on is within
_Row: TypeAlias = tuple[int, datetime, str, int]


def candidates(most: int) -> list[tuple[int, Candidate]]:
    """With the ids of their comments, the newest first, as they would be judged at the moment of their posting.

    What only that moment knew is left out: the form's trap, addresses, crowds. The writers' word on their language
    is believed. Four queries.
    """
    rows = list(Comment.objects.filter(state__in=("visible", "held", "removed")).order_by("-id")[:most])
    writers = profiles({row.author_id for row in rows})
    earlier = _earlier(set(writers))
    alike = _alike({row.print for row in rows} - {0})
    return [(row.pk, _candidate(row, writers[row.author_id], earlier[row.author_id], alike[row.print])) for row in rows]


def _candidate(
    row: Comment, writer: Profile, earlier: Sequence[_Row], alike: Sequence[tuple[int, datetime]]
) -> Candidate:
    before = [Earlier(at, state, same) for _author, at, state, same in earlier if at < row.posted_at]
    names = tuple(filter(None, (writer.nickname, writer.real_name)))
    others = {
        author for author, at in alike if author != row.author_id and row.posted_at - ALIKE_WITHIN < at < row.posted_at
    }
    return Candidate(
        row.source,
        row.language,
        row.posted_at,
        Writer(writer.id, names, writer.joined_at, writer.is_staff, before),
        alike=len(others),
    )


def _earlier(writers: set[int]) -> dict[int, list[_Row]]:
    place = Window(RowNumber(), partition_by="author", order_by="-posted_at")
    rows = Comment.objects.filter(author__in=writers, moved_to=None).annotate(place=place).filter(place__lte=_EARLIER)
    found: dict[int, list[_Row]] = defaultdict(list)
    for row in rows.order_by("author", "-posted_at").values_list("author_id", "posted_at", "state", "print"):
        found[row[0]].append(row)
    return found


def _alike(prints: set[int]) -> dict[int, list[tuple[int, datetime]]]:
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    for same, author, at in Comment.objects.filter(print__in=prints).values_list("print", "author_id", "posted_at"):
        found[same].append((author, at))
    return found
