"""What staff see of the conversations: comments that wait for a decision."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dragoman.conversation import queries as conversation
from dragoman.conversation.places import number_of
from dragoman.foundation.errors import NotFound
from dragoman.publication import queries as publication
from dragoman.website.editions import EditionRequest, reader_view, require_edition


@require_safe
def waiting(request: EditionRequest, language: str) -> HttpResponse:
    """Reported and held comments of all articles."""
    require_edition(language)
    view = reader_view(request)
    reported, held = conversation.waiting_for_moderators(view)
    context = {
        "sections": publication.sections(language, view.actor.languages),
        "reported": _with_paths(reported, language),
        "held": _with_paths(held, language),
    }
    response = render(request, "website/waiting.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _with_paths(found: Sequence[conversation.Waiting], language: str) -> list[tuple[conversation.Waiting, str]]:
    """Each with its article's address; nothing where that was unpublished since."""
    paths: dict[str, str] = {}
    for one in found:
        if one.key not in paths:
            paths[one.key] = _path(one.key, language)
    return [(one, paths[one.key]) for one in found]


def _path(key: str, language: str) -> str:
    try:
        return publication.article_by_number(number_of(key), language).card.path
    except NotFound:
        return ""
