"""Pieces of a page that our script fetches when something on screen changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from dragoman.conversation import queries as conversation
from dragoman.conversation import windows
from dragoman.conversation.errors import NoSuchComment
from dragoman.conversation.places import number_of, place_key
from dragoman.conversation.quotes import quote_counts
from dragoman.delivery.keys import HEADER, PUBLICATION
from dragoman.foundation.errors import InvalidInput, SignInNeeded
from dragoman.publication import queries as publication
from dragoman.website.editions import EditionRequest, reader_view
from dragoman.website.forms import CommentForm
from dragoman.website.kept import keys_of_comments
from dragoman.website.previewing import preview_comment
from dragoman.website.views.articles import article_context

# A browser asks again each time; what is the same for everybody is answered from memory (see ``delivery``), until
# something happens to one of its keys: names, presence and replies stand in it besides the versioned text.
_NO_STORE = "no-store"
_INLINE = "inline"


def _answer(request: EditionRequest, template: str, context: dict[str, Any], *keys: str) -> HttpResponse:
    response = render(request, template, context)
    response.headers["Cache-Control"] = _NO_STORE
    response.headers[HEADER] = " ".join(sorted(keys))
    return response


def comment(request: EditionRequest, language: str, comment_id: int, version: str) -> HttpResponse:
    """One comment, as it is now. Version ``inline``: to stand a second time on its page, below an answer to it."""
    shown, thread = conversation.comment_by_id(comment_id, reader_view(request))
    number = number_of(thread.key)
    path = publication.path_by_number(number, language) if number else ""
    context = {"comment": shown, "path": path, "pinned": version == _INLINE}
    keys = {f"article:{number}"} | keys_of_comments([shown])
    return _answer(request, "website/parts/comment.html", context, *keys)


def article(request: EditionRequest, language: str, number: int, version: str) -> HttpResponse:
    """An article's own part of its page."""
    view = reader_view(request)
    shown = publication.article_by_number(number, language, view.actor.languages, view.mode)
    context = article_context(shown, publication.addresses(shown), language)
    thread = conversation.find_thread(place_key(number))
    context["quote_counts"] = quote_counts(shown.unit, thread)
    keys = {f"article:{number}", PUBLICATION} | ({thread.topic} if thread is not None else set())
    return _answer(request, "website/parts/article_text.html", context, *keys)


def new_comments(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """“3 new comments”, a link that brings them."""
    thread = conversation.find_thread(place_key(number))
    if thread is None:
        raise NoSuchComment
    after = _after(request)
    context = {"count": conversation.new_since(thread, after), "after": after, "number": number}
    return _answer(request, "website/parts/new_comments.html", context, thread.topic)


def window(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """The comments after a number."""
    thread = conversation.find_thread(place_key(number))
    if thread is None:
        raise NoSuchComment
    shown = windows.window(thread, reader_view(request), first=_after(request) + 1)
    path = publication.path_by_number(number, language)
    context = {"window": shown, "path": path, "number": number}
    response = render(request, "website/parts/comments.html", context)
    response.headers["Cache-Control"] = _NO_STORE
    return response


@require_POST
def preview(request: EditionRequest, language: str) -> HttpResponse:
    """What is being typed, as it would look; nothing is stored."""
    if not request.actor.is_signed_in:
        raise SignInNeeded
    form = CommentForm(request.POST)
    if not form.is_valid():
        raise InvalidInput
    draft = form.draft(prior=language)
    shown = preview_comment(draft.text, draft.language or language)
    context = {"preview": shown, "level": "h3", "quiet": True}  # read aloud at each pause it would drown the typing
    return render(request, "website/parts/preview.html", context)


@require_GET
def mentions(request: EditionRequest, language: str, number: int) -> HttpResponse:
    """Nicknames of the thread's participants that begin so; for those who may write there."""
    thread = conversation.find_thread(place_key(number))
    begin = request.GET.get("begin", "")
    found = conversation.participants(thread, begin) if thread and request.actor.is_signed_in else []
    return render(request, "website/parts/mentions.html", {"nicknames": found})


def _after(request: EditionRequest) -> int:
    asked = request.GET.get("after", "0")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0
