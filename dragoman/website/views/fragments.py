"""Pieces of a page that our script fetches when something on screen changed."""

from django.http import HttpResponse
from django.shortcuts import render

from dragoman.conversation import queries as conversation
from dragoman.conversation import windows
from dragoman.conversation.errors import NoSuchComment
from dragoman.publication import queries as publication
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.places import number_of, place_key
from dragoman.website.views.articles import article_context

# Names, presence and replies stand in it besides the versioned text, and a removal must reach everybody.
_A_MOMENT = "private, max-age=30"


def comment(request: EditionRequest, language: str, comment_id: int, version: str) -> HttpResponse:
    """One comment, as it is now."""
    shown, thread = conversation.comment_by_id(comment_id, reader_view(request))
    number = number_of(thread.key)
    path = publication.article_by_number(number, language).card.path if number else ""
    response = render(request, "website/parts/comment.html", {"comment": shown, "path": path})
    is_lasting = version == shown.version and not request.actor.is_signed_in and shown.state == "visible"
    response.headers["Cache-Control"] = _A_MOMENT if is_lasting else "no-store"
    return response


def article(request: EditionRequest, language: str, number: int, version: str) -> HttpResponse:
    """An article's own part of its page."""
    view = reader_view(request)
    shown = publication.article_by_number(number, language, view.actor.languages, view.mode)
    context = article_context(shown, publication.addresses(shown), language)
    context["quote_counts"] = conversation.quote_counts(shown.unit, conversation.find_thread(place_key(number)))
    response = render(request, "website/parts/article_text.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def new_comments(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """“3 new comments”, a link that brings them."""
    thread = conversation.find_thread(place_key(number))
    if thread is None:
        raise NoSuchComment
    after = _after(request)
    context = {"count": conversation.new_since(thread, after), "after": after, "number": number}
    response = render(request, "website/parts/new_comments.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def window(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """The comments after a number."""
    thread = conversation.find_thread(place_key(number))
    if thread is None:
        raise NoSuchComment
    shown = windows.window(thread, reader_view(request), first=_after(request) + 1)
    path = publication.article_by_number(number, language).card.path
    response = render(request, "website/parts/comments.html", {"window": shown, "path": path, "number": number})
    response.headers["Cache-Control"] = "no-store"
    return response


def _after(request: EditionRequest) -> int:
    asked = request.GET.get("after", "0")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0
