"""Comments as HTML, remembered by all that they show.

Most of a page's time goes into its fifty comments, and of those one has changed.
What was rendered counts while the comment equals the one that it was rendered
from: no key can be forgotten, and nothing need be purged.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeAlias

from django.utils.safestring import SafeString

from dragoman.conversation.queries import ShownComment

# Edition, path of the page, whether it is pinned there, comment, and what is a reader's own about it.
Place: TypeAlias = tuple[str, str, bool, int, tuple[Hashable, ...]]


class Rendered:
    """The last rendering at each place; of ``most`` places, those that were wanted last. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Place, tuple[ShownComment, SafeString]] = OrderedDict()
        self._lock = Lock()

    def get(self, place: Place, comment: ShownComment, render: Callable[[], SafeString]) -> SafeString:
        """The comment's HTML; rendered where it is not what it was."""
        found = self._found.get(place)
        if found is not None and found[0] == comment:
            with self._lock:
                if place in self._found:
                    self._found.move_to_end(place)
            return found[1]
        html = render()
        with self._lock:
            self._found[place] = (comment, html)
            self._found.move_to_end(place)
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return html


# Sixty windows of a thread: what one thread in twelve editions needs, and a few more.
comments = Rendered(3000)
