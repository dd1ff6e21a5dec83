"""How much is written, and what waits for people: numbers for those who run the house."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q

from dragoman.conversation.models import Comment
from dragoman.foundation.clock import now


@dataclass(frozen=True, slots=True)
class Figures:
    """Of all threads."""

    by_state: dict[str, int]
    last_hour: int
    held_since: float  # seconds that the oldest held comment waits, 0 where none does


def figures() -> Figures:
    """Two queries."""
    rows = Comment.objects.filter(moved_to=None).values_list("state").annotate(number=Count("id"))
    moment = now()
    facts = Comment.objects.filter(moved_to=None).aggregate(
        new=Count("id", filter=Q(posted_at__gt=moment - timedelta(hours=1))),
        oldest=Min("posted_at", filter=Q(state="held")),
    )
    waits = (moment - facts["oldest"]).total_seconds() if facts["oldest"] else 0.0
    return Figures(dict(rows), facts["new"], waits)
