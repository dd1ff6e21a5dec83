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
    kind: str  # of what the text belongs to, and its id
    owner: int
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
    placed = {
        (row.unit_id, row.anchor): row
        for row in Occurrence.objects.filter(
            unit__in={row.unit_id for row in found}, last_revision=None, anchor__in=anchors
        )
    }
    scoped = _scoped(found)
    return [
        _waiting(row, placed.get((row.unit_id, row.anchor)), scoped.get(row.language, {}).get(row.segment_id, {}))
        for row in found
    ]


def _scoped(found: Collection[Suggestion]) -> Mapping[str, Scoped]:
    """The translations that hold for their sentences, by language. One query."""
    rows = Current.objects.filter(
        segment__in={row.segment_id for row in found}, language__in={row.language for row in found}
    ).select_related("translation")
    by_language: dict[str, list[Current]] = {}
    for row in that_hold_for({one.unit_id for one in found}, rows):
        by_language.setdefault(row.language, []).append(row)
    return {language: by_scope(rows) for language, rows in by_language.items()}


def _waiting(row: Suggestion, at: Occurrence | None, scoped: dict[int | None, Chosen]) -> WaitingSuggestion:
    contents = contents_of(at.contents) if at is not None else {}
    best = best_of(scoped, row.unit_id)
    return WaitingSuggestion(
        id=row.pk,
        unit=row.unit_id,
        anchor=row.anchor,
        kind=row.unit.owner_kind,
        owner=row.unit.owner_id,
        source_language=row.unit.language,
        language=row.language,
        original=as_markdown(row.segment.text, contents),
        shown=as_markdown(best.text, contents) if best is not None and best.quality != "rejected" else "",
        text=as_markdown(row.text, contents) if row.text else "",
        note=row.note,
        by=row.reader.nickname,
        at=row.at,
        is_current=at is not None and at.segment_id == row.segment_id,
    )


def suggestions_waiting() -> int:
    """How many."""
    return Suggestion.objects.filter(state="open", unit__is_gone=False, unit__is_released=True).count()
