"""The moderators' desk: what waits, and deciding about it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias, get_args

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from dragoman.conversation import moderating
from dragoman.conversation.moderating import Seen
from dragoman.conversation.queries import ReaderView, access_comment
from dragoman.conversation.waiting import latest
from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.case_cards import case_cards
from dragoman.desk.charts import stacked
from dragoman.desk.frames import languages_to_choose, number_of, spoken_by, titles
from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import name
from dragoman.moderation import queries as moderation
from dragoman.moderation.actions import LONGEST_NOTE, Grounds
from dragoman.moderation.cases import Queue, claim
from dragoman.moderation.duty import Watch, own_duty, set_duty, watch
from dragoman.moderation.queries import Asked, Backlog
from dragoman.moderation.reasons import REASONS
from dragoman.moderation.screening import current_rulebook
from dragoman.publication.queries import section_ids, section_names
from dragoman.readers.policies import Actor, may

_ICON = "comment"
Place: TypeAlias = Queue | str
_TABS: dict[str, Promise] = {
    "reported": gettext_lazy("Reported"),
    "held": gettext_lazy("Held"),
    "appeal": gettext_lazy("Objections"),
    "asked": gettext_lazy("With their writers"),
    "new": gettext_lazy("New"),
    "all": gettext_lazy("All"),
}
_MOST_AT_ONCE = 100
_NOTES = "desk-notes"  # in the session: what was typed to a comment that could not be decided
_UNDO = "desk-undo"  # in the session: the decisions of the last click


@require_GET
@staff_only("comment.read_held")
def show(request: HttpRequest, tab: str = "reported") -> HttpResponse:
    """A queue: ``?for=all`` for everybody, ``?language=es``, further by ``?after=MOMENT,ID`` or ``?before=ID``."""
    if tab not in _TABS:
        raise Http404
    actor, spoken = actor_of_request(request), spoken_by(request)
    backlog, on_duty = moderation.backlog(), watch()
    waiting = {one.language for one in backlog}
    languages = _languages(request, actor, on_duty, waiting)
    found, more = _found(request, tab, languages, actor, on_duty)
    shown = case_cards(found, ReaderView(spoken, actor), current_rulebook())
    is_for_all = request.GET.get("for") == "all"
    if tab in get_args(Queue) and not is_for_all and may(actor, "comment.release"):
        # What somebody has before his or her eyes, others do not get meanwhile.
        claim(actor, [one.desk.case.id for one in shown if one.desk.case is not None])
    sections = section_names(spoken)
    own_sections, is_away = own_duty(actor)
    context = {
        "tab": tab,
        "tabs": [(key, words, _number(backlog, key)) for key, words in _TABS.items()],
        "shown": shown,
        "more": more,
        "query": _query(request),
        "languages": languages_to_choose(sorted(waiting), spoken),
        "chosen": request.GET.get("language", ""),
        "is_for_all": is_for_all,
        "unread": _unread(backlog, on_duty, spoken),
        "reasons": REASONS.items(),
        "decides": may(actor, "comment.remove"),
        "undo": request.session.get(_UNDO, []),
        "notes": request.session.pop(_NOTES, {}),
        "sections": [(pk, words, pk in own_sections) for pk, words in sections.items()],
        "is_away": is_away,
        "week": stacked(
            [(date_format(day, "D j"), (opened, closed)) for day, opened, closed in moderation.week()],
            (_("came"), _("decided")),
        ),
        **titles(_("Comments"), _ICON),
    }
    return render(request, "desk/cases.html", context)


def _query(request: HttpRequest) -> str:
    kept = {key: request.GET[key] for key in ("for", "language") if request.GET.get(key)}
    return urlencode(kept)


def _number(backlog: Sequence[Backlog], queue: str) -> int | None:
    return sum(one.number for one in backlog if one.queue == queue) if queue in get_args(Queue) else None


def _languages(request: HttpRequest, actor: Actor, on_duty: Watch, waiting: Collection[str]) -> tuple[str, ...] | None:
    chosen = request.GET.get("language", "")
    if chosen:
        return (chosen,)
    return None if request.GET.get("for") == "all" else on_duty.for_actor(actor, waiting)


def _unread(backlog: Sequence[Backlog], on_duty: Watch, spoken: str) -> list[tuple[str, int]]:
    """Languages with waiting cases that nobody on duty reads, and how many wait."""
    numbers: dict[str, int] = {}
    for one in backlog:
        numbers[one.language] = numbers.get(one.language, 0) + one.number
    return [(name(tag, seen_in=spoken), numbers[tag]) for tag in sorted(on_duty.nobody_reads(numbers))]


def _found(
    request: HttpRequest, tab: str, languages: tuple[str, ...] | None, actor: Actor, on_duty: Watch
) -> tuple[list[int], dict[str, str] | None]:
    """Ids of comments, and what the next window is asked with."""
    if tab in ("new", "all"):
        states = ("visible",) if tab == "new" else ()
        only = None if not request.GET.get("language") else languages
        ids, has_more = latest(before=number_of(request, "before") or None, states=states, languages=only)
        return ids, {"before": str(ids[-1])} if has_more else None
    queue = next(one for one in get_args(Queue) if one == tab)
    is_for_all = request.GET.get("for") == "all"
    sections = None if is_for_all else on_duty.sections_for(actor, section_ids())
    asked = Asked(queue, languages, sections, _after(request), None if is_for_all else actor.id)
    cases, has_more = moderation.cases(asked)
    further = {"after": f"{cases[-1].since.isoformat()},{cases[-1].id}"} if has_more else None
    return [one.subject for one in cases], further


def _after(request: HttpRequest) -> tuple[datetime, int] | None:
    moment, _comma, last = request.GET.get("after", "").partition(",")
    try:
        parsed = parse_datetime(moment)
    except ValueError:
        return None
    return (parsed, int(last)) if parsed and last.isascii() and last.isdecimal() and len(last) < 19 else None


@require_POST
@staff_only("comment.release")
def decide(request: HttpRequest) -> HttpResponse:
    """One act on one or several ``comments``, with ``reason`` and ``note``; what does not go is said, the rest goes."""
    actor, act = actor_of_request(request), request.POST.get("act", "")
    if act not in ("release", "keep", "remove", "hold", "ask", "restore", "uphold"):
        raise Http404
    grounds = Grounds(request.POST.get("reason", ""), request.POST.get("note", ""))
    done: list[tuple[int, int]] = []
    for one in request.POST.getlist("comments")[:_MOST_AT_ONCE]:
        try:
            comment, seen = _chosen(one)
            # An objection to what is held is granted by showing it.
            what = "release" if act == "restore" and comment.state == "held" else act
            if act == "remove" and "branch" in request.POST:
                done += moderating.remove_branch(actor=actor, comment=comment, grounds=grounds)
                continue
            made = moderating.decide(actor=actor, comment=comment, act=what, grounds=grounds, seen=seen)
            done.append((made, comment.pk))
        except DragomanError as error:
            messages.error(request, f"{one.partition(':')[0]}: {error}" if done else str(error))
            request.session[_NOTES] = {one.partition(":")[0]: grounds.note[:LONGEST_NOTE]}
    request.session[_UNDO] = done if act in moderating.UNDONE else []
    if done:
        told = ngettext("%(count)s comment decided.", "%(count)s comments decided.", len(done)) % {"count": len(done)}
        messages.success(request, told)
    return back(request)


def _chosen(told: str) -> tuple[Any, Seen]:
    """“comment:case:version” as the form has it; without a case the comment was found in the lists of new ones."""
    comment, case, version = [*told.split(":"), "", ""][:3]
    ids = [int(one) if one.isascii() and one.isdecimal() and len(one) < 19 else 0 for one in (comment, case)]
    return access_comment(ids[0]), Seen(ids[1] or None, version)


@require_POST
@staff_only("comment.release")
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last click back."""
    undone = 0
    for decision, comment in request.session.pop(_UNDO, []):
        try:
            moderating.undo(actor=actor_of_request(request), comment=access_comment(comment), decision=decision)
            undone += 1
        except DragomanError as error:
            messages.error(request, str(error))
    if undone:
        told = ngettext("%(count)s decision taken back.", "%(count)s decisions taken back.", undone) % {"count": undone}
        messages.success(request, told)
    return back(request)


def back(request: HttpRequest) -> HttpResponse:
    """To the list where something was decided, and in it to the case that comes after."""
    tab = request.POST.get("tab", "")
    following = number_of(request, "next")
    query = request.POST.get("query", "")
    address = reverse("desk-cases-of", args=[tab if tab in _TABS else "reported"])
    return redirect(f"{address}?{query}" + (f"#comment-{following}" if following else ""))


@require_GET
@staff_only("comment.read_held")
def counts(request: HttpRequest) -> HttpResponse:
    """How many wait, for open pages: by queue."""
    found = dict.fromkeys(get_args(Queue), 0)
    for one in moderation.backlog():
        found[one.queue] += one.number
    return JsonResponse(found, headers={"Cache-Control": "no-store"})


@require_POST
@staff_only("comment.release")
def duty(request: HttpRequest) -> HttpResponse:
    """Which sections the actor looks at, and whether he or she is away."""
    known = section_names(settings.DRAGOMAN.default_language)
    sections = {int(one) for one in request.POST.getlist("sections") if one.isdecimal() and len(one) < 19} & set(known)
    set_duty(actor=actor_of_request(request), sections=sections, is_away=request.POST.get("away") == "yes")
    messages.success(request, _("Saved."))
    return back(request)
