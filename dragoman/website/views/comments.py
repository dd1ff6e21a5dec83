"""Writing, taking back, and the way to a comment."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from dragoman.conversation import actions
from dragoman.conversation import queries as conversation
from dragoman.conversation.errors import KeyReused, NoSuchComment
from dragoman.conversation.places import comment_address, number_of, place_key
from dragoman.conversation.rules.quoting import LONGEST
from dragoman.conversation.screening import Origin
from dragoman.foundation.clients import client_of
from dragoman.foundation.errors import DragomanError
from dragoman.publication import queries as publication
from dragoman.website.composing import answering, choices, choices_in_comment, composer, forget_draft, keep_draft
from dragoman.website.editions import EditionRequest, reader_view, require_edition
from dragoman.website.forms import TRAP, CommentForm
from dragoman.website.previewing import preview_comment


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: EditionRequest, language: str, section: str, number: str, slug: str | None = None) -> HttpResponse:
    """The comment form on a page of its own: without scripts, for replies, quotes and previews."""
    require_edition(language)
    view = reader_view(request)
    shown = publication.article_by_number(int(number), language, view.actor.languages)
    if request.method == "POST":
        return _write(request, shown)
    if not request.actor.is_signed_in:
        return _to_sign_in(request, shown)
    context = composer(request, shown, language)
    block, quoted = request.GET.get("block", ""), request.GET.get("quote_of", "")
    if quoted:
        context["choices"] = choices_in_comment(shown, quoted, view)
    elif block:
        context["choices"] = choices(shown, block)
    return _answer(request, shown, context)


def _write(request: EditionRequest, shown: publication.ShownArticle) -> HttpResponse:
    form = CommentForm(request.POST)
    values = {
        name: request.POST.get(name, "")[: LONGEST * 2] for name in ("text", "language", "reply_to", "quote", "key")
    }
    if not request.actor.is_signed_in:
        keep_draft(request, shown.card.number, values)
        return _to_sign_in(request, shown)
    context: dict[str, Any] = {"form": form, **answering(values, shown, request.edition)}
    if not form.is_valid():
        return _answer(request, shown, context, status=422)
    draft = form.draft(prior=request.edition, origin=_origin(request))
    if "preview" in request.POST:
        return _answer(
            request, shown, context | {"preview": preview_comment(draft.text, draft.language or draft.prior)}
        )
    looks_like = None if form.cleaned_data["sure"] else actions.language_to_ask_about(draft)
    if looks_like is not None:
        # Asked, never overruled: what was written comes back with two buttons.
        return _answer(request, shown, context | {"looks_like": looks_like, "declared": draft.language}, status=422)
    return _post(request, shown, draft, context)


def _origin(request: EditionRequest) -> Origin:
    return Origin(client_of(request.META), bool(request.POST.get(TRAP)))


def _post(
    request: EditionRequest, shown: publication.ShownArticle, draft: actions.Draft, context: dict[str, Any]
) -> HttpResponse:
    try:
        posted = actions.post_comment(
            actor=request.actor,
            thread=actions.thread_at(key=place_key(shown.card.number)),
            draft=draft,
            kept_names=shown.kept_names,
            is_open=shown.comments_open,
        )
    except KeyReused as error:
        # The form was sent before with another text (the browser's “back”): as a new comment it may go.
        fresh = CommentForm({**request.POST.dict(), "key": CommentForm.fresh_key()})
        return _answer(request, shown, context | {"error": error, "form": fresh}, status=error.status)
    except DragomanError as error:
        return _answer(request, shown, context | {"error": error}, status=error.status)
    forget_draft(request, shown.card.number)
    if not posted.is_new and posted.comment.number and posted.comment.thread.key != place_key(shown.card.number):
        # A form that was sent twice; a moderator has moved its comment since.
        there = [request.edition, number_of(posted.comment.thread.key), posted.comment.number]
        return redirect(request, reverse("permalink", args=there))
    return redirect(request, address_in(shown, posted.comment.number))


def _answer(
    request: EditionRequest, shown: publication.ShownArticle, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """The whole page, or for our script the form alone."""
    template = "website/parts/composer.html" if request.headers.get("HX-Request") else "website/write.html"
    context |= {
        "article": shown,
        "path": shown.card.path,
        "longest": LONGEST,
        "section": shown.card.section,
        "sections": shown.sections,
    }
    return render(request, template, context, status=status)


def _to_sign_in(request: EditionRequest, shown: publication.ShownArticle) -> HttpResponse:
    query = request.GET.urlencode()
    return to_sign_in(request, f"{shown.card.path}/write" + (f"?{query}" if query else ""))


def to_sign_in(request: EditionRequest, back: str) -> HttpResponse:
    """To the sign-in page, and from there to ``back``."""
    return redirect(request, reverse("account_login") + "?" + urlencode({"next": back}))


def redirect(request: EditionRequest, address: str) -> HttpResponse:
    """303, or what our script understands as one: it would follow a real one by itself.

    The refresh is for an address that differs from the open page's in its ``#`` only.
    """
    if request.headers.get("HX-Request"):
        here = urlsplit(request.headers.get("HX-Current-URL", ""))
        is_here = f"{unquote(here.path)}?{here.query}".rstrip("?") == unquote(address).partition("#")[0]
        headers = {"HX-Redirect": address} | ({"HX-Refresh": "true"} if is_here else {})
        return HttpResponse(status=204, headers=headers)
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def address_in(shown: publication.ShownArticle, number: int | None) -> str:
    """Where a comment stands in the article's thread; what is held stands below it."""
    if number is None:
        return f"{shown.card.path}#held"
    return comment_address(shown.card.path, number)


def permalink(request: EditionRequest, language: str, number: int, comment: int) -> HttpResponse:
    """To the window of the thread that holds the comment."""
    shown = publication.article_by_number(number, language)
    thread = conversation.find_thread(place_key(number))
    if thread is None or not 1 <= comment <= thread.last_number:
        raise NoSuchComment
    return HttpResponseRedirect(address_in(shown, comment))
