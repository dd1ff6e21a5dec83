"""Edition, actor and errors of a request."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.foundation.languages import UnknownLanguage, canonical, interface_for
from dragoman.readers.actions import tell_visit
from dragoman.readers.queries import actor_of
from dragoman.website.editions import EditionRequest, current_edition, wanted_edition
from dragoman.website.views.failures import failure

_TAG_SHAPED = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
Answer = Callable[[HttpRequest], HttpResponse]


class EditionMiddleware:
    """Takes the edition from the path's first part; the interface speaks its language."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: EditionRequest) -> HttpResponse:
        first = request.path_info.lstrip("/").split("/")[0]
        is_edition = first in settings.DRAGOMAN.languages
        request.edition = first if is_edition else wanted_edition(request)
        request.interface = interface_for(request.edition)
        current_edition.set(request.edition)
        with translation.override(request.interface):
            if is_edition and request.path_info == f"/{first}":
                return HttpResponsePermanentRedirect(f"/{first}/")
            if request.path_info.startswith("//") or "\0" in request.path_info or "\ufffd" in request.path_info:
                return failure(request, NotFound())
            if not is_edition and _TAG_SHAPED.match(first) and first != "api":
                return _other_spelling(request, first) or failure(request, UnknownLanguage(_no_edition(first)))
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", request.edition)
        return response


def _no_edition(tag: str) -> str:
    editions = ", ".join(settings.DRAGOMAN.languages)
    return translation.gettext("There is no edition in “%(tag)s”. The editions are: %(editions)s.") % {
        "tag": tag,
        "editions": editions,
    }


def _other_spelling(request: HttpRequest, first: str) -> HttpResponse | None:
    """``/EN/…`` and ``/zh-hans/…`` lead to the canonical address."""
    try:
        tag = canonical(first)
    except UnknownLanguage:
        return None
    if tag == first or tag not in settings.DRAGOMAN.languages:
        return None
    return HttpResponsePermanentRedirect(request.get_full_path().replace(f"/{first}", f"/{tag}", 1))


class ActorMiddleware:
    """Who acts; and a signed-in reader who opens a page is there."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: EditionRequest) -> HttpResponse:
        user = request.user
        request.actor = SimpleLazyObject(lambda: actor_of(user if user.is_authenticated else None))  # type: ignore[assignment]
        response = self._get_response(request)
        opens_page = request.method == "GET" and response.headers.get("Content-Type", "").startswith("text/html")
        if opens_page and request.user.is_authenticated:
            tell_visit(request.user.pk)
            response.headers["Cache-Control"] = "private, no-store"
        return response


class ErrorMiddleware:
    """Turns our errors into a page in the reader's language."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: EditionRequest, exception: Exception) -> HttpResponse | None:
        """The page for an error of the one family; anything else is a fault of ours."""
        return failure(request, exception) if isinstance(exception, DragomanError) else None
