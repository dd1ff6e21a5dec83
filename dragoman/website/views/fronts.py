"""Front page, section pages, and the way to an edition."""

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from dragoman.conversation.places import number_of, place_key
from dragoman.conversation.queries import Counted, threads_at
from dragoman.delivery.keys import ARTICLES, counted
from dragoman.live.queries import last_event_id
from dragoman.publication import queries as publication
from dragoman.website.editions import EditionRequest, reader_view, site_of, wanted_edition
from dragoman.website.kept import keep


def choose_edition(request: EditionRequest) -> HttpResponse:
    """To the edition in the browser's language."""
    response = HttpResponseRedirect(f"/{wanted_edition(request)}/")
    response.headers["Vary"] = "Accept-Language"
    return response


def robots(request: EditionRequest) -> HttpResponse:
    """What programs need not ask for, and where they find what there is."""
    kept_from = ("/admin/", "/api/", "/*/fragment/", "/*/account/", "/*/search")
    lines = ["User-agent: *", *(f"Disallow: {one}" for one in kept_from), f"Sitemap: {site_of(request)}/sitemap.xml"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def front(request: EditionRequest, language: str) -> HttpResponse:
    """One lead story, then the sections."""
    at = last_event_id()
    view = reader_view(request)
    sections = publication.sections(language, view.actor.languages)
    cards = publication.cards(
        publication.articles()[: publication.NEWEST], language, sections, view.actor.languages, view.mode
    )
    lead, rest = (cards[0], cards[1:]) if cards else (None, [])
    groups = [(section, [card for card in rest if card.section.slug == section.slug][:4]) for section in sections]
    threads = _threads(cards)
    context = {
        "at": at,
        "sections": sections,
        "lead": lead,
        "groups": [(section, cards) for section, cards in groups if cards],
        "threads": threads,
        "alternates": {tag: f"/{tag}/" for tag in settings.DRAGOMAN.languages},
        "path": f"/{language}/",
    }
    return keep(request, render(request, "website/front.html", context), _keys(cards, threads))


def section(request: EditionRequest, language: str, section: str) -> HttpResponse:
    """A section's articles, the newest first."""
    at = last_event_id()
    view = reader_view(request)
    page = publication.section_by_slug(section)
    sections = publication.sections(language, view.actor.languages)
    asked = request.GET.get("page", "1")
    number = int(asked) if asked.isdecimal() and 0 < len(asked) < 5 else 1
    pages = publication.articles(section=page, skip=(max(1, number) - 1) * publication.NEWEST)
    shown = pages[: publication.NEWEST]
    cards = publication.cards(shown, language, sections, view.actor.languages, view.mode)
    threads = _threads(cards)
    context = {
        "at": at,
        "sections": sections,
        "section": next(one for one in sections if one.slug == section),
        "cards": cards,
        "older": number + 1 if len(pages) > publication.NEWEST else None,
        "threads": threads,
        "alternates": {tag: f"/{tag}/{section}/" for tag in settings.DRAGOMAN.languages},
        "path": f"/{language}/{section}/",
    }
    return keep(request, render(request, "website/section.html", context), _keys(cards, threads))


def _keys(cards: Sequence[publication.Card], threads: Mapping[int, Counted]) -> set[str]:
    """Of a list of articles."""
    return {ARTICLES, *(f"article:{card.number}" for card in cards), *(counted(one.topic) for one in threads.values())}


def _threads(cards: Sequence[publication.Card]) -> dict[int, Counted]:
    threads = threads_at([place_key(card.number) for card in cards])
    return {number_of(key): thread for key, thread in threads.items()}
