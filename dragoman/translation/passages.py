"""Sentences that others quote: where a quote points, and what stands there now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import F

from dragoman.foundation.languages import direction, same_to_a_reader
from dragoman.foundation.statements import Select, SelectModels
from dragoman.translation.models import Occurrence, Revision
from dragoman.translation.presented import PresentedPassage
from dragoman.translation.queries import Mode, best_of, kept_back, place, scoped
from dragoman.translation.rules.assembling import Chosen
from dragoman.translation.rules.markers import contents_of, plain
from dragoman.translation.rules.passages import stands_in
from dragoman.translation.rules.rendering import inlines_html


@dataclass(frozen=True, slots=True)
class PassageKey:
    """Where a quote points: a sentence of a unit, in the version that was quoted.

    ``exact`` are the quoted words, where only a sentence that still has them will do.
    """

    unit: int
    occurrence: int
    revision: int
    exact: str = ""


def present_passages(
    keys: Collection[PassageKey], language: str, reader_languages: Sequence[str] = (), mode: Mode = "auto"
) -> dict[PassageKey, PresentedPassage]:
    """Quoted sentences for a reader, as their own unit shows them. Four queries.

    A sentence that was moved or mended is shown as it is now, as long as it has the
    quoted words; else as it was when it was quoted, with the time of that version.

    What is a draft, held, or was taken away has no passages: nobody may read it by way of a quote.
    """
    units = list({key.unit for key in keys})
    rows = _PASSAGES(units, list({key.occurrence for key in keys})) if units else []
    if not rows:
        return {}
    chosen = scoped({row.segment_id for row in rows}, units, language)
    shows = kept_back(units, language)
    made = _MADE(units, list({key.revision for key in keys}))
    times = {(unit, number): at for unit, number, at in made}
    found: dict[PassageKey, PresentedPassage] = {}
    for key in keys:
        row = _version(rows, key)
        if row is not None:
            best = best_of(chosen.get(row.segment_id, {}), key.unit)
            own = row.unit.language if mode == "original" else language
            passage = _passage(row, best, shows.get(key.unit, "all"), own, reader_languages)
            found[key] = passage if passage.is_current else replace(passage, at=times.get((key.unit, key.revision)))
    return found


_PASSAGES = SelectModels[Occurrence](
    lambda units, anchors: Occurrence.objects.filter(
        unit__pk__in=units, anchor__in=anchors, unit__is_released=True
    ).select_related("segment", "unit")
)
_MADE = Select(
    lambda units, numbers: Revision.objects.filter(unit__pk__in=units, number__in=numbers).values_list(
        "unit_id", "number", "created_at"
    )
)


def _version(rows: list[Occurrence], key: PassageKey) -> Occurrence | None:
    """The sentence as it stands now if it has the quoted words, else as it stood when it was quoted."""
    mine = [row for row in rows if (row.unit_id, row.anchor) == (key.unit, key.occurrence)]
    now = next((row for row in mine if row.last_revision is None), None)
    if now is not None and stands_in(key.exact, plain(now.segment.text, contents_of(now.contents))):
        return now
    then = (row for row in mine if row.first_revision <= key.revision <= (row.last_revision or key.revision))
    return next(then, now)


def _passage(
    row: Occurrence, chosen: Chosen | None, shows: str, language: str, reader_languages: Sequence[str]
) -> PresentedPassage:
    source = row.unit.language
    if shows == "nothing" or (shows == "people" and chosen is not None and chosen.origin != "human"):
        chosen = None
    understood = any(same_to_a_reader(source, one) for one in (language, *reader_languages))
    placed = place(row, chosen)
    translated = not understood and placed.is_there and chosen is not None
    shown_language = language if translated else source
    text = chosen.text if translated and chosen else placed.marked
    state: Any = "original" if understood else "unreleased" if shows == "nothing" else "pending"
    if translated and chosen:
        state = "rough" if chosen.quality == "rough" else chosen.origin
    return PresentedPassage(
        row.unit_id,
        row.block,
        row.anchor,
        exact=plain(placed.marked, placed.contents),
        shown_html=inlines_html(placed.core(translated=translated)),
        shown=plain(text, placed.contents),
        language=shown_language,
        direction=direction(shown_language),
        state=state,
        source_language=source,
        is_current=row.last_revision is None,
        revision=row.unit.revision_number,
        topic=row.unit.topic,
    )


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a unit in its own language, for finding quotes."""

    unit: int
    block: str
    occurrence: int
    revision: int
    text: str


def sentences_of(unit_id: int) -> list[Sentence]:
    """The current sentences of a unit, in reading order. Two queries."""
    revision = Revision.objects.filter(unit=unit_id, number=F("unit__revision_number")).first()
    if revision is None:
        return []
    rows = Occurrence.objects.filter(unit=unit_id, last_revision=None).select_related("segment").order_by("anchor")
    return [
        Sentence(
            unit_id,
            row.block,
            row.anchor,
            revision.number,
            plain(row.segment.text, contents_of(row.contents)),
        )
        for row in rows
    ]
