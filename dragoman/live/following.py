"""Doing something for each event, once, however often workers are killed."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from django.db import connection, transaction

from dragoman.live.events import Heard
from dragoman.live.models import Follower
from dragoman.live.queries import events_after, last_event_id

Handle: TypeAlias = Callable[[Sequence[Heard]], None]
Prepare: TypeAlias = Callable[[Sequence[Heard]], Callable[[], None]]
_AT_ONCE = 200  # events that are handled in one transaction


def follow(name: str, prepare: Prepare) -> bool:
    """Hand the next events to ``prepare`` and do what it says, in the transaction that remembers them; whether any.

    What is written and how far the follower has come are committed together. ``prepare``
    only reads: on SQLite it does so before the transaction, for nobody else can write
    meanwhile. On PostgreSQL the second of two workers finds the row locked and goes on
    with something else. A follower that is new begins with what comes next.
    """
    place = _place(name)
    if place is None:
        return False
    if connection.vendor != "postgresql":
        return _hand_on(place, prepare)
    if not events_after(place.last_event, limit=1):
        return False  # an idle look takes no lock
    with transaction.atomic():
        mine = Follower.objects.filter(name=name).select_for_update(skip_locked=True).first()
        return mine is not None and _hand_on(mine, prepare)


def _hand_on(place: Follower, prepare: Prepare) -> bool:
    events = events_after(place.last_event, limit=_AT_ONCE)
    if not events:
        return False
    write = prepare(events)
    with transaction.atomic():
        mine = Follower.objects.filter(name=place.name, last_event=place.last_event)
        if mine.update(last_event=events[-1].id):  # else another worker was faster
            write()
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
