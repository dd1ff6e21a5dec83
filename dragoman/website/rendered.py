"""Parts of pages as HTML, remembered by all that they show.

Most of a page's time goes into its fifty comments, and of those one has changed.
"""

from collections.abc import Hashable
from typing import Any, TypeAlias

from django.utils.safestring import SafeString

from dragoman.conversation.queries import ShownComment
from dragoman.foundation.remembered import Remembered

# Edition, path of the page, whether it is pinned there, comment, and what is a reader's own about it.
Place: TypeAlias = tuple[str, str, bool, int, tuple[Hashable, ...]]

# Sixty windows of a thread: what one thread in twelve editions needs, and a few more.
comments: Remembered[Place, ShownComment, SafeString] = Remembered(3000)
# An edition and the path of an article: what its own part of the page shows.
articles: Remembered[tuple[str, str], tuple[Any, ...], SafeString] = Remembered(300)
# An edition, the path of an article, and who looks: the comments of a window.
windows: Remembered[tuple[Hashable, ...], tuple[ShownComment, ...], SafeString] = Remembered(100)
# An edition and where its form is sent to: an empty form.
composers: Remembered[tuple[str, str], tuple[()], SafeString] = Remembered(300)
