"""Reading the outbox."""

from django.db.models import Max

from dragoman.live.events import Announcement, Heard
from dragoman.live.models import OutboxEvent

MOST_AT_ONCE = 500


def last_event_id() -> int:
    """The newest id, 0 when nothing was ever announced."""
    newest: int | None = OutboxEvent.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def events_after(event_id: int) -> list[Heard]:
    """At most ``MOST_AT_ONCE`` events after ``event_id``, in order."""
    rows = OutboxEvent.objects.filter(id__gt=event_id).order_by("id")[:MOST_AT_ONCE]
    return [Heard(row.id, Announcement(row.topic, row.kind, row.data)) for row in rows]
