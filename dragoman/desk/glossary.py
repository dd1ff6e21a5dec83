"""The glossary: its rows, changing one, and trying a change out before it is made."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from dragoman.desk.access import actor_of_request, staff_only
from dragoman.desk.frames import languages_to_choose, number_of, spoken_by, titles
from dragoman.foundation.errors import DragomanError
from dragoman.publication.queries import section_names
from dragoman.translation import glossary
from dragoman.translation.errors import TermChanged
from dragoman.translation.glossary import Row, TryOut, spelled
from dragoman.translation.rules.glossary import Form, Term

_AT_ONCE = 100
_ICON = "list-ul"
_TREATMENTS: dict[str, Promise] = {
    "keep": gettext_lazy("keep it as it is"),
    "fixed": gettext_lazy("translate it always so"),
    "soft": gettext_lazy("prefer this translation"),
}


class TermForm(forms.Form):
    """A row as people type it."""

    source = forms.ChoiceField(label=gettext_lazy("From"))
    target = forms.ChoiceField(label=gettext_lazy("Into"), required=False)
    treatment = forms.ChoiceField(
        label=gettext_lazy("What becomes of it"), choices=list(_TREATMENTS.items()), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("Word and translation"),
        help_text=gettext_lazy(
            "One form on a line, such as: ferries = transbordadores. The first line is the term itself."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto", "spellcheck": "false"}),
    )
    section = forms.ChoiceField(label=gettext_lazy("In"), required=False)
    heeds_case = forms.BooleanField(label=gettext_lazy("Capitals and small letters must be the same"), required=False)
    priority = forms.IntegerField(
        label=gettext_lazy("Priority"),
        help_text=gettext_lazy(
            "Of two terms in one place the one with the higher number is taken, else the longer one."
        ),
        min_value=-100,
        max_value=100,
    )
    note = forms.CharField(
        label=gettext_lazy("Note for translators"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    changed = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *told: Any, spoken: str, **more: Any) -> None:
        super().__init__(*told, **more)
        self._offer("source", languages_to_choose(settings.DRAGOMAN.known_languages, spoken))
        every = ("", _("all languages"))
        self._offer("target", [every, *languages_to_choose(settings.DRAGOMAN.languages, spoken)])
        sections = [(str(pk), words) for pk, words in section_names(spoken).items()]
        self._offer("section", [("", _("the whole publication")), *sections])

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def row(self, term_id: int) -> Row:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        parts = (line.partition("=") for line in typed["words"].splitlines() if line.strip())
        written = tuple(Form(one.strip(), other.strip()) for one, _sign, other in parts)
        section = int(typed["section"]) if typed["section"] else None
        term = Term(
            term_id, typed["source"], typed["target"], typed["treatment"], written, section,
            typed["heeds_case"], typed["priority"],
        )  # fmt: skip
        return Row(term, typed["note"], typed["changed"] or 0)


@require_GET
@staff_only("translation.manage_glossary")
def show(request: HttpRequest) -> HttpResponse:
    """All rows, or those of a language (``from``, ``into``) and with some words (``q``), page by page (``p``)."""
    asked = {key: request.GET.get(key, "").strip() for key in ("from", "into", "q")}
    found = glossary.terms_of(source=asked["from"], target=asked["into"], words=asked["q"])
    page = Paginator(found, _AT_ONCE).get_page(request.GET.get("p"))
    spoken = spoken_by(request)
    sections = section_names(spoken)
    context = {
        "rows": [_told(one, sections) for one in page],
        "total": len(found),
        "page": page,
        "sources": languages_to_choose(settings.DRAGOMAN.known_languages, spoken),
        "targets": languages_to_choose(settings.DRAGOMAN.languages, spoken),
        "asked": asked,
        **titles(_("Glossary"), _ICON),
    }
    return render(request, "desk/glossary.html", context)


def _told(row: Row, sections: dict[int, str]) -> dict[str, Any]:
    term = row.term
    return {
        "row": row,
        "treatment": _TREATMENTS[term.treatment],
        "section": sections.get(term.section or 0, "") if term.section else "",
    }


@require_http_methods(["GET", "POST"])
@staff_only("translation.manage_glossary")
def edit(request: HttpRequest, term: int = 0) -> HttpResponse:
    """One row. Its buttons: try out, save, delete. What was typed stays where something is wrong with it."""
    spoken = spoken_by(request)
    try:
        known = glossary.term(term) if term else None
    except DragomanError as error:
        messages.error(request, str(error))
        return redirect("desk-glossary")
    if request.method == "GET":
        return _form(request, TermForm(initial=_initial(known), spoken=spoken), known)
    typed = TermForm(request.POST, spoken=spoken)
    act = request.POST.get("act", "save")
    if act != "delete" and not typed.is_valid():
        return _form(request, typed, known, status=422)
    try:
        if act == "try":
            return _form(request, typed, known, tried=glossary.try_out(typed.row(term), term_id=term))
        if act == "delete":
            seen = number_of(request, "changed")
            glossary.delete_term(actor=actor_of_request(request), term_id=term, changed=seen)
        else:
            glossary.save_term(actor=actor_of_request(request), row=typed.row(term))
    except DragomanError as error:
        if isinstance(error, TermChanged) and known is not None:
            # What was typed stands beside what is there now, and is saved in its place the next time.
            data = request.POST.copy()
            data["changed"] = str(known.changed)
            typed = TermForm(data, spoken=spoken)
            typed.add_error(None, spelled(known.term))
        typed.add_error(None, str(error))
        return _form(request, typed, known, status=error.status)
    messages.success(request, _("Saved. The sentences with this term are asked for again now."))
    return redirect("desk-glossary")


def _form(
    request: HttpRequest, form: TermForm, known: Row | None, *, tried: TryOut | None = None, status: int = 200
) -> HttpResponse:
    title = known.term.forms[0].written if known else _("New term")
    context = {
        "form": form,
        "known": known,
        "tried": tried and _sentence_of(tried),
        "result": tried,
        **titles(title, _ICON),
    }
    return render(request, "desk/glossary_term.html", context, status=status)


def _sentence_of(tried: TryOut) -> str:
    changed = ngettext(
        "%(count)s sentence would be translated anew.", "%(count)s sentences would be translated anew.", tried.sentences
    ) % {"count": tried.sentences}
    if tried.is_more:
        changed = _("More than %(count)s sentences would be translated anew.") % {"count": tried.sentences}
    if not tried.names:
        return changed
    shown = ngettext(
        "In %(count)s place it stands as a name, which changes at once.",
        "In %(count)s places it stands as a name, which changes at once.",
        tried.names,
    )
    return f"{changed} {shown % {'count': tried.names}}"


def _initial(known: Row | None) -> dict[str, Any]:
    if known is None:
        return {"source": settings.DRAGOMAN.default_language, "treatment": "fixed", "priority": 0, "changed": 0}
    term = known.term
    lines = (f"{one.written} = {one.translated}" if one.translated else one.written for one in term.forms)
    return {
        "source": term.from_language,
        "target": term.to_language,
        "treatment": term.treatment,
        "words": "\n".join(lines),
        "section": str(term.section or ""),
        "heeds_case": term.heeds_case,
        "priority": term.priority,
        "note": known.note,
        "changed": known.changed,
    }
