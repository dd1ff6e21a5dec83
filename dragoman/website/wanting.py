"""What the pages' script says unasked: what readers look at, which is translated first, and that they saw originals."""

from contextlib import suppress

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dragoman.foundation.clients import client_of
from dragoman.translation import shares
from dragoman.translation.rules.scheduling import PAGE, SCREEN
from dragoman.translation.wishes import want
from dragoman.website.editions import require_edition

_MOST = 100  # texts of one page


@csrf_exempt  # Nothing is changed but an order of work, and pages from the cache carry no token.
@require_POST
def wanted(request: HttpRequest, language: str) -> HttpResponse:
    """Our script says which texts are on the screen, and elsewhere on the page, and not translated yet.

    A page itself never writes: it would wait for whoever writes just then.
    """
    require_edition(language)
    for name, priority in (("units", SCREEN), ("rest", PAGE)):
        named = request.POST.get(name, "").split(",")[:_MOST]
        units = [int(one) for one in named if one.isascii() and one.isdecimal() and len(one) < 16]
        with suppress(DatabaseError):  # a courtesy: the texts come all the same, a little later
            want(units, language, priority=priority)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def opened(request: HttpRequest, language: str) -> HttpResponse:
    """Somebody looked at an original on a page of this edition: counted once a page, and nobody knows who it was."""
    require_edition(language)
    # Once a minute from one address: whoever sends more invents it, and keeps writers waiting.
    if cache.add(f"opened:{language}:{client_of(request.META)}", 1, 60):
        with suppress(DatabaseError):
            shares.count_opened(language)
    return HttpResponse(status=204)
