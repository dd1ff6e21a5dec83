"""The engines page: how each does, what it costs, what it could not do, and asking again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from dragoman.desk.access import staff_only
from dragoman.desk.frames import titles
from dragoman.foundation.errors import DragomanError, InvalidInput
from dragoman.translation import operating, reports
from dragoman.translation.improving import QUALITIES, request_again


@require_GET
@staff_only("translation.manage_engines")
def show(request: HttpRequest) -> HttpResponse:
    """One table, the queue, and the latest failures with their texts. A fixed number of queries for each engine."""
    found = reports.engines()
    context = {
        "engines": [(one, reports.pair_records(one.name)) for one in found],
        "status": reports.status(),
        "doubtful": reports.doubtful(),
        "routings": reports.routings(),
        "failures": reports.failures(),
        "dispatched": reports.register(most=20),
        **titles(_("Translation engines"), "globe"),
    }
    return render(request, "desk/engines.html", context)


@require_POST
@staff_only("translation.manage_engines")
def change(request: HttpRequest, name: str, act: str) -> HttpResponse:
    """A button beside an engine."""
    acts: dict[str, Callable[[], None]] = {
        "on": lambda: operating.switch_engine(name, on=True),
        "off": lambda: operating.switch_engine(name, on=False),
        "first": lambda: operating.place_engine(name, 1),
        "budget": lambda: operating.set_budget(name, _characters(request.POST.get("characters", ""))),
    }
    if act not in acts:
        raise Http404
    try:
        acts[act]()
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(name)s: saved.") % {"name": name})
    return redirect("desk-engines")


def _characters(typed: str) -> int | None:
    cleaned = typed.strip().replace(" ", "").replace("\u202f", "")
    if not cleaned:
        return None
    if not cleaned.isascii() or not cleaned.isdecimal() or len(cleaned) > 15:
        raise InvalidInput(_("A budget is a number of characters, 0 or more."))
    return int(cleaned)


@require_POST
@staff_only("translation.manage_engines")
def ask_again(request: HttpRequest) -> HttpResponse:
    """Ask again for what was rejected, or is rough."""
    quality = request.POST.get("quality", "")
    if quality not in QUALITIES:
        raise Http404
    asked = request_again(quality=[quality], engine=request.POST.get("engine", ""))
    messages.success(
        request,
        ngettext("%(count)s sentence is asked for again.", "%(count)s sentences are asked for again.", asked)
        % {"count": asked},
    )
    return redirect("desk-engines")
