"""What need not be said twice in one breath. Pure."""

from collections.abc import Sequence

from dragoman.live.events import Heard

# What an event of a kind is about; a later one of the same kind about the same thing says all that it said.
_ABOUT = {
    "vote": ("id",),
    "changed": ("of", "id"),
    "translation": ("of", "id", "language"),
    "presence": ("reader",),
    "notified": (),
    "sanctioned": ("id",),
    "thanked": ("unit",),
}


def coalesced(events: Sequence[Heard]) -> list[Heard]:
    """The events without those that a later one makes idle, in their order."""
    last = {_key(event): event.id for event in events}
    return [event for event in events if last[_key(event)] == event.id]


def _key(event: Heard) -> tuple[object, ...]:
    said = event.announcement
    about = _ABOUT.get(said.kind)
    return (event.id,) if about is None else (said.topic, said.kind, *(said.data.get(name) for name in about))
