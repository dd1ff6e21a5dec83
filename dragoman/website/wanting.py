"""What readers are looking at is translated first."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dragoman.conversation.queries import Window
from dragoman.publication.queries import ShownArticle
from dragoman.translation.rules.scheduling import PAGE, SCREEN
from dragoman.translation.wishes import want
from dragoman.website.editions import require_edition

_MOST = 100  # texts of one screen


def want_the_rest(shown: ShownArticle, window: Window | None, language: str) -> None:
    """What is not there yet on a page that is being opened goes before what nobody looks at."""
    texts = [shown.card.text, *(one.text for one in (window.comments if window else ()))]
    missing = [
        text.unit
        for text in texts
        if text is not None and (text.state == "pending" or (text.is_translated and text.share < 1))
    ]
    if missing:
        want(missing, language, priority=PAGE)


@csrf_exempt  # Nothing is changed but an order of work, and pages from the cache carry no token.
@require_POST
def wanted(request: HttpRequest, language: str) -> HttpResponse:
    """Our script says which texts are on the screen and not translated yet."""
    require_edition(language)
    named = request.POST.get("units", "").split(",")[:_MOST]
    units = [int(one) for one in named if one.isascii() and one.isdecimal() and len(one) < 16]
    if units:
        want(units, language, priority=SCREEN)
    return HttpResponse(status=204)
