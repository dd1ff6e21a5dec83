"""Reading the outbox."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from django.db.models import Min

from dragoman.foundation.statements import Select
from dragoman.live.events import EVERYONE, Announcement, Heard
from dragoman.live.models import Follower, OutboxEvent

MOST_AT_ONCE = 500


def last_event_id() -> int:
    """The newest id, 0 when nothing was ever announced."""
    newest = _NEWEST.first()
    return int(newest[0]) if newest else 0


# From an id on: without it the plan would be a walk through the index, from whose end one row is read.
_NEWEST = Select(lambda: OutboxEvent.objects.filter(id__gt=0).order_by("-id").values_list("id")[:1])


def last_event_at() -> datetime | None:
    """When the newest event was announced."""
    at: datetime | None = OutboxEvent.objects.order_by("-id").values_list("at", flat=True).first()
    return at


def followed_until() -> datetime | None:
    """When the oldest event was announced that some follower has not dealt with; none where all is done.

    Where no follower has ever come, nobody has dealt with the first.
    """
    slowest = Follower.objects.aggregate(slowest=Min("last_event"))["slowest"] or 0
    at: datetime | None = OutboxEvent.objects.filter(id__gt=slowest).order_by("id").values_list("at", flat=True).first()
    return at


def first_event_id() -> int:
    """The oldest id that is still kept, 0 when there is none."""
    oldest: int | None = OutboxEvent.objects.aggregate(oldest=Min("id"))["oldest"]
    return oldest or 0


def events_after(event_id: int, topics: Collection[str] | None = None, *, limit: int = MOST_AT_ONCE) -> list[Heard]:
    """At most ``limit`` events after ``event_id``, in order; of these topics alone where some are named."""
    if topics is not None:
        named = OutboxEvent.objects.filter(id__gt=event_id, topic__in=[*topics, EVERYONE]).order_by("id")[:limit]
        rows = list(named.values_list("id", "topic", "kind", "data"))
    else:
        rows = _after(limit)(event_id)
    return [Heard(pk, Announcement(topic, kind, data)) for pk, topic, kind, data in rows]


@cache
def _after(limit: int) -> Select:
    """Every process asks several times a second."""
    return Select(
        lambda last: (
            OutboxEvent.objects.filter(id__gt=last).order_by("id").values_list("id", "topic", "kind", "data")[:limit]
        )
    )


def events_behind() -> dict[str, int]:
    """How many events each follower has not dealt with yet, by the ids. Two queries."""
    last = last_event_id()
    return {name: max(0, last - place) for name, place in Follower.objects.values_list("name", "last_event")}
