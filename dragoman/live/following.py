"""Doing something for each event, once, however often workers are killed."""

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from dragoman.live.events import Heard
from dragoman.live.models import Follower
from dragoman.live.queries import events_after, last_event_id


def follow(name: str, handle: Callable[[Sequence[Heard]], None]) -> bool:
    """Hand the next events to ``handle``, in the transaction that remembers them; whether there were any.

    What it writes and how far it has come are committed together. Two workers take
    turns: the second finds the row locked (PostgreSQL: and goes on with something
    else). A follower that is new begins with what comes next.
    """
    place = Follower.objects.filter(name=name).first()
    if place is None:
        Follower.objects.get_or_create(name=name, defaults={"last_event": last_event_id()})
        return False
    if not events_after(place.last_event):  # an idle look must not keep SQLite's writer waiting
        return False
    with transaction.atomic():
        rows = Follower.objects.filter(name=name)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True)
        mine = rows.first()
        if mine is None:
            return False
        events = events_after(mine.last_event)
        if not events:
            return False
        handle(events)
        mine.last_event = events[-1].id
        mine.save(update_fields=["last_event"])
    return True
