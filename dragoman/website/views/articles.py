"""An article with its conversation."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from dragoman.conversation import queries as conversation
from dragoman.conversation.places import place_key
from dragoman.conversation.rules.ordering import ORDERS
from dragoman.conversation.screening import takes_comments
from dragoman.conversation.threads import announcement_of
from dragoman.foundation.languages import interface_for, same_to_a_reader
from dragoman.live.queries import last_event_id
from dragoman.publication import queries as publication
from dragoman.publication.models import ArticlePage
from dragoman.translation.rules.assembling import ARTICLE_SHARE
from dragoman.website.composing import composer
from dragoman.website.editions import EditionRequest, reader_view, require_edition
from dragoman.website.kept import keep, keys_of_window
from dragoman.website.shown import Asked, article_in_edition, window_of


def article(request: EditionRequest, language: str, section: str, number: str, slug: str | None = None) -> HttpResponse:
    """The article in one edition; any other slug or section leads to its address."""
    require_edition(language)
    at = last_event_id()  # first of all: what comes later is told to the page when it listens
    view = reader_view(request)
    shown, addresses = article_in_edition(int(number), view, at)
    if request.path != addresses[language]:
        query = request.META.get("QUERY_STRING", "")
        moved = HttpResponsePermanentRedirect(addresses[language] + (f"?{query}" if query else ""))
        # A headline may change and change back: a browser that remembers both would go round for ever.
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    place = place_key(shown.card.number)
    thread = conversation.find_thread(place)
    shown = replace(shown, comments_open=shown.comments_open and takes_comments(thread, place))
    context = {"at": at} | article_context(shown, addresses, language) | thread_context(request, shown, thread, at)
    context["all_original"] = view.mode == "original"
    if not request.actor.is_signed_in:
        context |= _for_search_engines(shown, language)
    if request.actor.is_signed_in and shown.comments_open:
        context |= composer(request, shown, language)
    keys = {f"article:{shown.card.number}"}
    if context["thread"] is not None:
        keys |= keys_of_window(context["thread"].topic, context["window"])
    return keep(request, render(request, "website/article.html", context), keys)


def article_context(shown: publication.ShownArticle, addresses: dict[str, str], language: str) -> dict[str, Any]:
    """What the article's own part of the page needs."""
    text = shown.card.text
    return {
        "article": shown,
        "text": text,
        "path": addresses[language],
        "alternates": addresses,
        "section": shown.card.section,
        "sections": shown.sections,
        "shows_original": text.state == "original" and text.language != language,
    }


def _for_search_engines(shown: publication.ShownArticle, language: str) -> dict[str, Any]:
    """Whether this edition is for them, and which others are not: nine tenths must be there, and a person behind it."""
    text, unlisted = shown.card.text, publication.unlisted(shown)
    if text.state == "human":
        unlisted -= {language}
    is_own = same_to_a_reader(language, shown.source_language)
    return {"indexed": is_own or (language not in unlisted and text.share >= ARTICLE_SHARE), "unlisted": unlisted}


def thread_context(request: EditionRequest, shown: publication.ShownArticle, thread: Any, at: int) -> dict[str, Any]:
    """The window of its thread that the address asks for, and who quotes what. ``at``: the newest event."""
    order = next((one for one in ORDERS if one == request.GET.get("order")), ORDERS[0])
    context: dict[str, Any] = {
        "thread": thread,
        "window": None,
        "order": order,
        "orders": [
            ("oldest", _("oldest first")),
            ("newest", _("newest first")),
            ("best", _("best first")),
            ("replied", _("most answered")),
            ("tree", _("as a tree")),
        ],
        "quote_counts": {},
    }
    if thread is not None:
        first = _first(request.GET.get("from", ""), thread.last_number)
        view = reader_view(request, writers=shown.writers)
        block = shown.card.text.blocks.get(request.GET.get("quoting", ""))
        asked = Asked(order, first, tuple(occurrence for occurrence, _words in block.sentences) if block else None)
        context["window"], context["quote_counts"] = window_of(thread, shown.unit, asked, view, at)
        if block is not None:
            context["quoting"] = block.id
        context["announcement"] = announcement_of(thread, view)
        context["follows"] = conversation.follows(thread, request.actor)
    return context


def _first(asked: str, last_number: int) -> int | None:
    """The number that the address asks for; beyond the end is the last window."""
    if not asked.isdecimal() or len(asked) > 9:
        return None
    last = max(0, last_number - 1) // conversation.WINDOW * conversation.WINDOW + 1
    return max(1, last if int(asked) > last_number else int(asked))


def preview_article(page: ArticlePage, request: HttpRequest, language: str) -> HttpResponse:
    """A draft in an edition, for staff; the memory alone translates it."""
    shown = publication.previewed(page, language)
    with translation.override(interface_for(language)):
        context = article_context(shown, {language: request.path}, language)
        context |= {"is_preview": True, "edition": language, "interface": interface_for(language)}
        return render(request, "website/article.html", context)
