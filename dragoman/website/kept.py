"""Pages that may be kept for everybody: what they show, as surrogate keys (see ``delivery``)."""

from collections.abc import Iterable

from django.http import HttpResponse

from dragoman.conversation.queries import ShownComment
from dragoman.conversation.windows import Window
from dragoman.delivery.keys import HEADER, NAMES, PUBLICATION, quoting, ranked
from dragoman.website.editions import EditionRequest


def keep(request: EditionRequest, response: HttpResponse, keys: Iterable[str]) -> HttpResponse:
    """A whole page: browsers ask again each time, and hear that it is unchanged. A reader's own is nobody else's."""
    if not request.actor.is_signed_in:
        response.headers["Cache-Control"] = "no-cache"
        response.headers[HEADER] = " ".join(sorted({PUBLICATION, *keys}))
    return response


def keys_of_comments(comments: Iterable[ShownComment]) -> set[str]:
    """Of comments that stand on a page."""
    shown = list(comments)
    quoted = {quoting(quote.passage.unit) for one in shown for quote in one.quotes}
    return {key for one in shown for key in (f"comment:{one.id}", f"reader:{one.author.id}")} | quoted | {NAMES}


def keys_of_window(topic: str, window: Window) -> set[str]:
    """Of a window of a thread: any comment of it may change its counts and its neighbours."""
    keys = {topic} | keys_of_comments([*window.comments, *window.picked])
    return keys | {ranked(topic)} if window.order == "best" else keys
