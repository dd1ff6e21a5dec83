"""Announcing, and forgetting what was announced long ago."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Min, Q

from dragoman.foundation.clock import now
from dragoman.foundation.statements import insert
from dragoman.live import wakeup
from dragoman.live.events import Announcement
from dragoman.live.models import Follower, OutboxEvent
from dragoman.live.queries import last_event_id

_WEEK = timedelta(days=7)
KEPT = timedelta(hours=24)  # longer than any page stays disconnected and still wants to resume
_ORDER_LOCK = 0x0B0C5  # an arbitrary key of our own among PostgreSQL's advisory locks


def announce(*announcements: Announcement) -> None:
    """Write to the outbox inside the caller's transaction; wake the listeners after its commit.

    On PostgreSQL a transaction-wide advisory lock makes ids appear in the order
    of commits: without it a stream that has seen id 8 would never see a 7 that
    commits later. SQLite has one writer anyway. Announce last in a transaction.
    """
    if not announcements:
        return
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ORDER_LOCK])
        insert([OutboxEvent(topic=one.topic, kind=one.kind, data=dict(one.data), at=now()) for one in announcements])
        transaction.on_commit(wakeup.call)


def forget_old_events() -> int:
    """Delete what no stream will resume from any more and every follower has had; the number of rows.

    A follower that is a week behind is none any more. The newest event stays: pages say up to which one they were made.
    """
    behind = Follower.objects.aggregate(slowest=Min("last_event"))["slowest"]
    old = OutboxEvent.objects.filter(at__lt=now() - KEPT, id__lt=last_event_id())
    needless = old if behind is None else old.filter(Q(id__lte=behind) | Q(at__lt=now() - _WEEK))
    return needless.delete()[0]
