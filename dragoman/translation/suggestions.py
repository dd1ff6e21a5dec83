"""Readers' suggestions that wait for a translator."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from dragoman.translation.models import Current, Occurrence, Suggestion
from dragoman.translation.queries import Scoped, best_of, by_scope, that_hold_for
from dragoman.translation.rules.assembling import Chosen
from dragoman.translation.rules.markers import contents_of
from dragoman.translation.sentences import as_markdown

WINDOW = 50


@dataclass(frozen=True, slots=True)
class WaitingSuggestion:
    """What a reader suggests, beside the original and what is shown now, as Markdown.

    ``text`` is empty where the reader said that the translation is bad, no more.
    """

    id: int
    unit: int
    anchor: int
    source_language: str
    language: str
    original: str
    shown: str
    text: str
    note: str
    by: str
    at: datetime
    is_current: bool  # whether the sentence still says what the reader saw


def waiting_suggestions(languages: Collection[str] = (), *, after: int = 0) -> list[WaitingSuggestion]:
    """The oldest first, into these languages or all of them; a window. Four queries."""
    rows = Suggestion.objects.filter(state="open", pk__gt=after, unit__is_gone=False, unit__is_released=True)
    if languages:
        rows = rows.filter(language__in=languages)
    found = list(rows.select_related("unit", "segment", "reader").order_by("id")[:WINDOW])
    anchors = {row.anchor for row in found}
    now: dict[tuple[int, int], Occurrence] = {}
    then: dict[tuple[int, int, int], Occurrence] = {}
    for at in Occurrence.objects.filter(unit__in={one.unit_id for one in found}, anchor__in=anchors).order_by("id"):
        then[(at.unit_id, at.anchor, at.segment_id)] = at
        if at.last_revision is None:
            now[(at.unit_id, at.anchor)] = at
    scoped = _scoped(found)
    shown = []
    for row in found:
        placed = then.get((row.unit_id, row.anchor, row.segment_id))
        is_current = placed is not None and placed == now.get((row.unit_id, row.anchor))
        rivals = scoped.get(row.language, {}).get(row.segment_id, {})
        shown.append(_waiting(row, placed, rivals, is_current=is_current))
    return shown


def _scoped(found: Collection[Suggestion]) -> Mapping[str, Scoped]:
    """The translations that hold for their sentences, by language. One query."""
    rows = Current.objects.filter(
        segment__in={row.segment_id for row in found}, language__in={row.language for row in found}
    ).select_related("translation")
    by_language: dict[str, list[Current]] = {}
    for row in that_hold_for({one.unit_id for one in found}, rows):
        by_language.setdefault(row.language, []).append(row)
    return {language: by_scope(rows) for language, rows in by_language.items()}


def _waiting(
    row: Suggestion, at: Occurrence | None, scoped: dict[int | None, Chosen], *, is_current: bool
) -> WaitingSuggestion:
    contents = contents_of(at.contents) if at is not None else {}
    best = best_of(scoped, row.unit_id)
    return WaitingSuggestion(
        id=row.pk,
        unit=row.unit_id,
        anchor=row.anchor,
        source_language=row.unit.language,
        language=row.language,
        original=as_markdown(row.segment.text, contents),
        shown=as_markdown(best.text, contents) if best is not None and best.quality != "rejected" else "",
        text=as_markdown(row.text, contents) if row.text else "",
        note=row.note,
        by=row.reader.nickname,
        at=row.at,
        is_current=is_current,
    )


def suggestions_waiting() -> int:
    """How many."""
    return Suggestion.objects.filter(state="open", unit__is_gone=False, unit__is_released=True).count()
