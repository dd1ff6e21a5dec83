"""How the editions come about, over time: people, engines, and readers who look at originals."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from dragoman.desk.access import staff_only
from dragoman.desk.charts import stacked
from dragoman.desk.frames import languages_to_choose, spoken_by, titles
from dragoman.translation.shares import Share, shares

_DAYS = 90


@require_GET
@staff_only("translation.correct")
def show(request: HttpRequest) -> HttpResponse:
    """One picture of sentences and one of opened originals for each language."""
    found = shares(_DAYS)
    context = {
        "languages": [(tag, name, *_drawn(found[tag])) for tag, name in languages_to_choose(found, spoken_by(request))],
        "days": _DAYS,
        **titles(_("Machine and people, over time"), "globe"),
    }
    return render(request, "desk/shares.html", context)


def _drawn(days: list[Share]) -> tuple[object, ...]:
    labels = [date_format(one.day, "SHORT_DATE_FORMAT") for one in days]
    sentences = [(label, (one.people, one.engines)) for label, one in zip(labels, days, strict=True)]
    opened = [(label, (one.opened,)) for label, one in zip(labels, days, strict=True)]
    return (
        stacked(sentences, (_("by people"), _("by machine"))),
        stacked(opened, (_("pages with an original opened"),)),
        round(100 * days[-1].by_engines),
    )
