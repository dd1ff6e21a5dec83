"""A reader as moderators know him or her: what was written, decided, noted; and sanctions."""

from collections import Counter
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from dragoman.conversation.queries import ReaderView
from dragoman.conversation.sanctions import impose
from dragoman.conversation.waiting import of_writer
from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.case_cards import case_cards
from dragoman.desk.frames import number_of, spoken_by, titles
from dragoman.foundation.clock import now
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.moderation import queries as moderation
from dragoman.moderation import sanctioning
from dragoman.moderation.actions import Grounds
from dragoman.moderation.reasons import REASONS
from dragoman.moderation.screening import current_rulebook
from dragoman.moderation.wording import SANCTIONS
from dragoman.readers.queries import Profile, profile_by_nickname, profiles

_ICON = "user"
_DAYS = {
    1: gettext_lazy("a day"),
    3: gettext_lazy("three days"),
    7: gettext_lazy("a week"),
    30: gettext_lazy("a month"),
    0: gettext_lazy("for good"),
}


@require_GET
@staff_only("reader.sanction")
def find(request: HttpRequest) -> HttpResponse:
    """By ``?nickname=``; below, the e-mail domains with a sanction."""
    asked = request.GET.get("nickname", "").strip()
    if asked:
        try:
            return redirect("desk-reader", profile_by_nickname(asked).id)
        except NotFound:
            messages.error(request, _("Nobody is called so."))
    context = {
        "asked": asked,
        "domains": moderation.sanctioned_domains(),
        "kinds": [(key, words) for key, words in SANCTIONS.items() if key != "warn"],
        "reasons": REASONS.items(),
        "days": _DAYS.items(),
        **titles(_("Readers"), _ICON),
    }
    return render(request, "desk/readers.html", context)


@require_GET
@staff_only("reader.sanction")
def show(request: HttpRequest, reader: int) -> HttpResponse:
    """One reader."""
    profile, actor = _profile(reader), actor_of_request(request)
    view = ReaderView(spoken_by(request), actor)
    notes = moderation.notes_on(reader)
    writers = profiles({by for _at, by, _text in notes})
    cards = case_cards(of_writer(reader), view, current_rulebook())
    context = {
        "profile": profile,
        "shown": cards,
        "counts": Counter(one.states for one in cards).most_common(),
        "notes": [(at, writers[by].nickname, text) for at, by, text in notes],
        "sanctions": [(one, SANCTIONS[one.kind], REASONS[one.reason]) for one in moderation.sanctions_of(reader)],
        "mode": next((mode for scope, key, mode in moderation.modes() if (scope, key) == ("reader", str(reader))), ""),
        "kinds": SANCTIONS.items(),
        "reasons": REASONS.items(),
        "days": _DAYS.items(),
        "decides": False,
        "tab": "all",
        **titles(profile.nickname, _ICON),
    }
    return render(request, "desk/reader.html", context)


def _profile(reader: int) -> Profile:
    found = profiles([reader]).get(reader)
    if found is None:
        raise Http404
    return found


@require_POST
@staff_only("reader.sanction")
def note(request: HttpRequest, reader: int) -> HttpResponse:
    """A word for the other moderators."""
    _profile(reader)
    try:
        sanctioning.note_reader(actor=actor_of_request(request), reader_id=reader, text=request.POST.get("text", ""))
    except DragomanError as error:
        messages.error(request, str(error))
    return redirect("desk-reader", reader)


@require_POST
@staff_only("reader.sanction")
def sanction(request: HttpRequest) -> HttpResponse:
    """Against a ``reader`` or a ``domain``, for so many ``days`` (0: for good)."""
    reader = number_of(request, "reader")
    if reader:
        _profile(reader)
    grounds = Grounds(request.POST.get("reason", ""), request.POST.get("note", ""))
    try:
        impose(
            actor=actor_of_request(request),
            kind=request.POST.get("kind", ""),
            grounds=grounds,
            reader_id=reader or None,
            domain="" if reader else request.POST.get("domain", ""),
            until=_until(number_of(request, "days")),
        )
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved. The reader sees it with its reason."))
    return redirect("desk-reader", reader) if reader else redirect("desk-readers")


def _until(days: int) -> datetime | None:
    return now() + timedelta(days=days) if days in _DAYS and days else None


@require_POST
@staff_only("reader.sanction")
def lift(request: HttpRequest, sanction: int) -> HttpResponse:
    """End it now."""
    try:
        sanctioning.lift(actor=actor_of_request(request), sanction_id=sanction)
    except NotFound:
        raise Http404 from None
    messages.success(request, _("Ended."))
    reader = number_of(request, "reader")
    return redirect("desk-reader", reader) if reader else redirect("desk-readers")
