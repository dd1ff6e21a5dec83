"""What was made of something counts while it would be made of the same again.

No key can be forgotten and nothing need be purged: whoever wants it brings all
that it is made of, which costs a fraction of the making.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)
Parts = TypeVar("Parts")
Made = TypeVar("Made")


class Remembered(Generic[Place, Parts, Made]):
    """The last of each place with what it was made of; of ``most`` places, those wanted last. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Place, tuple[Parts, Made]] = OrderedDict()
        self._lock = Lock()

    def get(self, place: Place, parts: Parts, make: Callable[[], Made]) -> Made:
        """What stands there; made anew where it was made of other parts."""
        found = self._found.get(place)
        if found is not None and (found[0] is parts or found[0] == parts):
            with self._lock:
                if place in self._found:
                    self._found.move_to_end(place)
            return found[1]
        made = make()
        with self._lock:
            self._found[place] = (parts, made)
            self._found.move_to_end(place)
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return made
