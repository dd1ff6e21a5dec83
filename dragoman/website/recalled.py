"""What pages show to many, recalled until an event touches it.

A page is made of some forty statements and their rows; from one reader to the next nearly all of them say the same.
So what was made of them counts while none of its surrogate keys (see ``delivery``) was touched by an event since.
Whatever changes what is shown is announced in the transaction that changes it: a page that reads the outbox first knows
all that it must not recall. What is a reader's own is put on it afterwards, by whoever asks.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from dragoman.delivery.keys import touched_by
from dragoman.live.events import Heard
from dragoman.live.queries import MOST_AT_ONCE, events_after

Place = TypeVar("Place", bound=Hashable)
Made = TypeVar("Made")
_log = logging.getLogger(__name__)
_MOST_BEHIND = 4 * MOST_AT_ONCE  # events: reading more costs more than making anew
_MOST_KEYS = 50_000
_KEPT_FOR = 10.0  # seconds, for whatever no event tells of: an engine that is switched off, a month's budget
_ASLEEP = 3600.0  # seconds without a page, after which events may have been forgotten unread


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an age: nothing of what was announced before its ``floor``. ``newest``: events by key."""

    age: int
    floor: int
    newest: dict[str, int]

    def has_spared(self, keys: Iterable[str], since: int) -> bool:
        """Whether no event after ``since`` has touched one of the keys."""
        return all(self.newest.get(key, 0) <= since for key in keys)


class _Touched:
    """Which keys events have touched, up to the last event that this process has read. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known = _Known(0, 0, {})
        self._last = 0
        self._looked = 0.0

    def read_to(self, at: int) -> _Known:
        """Read what was announced up to this event, where that has not been done."""
        with self._lock:
            slept = time.monotonic() - self._looked > _ASLEEP
            if slept or at - self._last > _MOST_BEHIND or len(self._known.newest) > _MOST_KEYS:
                self._begin(at)
            self._looked = time.monotonic()
            last = self._last
        while last < at:
            heard = events_after(last)  # without the lock: a replica that hangs must not hold up all others
            with self._lock:
                if heard:
                    self._hear(heard, at)
                elif self._last < at:  # it was forgotten meanwhile
                    self._begin(at)
                last = self._last
        return self._known

    def _hear(self, heard: Sequence[Heard], at: int) -> None:
        try:
            for event in heard:
                if event.id > self._last:  # another thread was faster
                    said = event.announcement
                    for touched in touched_by(said.topic, said.kind, said.data):
                        self._known.newest.update(dict.fromkeys(touched.keys, event.id))
                    self._last = event.id
        except Exception:
            _log.exception("what happened could not be told to what is recalled: nothing of it counts any more")
            self._begin(max(at, heard[-1].id))

    def _begin(self, at: int) -> None:
        self._known, self._last = _Known(self._known.age + 1, at, {}), at

    def forget(self) -> None:
        """Nothing that was made so far counts."""
        with self._lock:
            self._begin(0)


_touched = _Touched()
forget = _touched.forget  # where another database takes this one's place: in tests


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Made]):
    made: Made
    keys: frozenset[str]
    at: int  # the newest event then
    age: int
    since: float


class Recalled(Generic[Place, Made]):
    """The last of each place; of ``most`` places, those wanted last. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Place, _Kept[Made]] = OrderedDict()
        self._lock = Lock()

    def get(self, place: Place, at: int, make: Callable[[], tuple[Made, Iterable[str]]]) -> Made:
        """What stands there, or what ``make`` makes, with the keys of all that it shows.

        ``at``: the newest event, read by the caller before anything else.
        """
        known, moment = _touched.read_to(at), time.monotonic()
        kept = self._found.get(place)
        if kept is None or not self._counts(kept, known, moment):
            made, keys = make()
            kept = _Kept(made, frozenset(keys), at, known.age, moment)
            if at < known.floor:  # read before what is not known: nobody else shall see it
                return made
        with self._lock:
            self._found[place] = kept
            self._found.move_to_end(place)
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return kept.made

    @staticmethod
    def _counts(kept: _Kept[Made], known: _Known, moment: float) -> bool:
        is_young = moment - kept.since < _KEPT_FOR
        return is_young and kept.age == known.age and known.has_spared(kept.keys, kept.at)
