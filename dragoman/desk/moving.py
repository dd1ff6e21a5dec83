"""Moving a comment with its answers to the place whose address a moderator gives."""

import re
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dragoman.conversation.actions import thread_at
from dragoman.conversation.errors import NoSuchPlace
from dragoman.conversation.moving import move_branch
from dragoman.conversation.places import place_key
from dragoman.conversation.queries import access_comment
from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.cases import back
from dragoman.desk.frames import spoken_by
from dragoman.foundation.errors import DragomanError
from dragoman.publication.addresses import number_in
from dragoman.publication.queries import cards_by_number

_PERMALINK = re.compile(r"/comments/(\d{1,9})/(\d{1,9})$")
_ANCHOR = re.compile(r"c(\d{1,9})$")


@require_POST
@staff_only("comment.remove")
def move(request: HttpRequest, comment: int) -> HttpResponse:
    """``to`` is the address of an article, or of a comment that it shall answer."""
    try:
        number, below = _spot(request)
        thread = thread_at(key=place_key(number))
        moved = move_branch(actor=actor_of_request(request), comment=access_comment(comment), to=thread, below=below)
        told = ngettext("%(count)s comment moved.", "%(count)s comments moved.", moved) % {"count": moved}
        messages.success(request, told)
    except DragomanError as error:
        messages.error(request, str(error))
    return back(request)


def _spot(request: HttpRequest) -> tuple[int, int | None]:
    """The article's number, and the comment's below which it goes."""
    try:
        address = urlsplit(request.POST.get("to", "").strip())
    except ValueError:
        raise NoSuchPlace from None
    found = _PERMALINK.search(address.path)
    number = int(found[1]) if found else number_in(address.path)
    if address.netloc not in ("", request.get_host()) or not cards_by_number({number}, spoken_by(request)):
        raise NoSuchPlace
    anchor = _ANCHOR.match(address.fragment)
    return number, int(found[2]) if found else int(anchor[1]) if anchor else None
