"""Cases for what waited before there were cases, and for what nodes of that version hold or take beside this one."""

from collections.abc import Iterator
from itertools import islice

from django.db import transaction
from django.db.models import QuerySet

from dragoman.conversation.lifecycle import locked
from dragoman.conversation.models import Comment
from dragoman.conversation.screening import KIND, matter_of
from dragoman.moderation.cases import Queue, open_case
from dragoman.moderation.queries import open_cases, open_reports

_AT_ONCE = 500


def open_missing_cases() -> int:
    """Open them; how many. Done twice it does nothing."""
    reports = open_reports(KIND)
    waiting: list[tuple[str, Queue, Iterator[int]]] = [
        ("held", "held", _ids(Comment.objects.filter(state="held"))),
        ("visible", "reported", _ids(Comment.objects.filter(state="visible", pk__in=list(reports)))),
    ]
    opened = 0
    for state, queue, ids in waiting:
        while some := list(islice(ids, _AT_ONCE)):
            known = open_cases(KIND, some)
            opened += sum(_open(pk, state, queue, reports.get(pk, 0)) for pk in some if pk not in known)
    return opened


def _ids(rows: QuerySet[Comment]) -> Iterator[int]:
    return iter(list(rows.order_by("id").values_list("pk", flat=True)))


def _open(pk: int, state: str, queue: Queue, reports: int) -> bool:
    with transaction.atomic():
        comment = locked(Comment.objects.get(pk=pk))
        if comment.state != state or open_cases(KIND, [pk]):
            return False
        open_case(matter_of(comment), queue, reports=reports)
    return True
