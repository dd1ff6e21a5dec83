"""A text sentence by sentence: readers suggest what would be better, translators mend it."""

import re
from contextlib import suppress
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from dragoman.conversation import queries as conversation
from dragoman.conversation.places import number_of
from dragoman.conversation.policies import may_read_words
from dragoman.conversation.screening import check_may_write
from dragoman.foundation.errors import DragomanError, NotFound
from dragoman.foundation.languages import direction, same_to_a_reader
from dragoman.publication import queries as publication
from dragoman.publication.releasing import sign_off_edition
from dragoman.readers.policies import may
from dragoman.translation import correcting
from dragoman.translation.correcting import LONGEST, Place, Seen
from dragoman.translation.editions import version_of
from dragoman.translation.errors import EmptyTranslation, NoSuchSentence
from dragoman.translation.matches import similar_sentences
from dragoman.translation.remarks import remark, remarks_on
from dragoman.translation.sentences import TextAtWork, doubts_about, history, text_at_work
from dragoman.website.editions import EditionRequest, require_edition
from dragoman.website.views.comments import address_in, to_sign_in


@require_http_methods(["GET", "HEAD", "POST"])
def sentences(request: EditionRequest, language: str, unit: int) -> HttpResponse:
    """Each sentence beside its translation in this edition. ``?history=N``: with all that was said for one of them."""
    require_edition(language)
    text = _text_for(request, unit, language)
    back = _back(request, text)
    if same_to_a_reader(text.source_language, language):
        return HttpResponseRedirect(back)
    if not request.actor.is_signed_in:
        return to_sign_in(request, request.path)
    if text.shows == "nothing" and not may(request.actor, "translation.correct"):
        raise NoSuchSentence
    context: dict[str, Any] = {"typed": "", "error": None, "error_at": None}
    if request.method == "POST":
        place, seen = Place(unit, _number(request, "anchor"), language), _seen(request)
        try:
            said = _do(request, place, seen)
        except DragomanError as error:
            text = _text_for(request, unit, language)  # what it says now
            typed = request.POST.get("text", "")[: 2 * LONGEST]
            context |= {"typed": typed, "error": error, "error_at": place.anchor}
        else:
            messages.success(request, said)
            if request.POST.get("act") in {"correct", "everywhere"}:
                _say_doubts(request, place)
            return HttpResponseRedirect(_onwards(request, text, place.anchor))
    context |= _around(request, text) | {"back": back}
    # The sentence itself may have gone meanwhile.
    has_place = context["paragraph"] or context["error_at"] in {one.anchor for one in text.sentences}
    context["lost"] = context["error"] is not None and not has_place
    refused = context["error"]
    response = render(request, "website/sentences.html", context, status=refused.status if refused else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


_DOUBTS = {
    "markers": gettext_lazy("a name, a link or a mark of the original is missing"),
    "addresses": gettext_lazy("an address is another one than in the original"),
    "numbers": gettext_lazy("a number is another one than in the original"),
    "terms": gettext_lazy("the glossary has another word"),
    "script": gettext_lazy("many letters are of another script than the language’s"),
    "brackets": gettext_lazy("a bracket or a quotation mark stands alone"),
    "end-mark": gettext_lazy("the sentence ends otherwise than the original"),
}


def _say_doubts(request: EditionRequest, place: Place) -> None:
    found = doubts_about(place.unit, place.anchor, place.language)
    if found:
        told = ", ".join(str(_DOUBTS[one]) for one in found)
        messages.warning(
            request, _("Please look once more at the sentence that you saved: %(doubts)s.") % {"doubts": told}
        )


def _around(request: EditionRequest, text: TextAtWork) -> dict[str, Any]:
    asked = request.GET.get("history", "")
    anchor = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    words, matches = [], []
    corrects = may(request.actor, "translation.correct")
    if anchor:
        with suppress(NoSuchSentence):
            words = history(text.unit, anchor, text.language)
        matches = similar_sentences(text.unit, anchor, text.language) if corrects else []
    at = request.GET.get("at", "")
    return {
        "text": text,
        "source_direction": direction(text.source_language),
        "corrects": corrects,
        "signs": version_of(text.unit, text.language) if corrects and text.kind == "article" else "",
        "matches": matches,
        "remarks": remarks_on(text.unit, text.language) if corrects else {},
        "paragraphs": {one.block for one, other in pairwise(text.sentences) if one.block == other.block},
        "paragraph": _paragraph(text, request.GET.get("block", "")) if corrects else None,
        "at": int(at) if at.isascii() and at.isdecimal() and len(at) < 10 else 0,
        "widens": may(request.actor, "translation.widen") and text.kind == "comment",
        "longest": LONGEST,
        "history_of": anchor,
        "history": words,
        "sections": publication.sections(text.language),
    }


def _paragraph(text: TextAtWork, block: str) -> dict[str, Any] | None:
    """A paragraph as one text, where it has several sentences."""
    mine = [one for one in text.sentences if one.block == block]
    if len(mine) < 2:
        return None
    return {
        "original": " ".join(one.original for one in mine),
        "shown": " ".join(one.shown.text for one in mine if one.shown),
        "sentences": mine,
    }


def _onwards(request: EditionRequest, text: TextAtWork, anchor: int) -> str:
    """After a translator's word the next sentence, ready to be typed in; after the last one of an article its end."""
    anchors = [one.anchor for one in text.sentences]
    if anchor not in anchors:
        return request.path
    if request.POST.get("act") not in {"correct", "everywhere"}:
        return f"{request.path}#s{anchor}"
    if anchor != anchors[-1]:
        following = anchors[anchors.index(anchor) + 1]
        return f"{request.path}?at={following}"  # no fragment: browsers would not focus the field then
    return f"{request.path}#{'end' if text.kind == 'article' else f's{anchor}'}"


def _back(request: EditionRequest, text: TextAtWork) -> str:
    """Where readers see the text; raises where this one may not."""
    if text.kind == "comment":
        comment = conversation.access_comment(text.owner)
        if not may_read_words(request.actor, comment):
            raise NoSuchSentence
        shown = publication.article_by_number(number_of(comment.thread.key), text.language)
        return address_in(shown, comment.number)
    if text.kind == "article":
        with suppress(NotFound):
            return publication.path_of_unit(text.unit, text.language)
        if not may(request.actor, "article.read_draft"):
            raise NoSuchSentence
    elif text.kind not in {"section", "announcement"}:
        raise NoSuchSentence  # words between staff and one reader
    return f"/{text.language}/"


def _do(request: EditionRequest, place: Place, seen: Seen) -> str:
    """What a button asks for; what is said when it is done."""
    act, text = request.POST.get("act", ""), request.POST.get("text", "")
    if act == "sign":
        number = publication.number_of_unit(place.unit)
        version = request.POST.get("version", "")
        sign_off_edition(actor=request.actor, number=number, language=place.language, version=version)
        return _("Signed off in your name.")
    told: dict[str, Any] = {"actor": request.actor, "place": place, "seen": seen}
    if act in ("correct", "everywhere"):
        correcting.correct(**told, text=text, everywhere=act == "everywhere")
        return _("Saved. Readers see it now.")
    if act == "block":
        correcting.correct_block(
            actor=request.actor, unit=place.unit, language=place.language, text=text, seen=_all_seen(request)
        )
        return _("Saved. Readers see it now.")
    if act == "remark":
        remark(actor=request.actor, place=place, text=request.POST.get("note", ""))
        return _("Saved. Other translators see it.")
    if act == "widen":
        correcting.widen(**told)
        return _("Saved. It holds everywhere now.")
    if act not in ("suggest", "bad"):
        raise NotFound
    if act == "suggest" and not text.strip():
        raise EmptyTranslation
    check_may_write(request.actor)
    correcting.suggest(**told, text=text if act == "suggest" else "", note=request.POST.get("note", ""))
    return _("Thank you. A translator will look at it.")


def _text_for(request: EditionRequest, unit: int, language: str) -> TextAtWork:
    """With all words for translators, with those alone that readers see for readers."""
    text = text_at_work(unit, language)
    return text if may(request.actor, "translation.correct") else text.for_readers()


def _all_seen(request: EditionRequest) -> dict[int, Seen]:
    """Of a paragraph's sentences: ``anchor:wording:translation`` each."""
    found: dict[int, Seen] = {}
    for typed in request.POST.getlist("all"):
        match = re.fullmatch(r"([0-9]{1,9}):([0-9]{1,18}):([0-9]{1,18})", typed)
        if match is None:
            raise NoSuchSentence
        found[int(match[1])] = Seen(int(match[2]), int(match[3]))
    return found


def _seen(request: EditionRequest) -> Seen:
    return Seen(_number(request, "wording"), _number(request, "seen"))


def _number(request: EditionRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
