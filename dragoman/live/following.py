"""Doing something for each event, once, however often workers are killed."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.db import connection, transaction

from dragoman.live.events import Heard
from dragoman.live.models import Follower
from dragoman.live.queries import events_after, last_event_id

Handle: TypeAlias = Callable[[Sequence[Heard]], None]
_AT_ONCE = 50  # events that are handled in one transaction: nobody waits for long to write meanwhile


def follow(name: str, handle: Handle) -> bool:
    """Hand the next events to ``handle``, in the transaction that remembers them; whether there were any.

    What it writes and how far it has come are committed together. Two workers take
    turns: the second finds the row locked (PostgreSQL: and goes on with something
    else). A follower that is new begins with what comes next.
    """
    place = _place(name)
    if place is None or not events_after(place.last_event, limit=1):
        return False  # an idle look must not keep SQLite's writer waiting
    with transaction.atomic():
        rows = Follower.objects.filter(name=name)
        if connection.vendor == "postgresql":
            rows = rows.select_for_update(skip_locked=True)
        mine = rows.first()
        if mine is None:
            return False
        events = events_after(mine.last_event, limit=_AT_ONCE)
        if not events:
            return False
        handle(events)
        mine.last_event = events[-1].id
        mine.save(update_fields=["last_event"])
    return True


def follow_again(name: str, handle: Handle) -> bool:
    """As :func:`follow`, for what may be done twice: outside of a transaction, however long it takes.

    A worker that is killed in between, or a second one beside it, does it once more.
    """
    place = _place(name)
    events = events_after(place.last_event) if place is not None else []
    if not events:
        return False
    handle(events)
    Follower.objects.filter(name=name, last_event__lt=events[-1].id).update(last_event=events[-1].id)
    return True


def _place(name: str) -> Follower | None:
    """How far a follower has come; ``None`` for one that begins just now."""
    place = Follower.objects.filter(name=name).first()
    if place is None:
        Follower.objects.get_or_create(name=name, defaults={"last_event": last_event_id()})
    return place
