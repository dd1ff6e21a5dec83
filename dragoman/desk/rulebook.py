"""The rulebook: rules in their order, word lists, where comments wait, and trying a change out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dragoman.conversation.trials import candidates
from dragoman.conversation.waiting import to_try
from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import languages_to_choose, number_of, spoken_by, titles
from dragoman.desk.marking import Piece, marked
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.foundation.languages import name
from dragoman.moderation import rulebook
from dragoman.moderation.queries import ListState, modes, word_list_of, word_lists
from dragoman.moderation.rulebook import TypedList, checked_list
from dragoman.moderation.rules.candidate import ACTS, Act
from dragoman.moderation.rules.lists import MATCHINGS, Matcher
from dragoman.moderation.rules.order import RULES, Rule, judge
from dragoman.moderation.screening import Rulebook, current_rulebook, list_of, tried
from dragoman.moderation.wording import ACTS as ACT_WORDS
from dragoman.moderation.wording import NUMBERS
from dragoman.moderation.wording import RULES as RULE_WORDS
from dragoman.publication.queries import section_names
from dragoman.readers.queries import nickname_of

_ICON = "clipboard-list"
_TRIED = 1_000  # of the latest comments
_RULES_TRIED = 300  # their writers are looked at, too
_SHOWN = 50  # of those found
_LARGEST = 2_000_000  # bytes of a file with words
_MATCHINGS: Mapping[str, Promise] = {
    "word": gettext_lazy("as they stand"),
    "stem": gettext_lazy("in all their forms, where the language’s are known"),
}
_MODES: Mapping[str, Promise] = {
    "before": gettext_lazy("wait for a moderator"),
    "after": gettext_lazy("are shown at once"),
    "closed": gettext_lazy("are switched off"),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """What a list or a rule finds in the latest comments: how many were looked at, and those found, each with whether
    it is new beside what is found now.
    """

    looked_at: int
    all: list[tuple[list[Piece], bool]]

    @property
    def found(self) -> int:
        """How many were found."""
        return len(self.all)

    @property
    def fresh(self) -> int:
        """How many of them are new."""
        return sum(is_fresh for _pieces, is_fresh in self.all)

    @property
    def shown(self) -> list[tuple[list[Piece], bool]]:
        """Some of them."""
        return self.all[:_SHOWN]


@require_GET
@staff_only("rulebook.change")
def show(request: HttpRequest) -> HttpResponse:
    """Everything on one page, in the order in which it is asked."""
    return _page(request)


def _page(
    request: HttpRequest, *, typed: tuple[str, str, Mapping[str, int]] | None = None, trial: Trial | None = None
) -> HttpResponse:
    """``typed``: a rule that is being tried, with its act and numbers as they were typed."""
    spoken = spoken_by(request)
    book = current_rulebook()
    sections = section_names(spoken)
    context = {
        "rules": [_told(rule, book, typed) for rule in RULES],
        "trial": trial,
        "acts": ACT_WORDS.items(),
        "lists": [(one, name(one.language, seen_in=spoken) if one.language else "") for one in word_lists()],
        "modes": [(scope, key, _called(scope, key, spoken, sections), _MODES[mode]) for scope, key, mode in modes()],
        "is_before": settings.DRAGOMAN.holds_new_comments,
        "sections": sections.items(),
        "languages": languages_to_choose(settings.DRAGOMAN.known_languages, spoken),
        "ways": _MODES.items(),
        "open_ways": [(mode, words) for mode, words in _MODES.items() if mode != "closed"],
        **titles(_("Rules of comments"), _ICON),
    }
    return render(request, "desk/rulebook.html", context)


def _told(rule: Rule, book: Rulebook, typed: tuple[str, str, Mapping[str, int]] | None) -> tuple[object, ...]:
    """A rule as it stands, or as it was typed: name, words, act, and numbers with their words and highest values."""
    act, numbers = book.known.acts.get(rule.name, rule.act), book.known.numbers
    if typed is not None and typed[0] == rule.name:
        act, numbers = cast(Act, typed[1]), {f"{rule.name}.{number}": value for number, value in typed[2].items()}
    keys = [(number, f"{rule.name}.{number}", most) for number, (_value, most) in rule.numbers.items()]
    return (
        rule.name,
        RULE_WORDS[rule.name],
        act,
        [(number, NUMBERS[key], numbers[key], most) for number, key, most in keys],
    )


def _called(scope: str, key: str, spoken: str, sections: Mapping[int, str]) -> str:
    if scope == "site":
        return _("everywhere")
    if scope == "section":
        return _("in %(section)s") % {"section": sections.get(int(key), key)}
    if scope == "language":
        return _("in the language %(language)s") % {"language": name(key, seen_in=spoken)}
    if scope == "reader":
        return _("by %(nickname)s") % {"nickname": nickname_of(int(key)) or key}
    return _("on article %(number)s") % {"number": key.partition(":")[2]}


@require_POST
@staff_only("rulebook.change")
def set_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """What follows from a rule, and its numbers; ``try`` changes nothing and judges the latest comments."""
    found = next((one for one in RULES if one.name == rule), None)
    if found is None:
        raise Http404
    numbers = {number: number_of(request, number) for number in found.numbers}
    try:
        act = request.POST.get("act", "")
        if "try" in request.POST:
            return _page(request, typed=(rule, act, numbers), trial=_rule_tried(rule, act, numbers))
        rulebook.set_rule(actor=actor_of_request(request), rule=rule, act=act, numbers=numbers)
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved. It holds from now on."))
    return redirect("desk-rulebook")


@require_POST
@staff_only("rulebook.change")
def set_mode(request: HttpRequest) -> HttpResponse:
    """Where comments wait: everywhere, in a section, a language, on an article."""
    scope, key = request.POST.get("scope", ""), request.POST.get("key", "")
    if scope == "place" and key.isdecimal():
        key = f"article:{int(key)}"
    try:
        mode = request.POST.get("mode", "")
        rulebook.set_mode(actor=actor_of_request(request), scope=scope, key=key, mode=mode)
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Saved. It holds from now on."))
    return redirect("desk-rulebook")


def _rule_tried(rule: str, act: str, numbers: Mapping[str, int]) -> Trial:
    """What a rule would find with these numbers, beside what it finds now."""
    book = current_rulebook()
    as_now, changed = tried(book), rulebook.known_with(book, rule, act, numbers)
    comments = candidates(_RULES_TRIED)
    found = []
    for _pk, candidate in comments:
        hits = [one for one in judge(candidate, changed).findings if one.rule == rule]
        if hits:
            before = any(one.rule == rule for one in judge(candidate, as_now).findings)
            spans = [span for one in hits for span in one.spans]
            found.append((marked(candidate.text, spans), not before))
    return Trial(len(comments), found)


@require_http_methods(["GET", "POST"])
@staff_only("rulebook.change")
def edit_list(request: HttpRequest, word_list: int | None = None) -> HttpResponse:
    """A list: look, change, ``try`` on the latest comments, ``delete``. A ``file`` takes the place of the words."""
    before = _list(word_list)
    typed = _typed(request) if request.method == "POST" else _as_typed(before)
    trial = None
    try:
        if "delete" in request.POST and word_list is not None:
            rulebook.delete_list(actor=actor_of_request(request), list_id=word_list)
            messages.success(request, _("Deleted."))
            return redirect("desk-rulebook")
        if "try" in request.POST:
            trial = _tried(typed, before)
        elif request.method == "POST":
            rulebook.save_list(actor=actor_of_request(request), typed=typed, list_id=word_list)
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("desk-rulebook")
    except DragomanError as error:
        messages.error(request, str(error))
    context = {
        "typed": typed,
        "word_list": word_list,
        "trial": trial,
        "languages": languages_to_choose(settings.DRAGOMAN.known_languages, spoken_by(request)),
        "matchings": [(one, _MATCHINGS[one]) for one in MATCHINGS],
        "acts": [(one, ACT_WORDS[one]) for one in ACTS],
        **titles(typed.name or _("A new list"), _ICON),
    }
    return render(request, "desk/word_list.html", context)


def _list(word_list: int | None) -> ListState | None:
    try:
        return word_list_of(word_list) if word_list is not None else None
    except NotFound:
        raise Http404 from None


def _as_typed(before: ListState | None) -> TypedList:
    if before is None:
        return TypedList("")
    return TypedList(before.name, before.language, before.matching, before.act, before.words)


def _typed(request: HttpRequest) -> TypedList:
    told = {key: request.POST.get(key, "") for key in ("name", "language", "matching", "act", "words")}
    file = request.FILES.get("file")
    if file is not None and file.size:
        told["words"] = file.read(_LARGEST).decode("utf-8-sig", "replace")
    return TypedList(**told)


def _tried(typed: TypedList, before: ListState | None) -> Trial:
    """Nothing is changed by it."""
    changed = Matcher([list_of(checked_list(typed))])
    now = Matcher([list_of(checked_list(_as_typed(before)))] if before is not None else [])
    comments = to_try(_TRIED)
    found = []
    for _pk, text, language in comments:
        hits = changed.find(text, language)
        if hits:
            found.append((marked(text, [(hit.start, hit.end) for hit in hits]), not now.find(text, language)))
    return Trial(len(comments), found)


@require_GET
@staff_only("rulebook.change")
def export_list(request: HttpRequest, word_list: int) -> HttpResponse:
    """The words, one on each line."""
    found = _list(word_list)
    words = found.words + "\n" if found is not None else ""
    name = f"list-{word_list}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(words, content_type="text/plain; charset=utf-8", headers=headers)
