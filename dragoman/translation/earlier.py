"""People's translations of what sentences said before they were edited.

A person's work is not lost to an edit: where nobody has translated the new
wording, the last translation by a person stands, marked, until a person
replaces it. Nothing is stored for it: earlier wordings keep their translations.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from django.db.models import F

from dragoman.foundation.statements import Select
from dragoman.translation.models import Occurrence
from dragoman.translation.rules.assembling import OUTDATED, Chosen
from dragoman.translation.rules.human import carried
from dragoman.translation.rules.markers import contents_of

# What the sentence stood for then, and how a person translated it.
Earlier: TypeAlias = tuple[dict[str, list[str]], Chosen]


def newest_word(best: Chosen | None, earlier: Earlier | None, contents: dict[str, list[str]]) -> Chosen | None:
    """A person's word for what the sentence said before, where nobody has one for what it says now.

    It is shown, marked, until a person replaces it: no machine does.
    """
    if earlier is None or (best is not None and best.origin == "human"):
        return best
    then, chosen = earlier
    text = carried(chosen.text, contents_of(then), contents_of(contents))
    return replace(chosen, text=text, quality=OUTDATED) if text else best


def earlier_words(units: Sequence[int], language: str) -> dict[tuple[int, int], Earlier]:
    """People's translations of earlier wordings, by unit and anchor: of each the latest wording. One query."""
    found: dict[tuple[int, int], tuple[tuple[int, bool], Earlier]] = {}
    if not units:
        return {}
    for unit, anchor, until, contents, scope, *rest in _EARLIER(language, list(units)):
        columns = (*rest[:-1], tuple(rest[-1]))
        order = (until, scope is not None)  # of one wording the word for this text
        before = found.get((unit, anchor))
        if before is None or order > before[0]:
            found[(unit, anchor)] = (order, (contents, Chosen(*columns)))
    return {place: earlier for place, (_order, earlier) in found.items()}


def _wordings(language: Any, units: Any, **scope: Any) -> Any:
    rows = Occurrence.objects.filter(
        unit__pk__in=units,
        last_revision__isnull=False,
        segment__current__language=language,
        segment__current__translation__origin="human",
        **scope,
    )
    told = ("id", "text", "quality", "origin", "engine", "version", "pivot", "by", "at", "findings")
    chosen = (f"segment__current__translation__{name}" for name in told)
    return rows.values_list("unit_id", "anchor", "last_revision", "contents", "segment__current__unit_id", *chosen)


_EARLIER = Select(
    lambda language, units: _wordings(language, units, segment__current__unit=None).union(
        _wordings(language, units, segment__current__unit=F("unit")), all=True
    )
)
