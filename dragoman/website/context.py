"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from dragoman.foundation.languages import autonym, direction, interface_for
from dragoman.readers.policies import ANONYMOUS, may
from dragoman.website.editions import site_of


def page(request: HttpRequest) -> dict[str, Any]:
    """Edition, interface language and the publication's name."""
    edition = getattr(request, "edition", settings.DRAGOMAN.default_language)
    interface = getattr(request, "interface", interface_for(edition))
    actor = getattr(request, "actor", ANONYMOUS).itself
    return {
        "publication": settings.DRAGOMAN.name,
        "edition": edition,
        "edition_direction": direction(edition),
        "interface": interface,
        "interface_direction": direction(interface),
        "editions": [(tag, autonym(tag)) for tag in settings.DRAGOMAN.languages],
        "actor": actor,
        "moderates": may(actor, "comment.remove"),
        "picks": may(actor, "comment.pick"),
        "site_url": site_of(request),
    }
