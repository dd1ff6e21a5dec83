"""Which edition a request is for, and in which language its interface speaks."""

from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

from dragoman.conversation.queries import ReaderView
from dragoman.foundation.errors import NotFound
from dragoman.foundation.languages import base
from dragoman.readers.policies import Actor
from dragoman.translation.queries import Mode

# The edition of the request in hand, for addresses that are spelled without a request.
current_edition: ContextVar[str] = ContextVar("current_edition")


class EditionRequest(HttpRequest):
    """A request that went through our middleware."""

    edition: str
    interface: str
    actor: Actor


def wanted_edition(request: HttpRequest) -> str:
    """The best edition for the browser's languages."""
    for tag, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        for edition in settings.DRAGOMAN.languages:
            if tag == edition.lower() or base(tag) == base(edition):
                return str(edition)
    return str(settings.DRAGOMAN.default_language)


def require_edition(language: str) -> None:
    """Raise :class:`NotFound` where there is no such edition."""
    if language not in settings.DRAGOMAN.languages:
        raise NotFound


def reader_view(request: EditionRequest, writers: frozenset[int] = frozenset()) -> ReaderView:
    """For whom the page is made. ``writers``: of the article.

    ``?view=original`` switches translation off, ``?view=translated`` on for one who has switched it off for good.
    """
    actor, asked = request.actor.itself, request.GET.get("view", "")
    is_original = asked == "original" or (actor.reads_originals and asked != "translated")
    mode: Mode = "original" if is_original else "auto"
    return ReaderView(request.edition, actor, mode, writers)


def site_of(request: HttpRequest) -> str:
    """The site's address: that of the settings, else the one that was asked."""
    return settings.DRAGOMAN.site_url or f"{request.scheme}://{request.get_host()}"
