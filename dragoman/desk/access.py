"""Who may enter a screen: the one policy table decides, not Wagtail's permissions."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from wagtail.admin.auth import permission_denied

from dragoman.readers.policies import ANONYMOUS, Action, Actor, may

View = Callable[..., HttpResponse]


def actor_of_request(request: HttpRequest) -> Actor:
    """Who asks; the middleware has looked."""
    actor = getattr(request, "actor", ANONYMOUS)
    return actor if isinstance(actor, Actor) else ANONYMOUS


def staff_only(action: Action) -> Callable[[View], View]:
    """For those whose roles allow the action; others are sent to the desk's front with a word."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
            if not may(actor_of_request(request), action):
                answer: HttpResponse = permission_denied(request)
                return answer
            return view(request, *arguments, **named)

        return guarded

    return decorate
