"""Articles and their editions: what is there, what waits, and letting it go out."""

from collections.abc import Mapping
from typing import Any, get_args

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import languages_to_choose, number_of, spoken_by, titles
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.foundation.languages import name
from dragoman.publication import releasing
from dragoman.publication.overview import AT_ONCE, article_with_editions, articles_with_editions
from dragoman.publication.queries import section_names
from dragoman.readers.policies import may
from dragoman.translation import editions
from dragoman.translation.editions import EditionState, Waits
from dragoman.translation.rules.releasing import MODES, Default, Mode

_ICON = "globe"
_MODES: dict[Mode, Promise] = {
    "off": gettext_lazy("off"),
    "machine": gettext_lazy("by machine, at once"),
    "review": gettext_lazy("by machine, after a review"),
    "human": gettext_lazy("by people alone"),
}
_WAITS: dict[Waits, Promise] = {
    "release": gettext_lazy("waits for its release"),
    "withdrawn": gettext_lazy("withdrawn"),
    "off": gettext_lazy("off"),
}


@require_GET
@staff_only("translation.correct")
def show(request: HttpRequest) -> HttpResponse:
    """Articles by editions: ``section`` (an id), ``waits`` (release, withdrawn, off), ``skip``."""
    waits = next((one for one in get_args(Waits) if one == request.GET.get("waits")), None)
    section, skip = number_of(request, "section"), number_of(request, "skip")
    spoken = spoken_by(request)
    sections = section_names(spoken)
    try:
        found, has_more = articles_with_editions(sections, section=section, waits=waits, skip=skip)
    except NotFound:
        raise Http404 from None
    context = {
        "articles": [(one, [_told(state, spoken) for state in one.editions]) for one in found],
        "sections": sections.items(),
        "section": section,
        "waits": waits or "",
        "ways": _WAITS.items(),
        "next": skip + AT_ONCE if has_more else None,
        "previous": max(0, skip - AT_ONCE) if skip else None,
        "defaults": _defaults(sections, spoken) if may(actor_of_request(request), "article.publish") else None,
        "languages": languages_to_choose(settings.DRAGOMAN.languages, spoken),
        "modes": _MODES.items(),
        **titles(_("Editions"), _ICON),
    }
    return render(request, "desk/editions.html", context)


def _defaults(sections: Mapping[int, str], spoken: str) -> list[dict[str, str]]:
    def called(tag: str) -> str:
        return name(tag, seen_in=spoken) if tag else _("all languages")

    return [
        {
            "section": sections.get(one.section, "") if one.section else _("the whole publication"),
            "pair": f"{called(one.from_language)} → {called(one.to_language)}",
            "mode": str(_MODES[one.mode]),
        }
        for one in editions.defaults()
    ]


@require_GET
@staff_only("translation.correct")
def article(request: HttpRequest, number: int) -> HttpResponse:
    """One article's editions, with their buttons."""
    spoken = spoken_by(request)
    try:
        found = article_with_editions(number)
    except NotFound:
        raise Http404 from None
    context = {
        "article": found,
        "editions": [_told(state, spoken) for state in found.editions],
        "modes": _MODES.items(),
        "publishes": may(actor_of_request(request), "article.publish"),
        **titles(f"{found.number}. {found.headline}", _ICON),
    }
    return render(request, "desk/article_editions.html", context)


def _told(state: EditionState, spoken: str) -> dict[str, Any]:
    share = round(100 * (state.by_people + state.by_engines) / state.sentences) if state.sentences else 0
    return {"state": state, "name": name(state.language, seen_in=spoken), "words": _words(state), "share": share}


def _words(state: EditionState) -> str:
    if state.withdrawn_at is not None:
        return str(_WAITS["withdrawn"])
    if state.mode == "off":
        return str(_MODES["off"])
    return str(_WAITS["release"]) if state.shows == "nothing" else _("is out")


@require_POST
@staff_only("translation.correct")
def change(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """A button: release (``languages``), and withdraw, mode or sign-off of a ``language``, or translate a draft."""
    actor = actor_of_request(request)
    language = request.POST.get("language", "")
    mode: Mode = next((one for one in MODES if one == request.POST.get("mode")), "machine")
    try:
        if act == "release":
            languages = request.POST.getlist("languages")
            releasing.release_editions(actor=actor, number=number, languages=languages)
            said = _("Readers see these editions now.")
        elif act == "withdraw":
            releasing.withdraw_edition(actor=actor, number=number, language=language)
            said = _("Withdrawn: readers see the original.")
        elif act == "mode":
            releasing.choose_mode(actor=actor, number=number, language=language, mode=mode)
            said = _("Saved.")
        elif act == "sign":
            version = request.POST.get("version", "")
            releasing.sign_off_edition(actor=actor, number=number, language=language, version=version)
            said = _("Signed off in your name.")
        elif act == "translate":
            asked = releasing.translate_draft(actor=actor, number=number)
            said = ngettext(
                "%(count)s sentence is asked for.", "%(count)s sentences are asked for.", asked
            ) % {"count": asked}  # fmt: skip
        else:
            raise Http404
    except DragomanError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("desk-article-editions", number)


@require_POST
@staff_only("article.publish")
def set_default(request: HttpRequest) -> HttpResponse:
    """How new articles' editions go out, by section and languages."""
    known = {"", *settings.DRAGOMAN.languages}
    source, target = request.POST.get("source", ""), request.POST.get("target", "")
    mode = next((one for one in MODES if one == request.POST.get("mode")), None)
    section = number_of(request, "section")
    if mode is None or not {source, target} <= known or (section and section not in section_names(spoken_by(request))):
        raise Http404
    editions.set_default(Default(section, source, target, mode))
    messages.success(request, _("Saved. It holds for articles that are published from now on."))
    return redirect("desk-editions")
