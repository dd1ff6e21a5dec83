"""Readers' suggestions: one click takes one over, another puts it aside."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import spoken_by, titles
from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import direction, name
from dragoman.translation.correcting import accept, decline
from dragoman.translation.suggestions import WINDOW, suggestions_waiting, waiting_suggestions


@require_GET
@staff_only("translation.correct")
def show(request: HttpRequest) -> HttpResponse:
    """Those that wait, the oldest first; ``?language=es`` into one language, ``?after=N`` the next window."""
    chosen = request.GET.get("language", "")
    languages = [chosen] if chosen in settings.DRAGOMAN.languages else []
    after = request.GET.get("after", "")
    found = waiting_suggestions(languages, after=int(after) if after.isdecimal() and len(after) < 19 else 0)
    spoken = spoken_by(request)
    context = {
        "suggestions": [(one, direction(one.source_language), direction(one.language)) for one in found],
        "waiting": suggestions_waiting(),
        "languages": [(tag, name(tag, seen_in=spoken)) for tag in settings.DRAGOMAN.languages],
        "chosen": languages[0] if languages else "",
        "next": found[-1].id if len(found) == WINDOW else None,
        **titles(_("Suggestions"), "comment"),
    }
    return render(request, "desk/suggestions.html", context)


@require_POST
@staff_only("translation.correct")
def decide(request: HttpRequest, suggestion: int, act: str) -> HttpResponse:
    """A button beside a suggestion."""
    acts = {"accept": accept, "decline": decline}
    if act not in acts:
        raise Http404
    try:
        acts[act](actor=actor_of_request(request), suggestion_id=suggestion)
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Taken over: readers see it now.") if act == "accept" else _("Put aside."))
    chosen = request.POST.get("language", "")
    query = f"?{urlencode({'language': chosen})}" if chosen else ""
    return redirect(reverse("desk-suggestions") + query)
