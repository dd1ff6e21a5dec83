"""Who waits for whom: priorities, turns, batches, pauses. Pure; the queue applies them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

# Priorities, the most urgent first.
SCREEN = 0  # somebody is looking at it
PAGE = 1  # elsewhere on a page that somebody has open
ARTICLE = 2
COMMENT = 3
LATER = 4  # what was imported, or lacks a translation since a new engine or edition
IMPROVE = 5  # what is there and might be better

GRACE = timedelta(minutes=2)  # after an edit: writers mend their slips at once, and a second edit costs nothing then
EVERY_SO_MANY = 8  # of so many batches one goes to whoever waits longest, whatever its priority
SCREEN_SECONDS = 2.0  # of work in one batch while somebody is looking
BATCH_SECONDS = 8.0  # of any other batch: less than a call may take
RETRY = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(minutes=30)
_SIZES = (64, 128, 256, 512)  # characters


def size_class(text: str) -> int:
    """Sentences of one class are near enough in length to share a batch without much padding."""
    return sum(len(text) > size for size in _SIZES)


def pause_after(strikes: int) -> timedelta:
    """How long an engine rests after so many failures in a row: half a minute, then twice as long each time."""
    doublings = min(max(strikes, 1) - 1, 10)
    return min(RETRY * (1 << doublings), _LONGEST_PAUSE)


def most_together(attempts: int, most: int) -> int:
    """How many jobs may share a batch that came back ``attempts`` times without an answer.

    A quarter each time: one sentence that breaks an engine is alone after a few rounds.
    """
    return max(1, most >> (2 * attempts))


def next_turn(current: int | None, last_of_topic: int | None) -> int:
    """The turn of a topic's next post: start-time fair queueing, each post one unit of service.

    ``current`` is the lowest turn waiting at the priority, ``last_of_topic`` the highest of this topic.
    Source: Goyal, Vin, Cheng, “Start-time Fair Queueing”, SIGCOMM 1996.
    """
    return max(current or 0, (last_of_topic if last_of_topic is not None else -1) + 1)


def start_of_next_month(moment: datetime) -> datetime:
    """In the moment's own time zone."""
    first = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)


T = TypeVar("T")


def in_calls(items: Iterable[tuple[T, int]], *, most_items: int, most_characters: int) -> Iterator[Sequence[T]]:
    """Things with their lengths, cut into calls; one that is too long for any call goes alone."""
    call: list[T] = []
    characters = 0
    for item, length in items:
        if call and (len(call) >= most_items or characters + length > most_characters):
            yield call
            call, characters = [], 0
        call.append(item)
        characters += length
    if call:
        yield call
