"""The one door out of translation, and what the desk and the command line ask."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from django.db.models import F, QuerySet

from dragoman.foundation.languages import direction, same_to_a_reader
from dragoman.foundation.statements import Select
from dragoman.translation.models import Current, Occurrence, Revision, Translation
from dragoman.translation.presented import Presented, PresentedPassage
from dragoman.translation.rules.assembling import Chosen, Placed, Whole, assemble
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.layout import Layout, lay_out
from dragoman.translation.rules.markers import Content, Contents, plain
from dragoman.translation.rules.passages import stands_in
from dragoman.translation.rules.rank import rank
from dragoman.translation.rules.rendering import inlines_html
from dragoman.translation.switchboard import Switchboard

Mode: TypeAlias = Literal["auto", "original"]
_AT_ONCE = 4096  # sentences in one statement, which names each twice; SQLite may take 32,766 values
Scoped: TypeAlias = dict[int, dict[int | None, Chosen]]  # segment → unit or none → translation


def present(
    unit_ids: Collection[int],
    language: str,
    reader_languages: Sequence[str] = (),
    mode: Mode = "auto",
    *,
    sources: dict[int, str] | None = None,
    whole_only: bool = True,
) -> dict[int, Presented]:
    """Each unit for a reader of ``language``: the door that every surface uses.

    Five queries, however many units. ``reader_languages`` are left untranslated;
    ``sources`` are texts exactly as typed; ``whole_only=False`` lets an edition
    show with single sentences missing (articles).
    """
    units = list(unit_ids)
    if not units:
        return {}
    placed = _placed(units, language)
    board = Switchboard()
    shown: dict[int, Presented] = {}
    for unit, number, template, source, kind, is_gone, is_released in _REVISIONS(units):
        understood = any(same_to_a_reader(source, one) for one in reader_languages)
        typed = (sources or {}).get(unit, "")
        whole = Whole(unit, source, number, template, placed.get(unit, {}), typed, whole_only)
        can_come = not is_gone and board.can_come(source, language, kind, in_house=not is_released)
        shown[unit] = assemble(whole, language, original=understood or mode == "original", can_come=can_come)
    return shown


# By the key of the unit's own row, which is the same column: there a parameter may stand for a number.
_REVISIONS = Select(
    lambda units: Revision.objects.filter(unit__pk__in=units, number=F("unit__revision_number")).values_list(
        *("unit_id", "number", "template", "unit__language", "unit__owner_kind", "unit__is_gone"),
        "unit__is_released",
    )
)
_OCCURRENCES = Select(
    lambda units: Occurrence.objects.filter(unit__pk__in=units, last_revision=None).values_list(
        "unit_id", "segment_id", "anchor", "segment__text", "contents", "before", "after"
    )
)
# The columns after the first two are those of ``Chosen``, in its order.
_CURRENT = Select(
    lambda language, segments, units: that_hold_for(
        units,
        Current.objects.filter(language=language, segment__pk__in=segments).values_list(
            *("segment_id", "unit_id", "translation_id", "translation__text", "translation__quality"),
            *("translation__origin", "translation__engine", "translation__version", "translation__pivot"),
            *("translation__by", "translation__at", "translation__findings"),
        ),
    )
)


def _placed(units: list[int], language: str) -> dict[int, dict[int, Placed]]:
    """Every sentence at its place, by unit and anchor, with the best translation that there is. Two queries."""
    rows = _OCCURRENCES(units)
    chosen: Scoped = {}
    segments = list({row[1] for row in rows})
    for start in range(0, len(segments), _AT_ONCE):
        for row in _CURRENT(language, segments[start : start + _AT_ONCE], units):
            columns = (*row[2:-1], tuple(row[-1]))
            chosen.setdefault(row[0], {})[row[1]] = Chosen(*columns)
    placed: dict[int, dict[int, Placed]] = {}
    for unit, segment, anchor, text, contents, before, after in rows:
        best = best_of(chosen.get(segment, {}), unit)
        placed.setdefault(unit, {})[anchor] = Placed(anchor, text, contents_of(contents), before, after, best)
    return placed


def present_new(unit_id: int, layout: Layout, language: str, source: str) -> Presented:
    """A text that was stored a moment ago, in its own language; the database is not asked."""
    placed = {
        anchor: Placed(anchor, one.marked, one.contents, one.before, one.after)
        for anchor, (_block, one) in enumerate(layout.sentences, 1)
    }
    whole = Whole(unit_id, language, 1, layout.template(range(1, len(placed) + 1)), placed, source)
    return assemble(whole, language, original=True, can_come=False)


def place(occurrence: Occurrence, chosen: Chosen | None) -> Placed:
    """An occurrence row as the pure assembler wants it."""
    contents = contents_of(occurrence.contents)
    return Placed(occurrence.anchor, occurrence.segment.text, contents, occurrence.before, occurrence.after, chosen)


def contents_of(stored: dict[str, list[str]]) -> Contents:
    """Markers' contents as stored (JSON has string keys)."""
    return {int(number): Content(kind, text) for number, (kind, text) in stored.items()}


_Row = TypeVar("_Row")


def that_hold_for(units: Collection[int], rows: QuerySet[Current, _Row]) -> QuerySet[Current, _Row]:
    """Those that hold for one of these units, or everywhere.

    It comes last: a union is filtered no further. It is one, because each half has an index of its own. With “or” the
    database walks through all rows of a sentence, and one like “Right.” has a row for each comment that it stands in.
    """
    return rows.filter(unit=None).union(rows.filter(unit__pk__in=units), all=True)


def _by_scope(rows: Iterable[Current]) -> Scoped:
    found: Scoped = {}
    for row in rows:
        found.setdefault(row.segment_id, {})[row.unit_id] = chosen_of(row.translation)
    return found


def chosen_of(row: Translation) -> Chosen:
    """A stored translation as the pure assembler wants it."""
    return Chosen(
        row.id,
        row.text,
        row.quality,
        row.origin,
        row.engine,
        row.version,
        row.pivot,
        row.by,
        row.at,
        tuple(row.findings),
    )


def best_of(scoped: dict[int | None, Chosen], unit_id: int) -> Chosen | None:
    """Human here > human anywhere > best machine."""
    here, anywhere = scoped.get(unit_id), scoped.get(None)
    if here is None or anywhere is None:
        return here or anywhere
    here_first = rank(here.origin, here.quality, here=True) >= rank(anywhere.origin, anywhere.quality, here=False)
    return here if here_first else anywhere


def present_block_everywhere(unit_id: int, block: str) -> dict[str, str]:
    """One block's plain text in every language that has it (a headline, for addresses). Two queries."""
    occurrences = list(
        Occurrence.objects.filter(unit=unit_id, last_revision=None, block=block).select_related("segment", "unit")
    )
    if not occurrences:
        return {}
    rows = Current.objects.filter(segment__in=[one.segment_id for one in occurrences]).select_related("translation")
    texts = {
        occurrences[0].unit.language: " ".join(
            plain(one.segment.text, contents_of(one.contents)) for one in occurrences
        )
    }
    by_language: dict[str, list[Current]] = {}
    for row in that_hold_for([unit_id], rows):
        by_language.setdefault(row.language, []).append(row)
    for language, currents in by_language.items():
        scoped = _by_scope(currents)
        best = [best_of(scoped.get(one.segment_id, {}), unit_id) for one in occurrences]
        if all(one is not None and one.quality != "rejected" for one in best):
            texts[language] = " ".join(
                plain(one.text, contents_of(occurrence.contents))
                for one, occurrence in zip(best, occurrences, strict=True)
                if one is not None
            )
    return texts


def preview(document: Document, source: str, language: str, names: Iterable[str]) -> Presented:
    """A draft in an edition, from the memory alone: nothing is stored, no engine hears of it. Two queries."""
    layout = lay_out(document, source, names)
    sentences = [sentence for _block, sentence in layout.sentences]
    rows = Current.objects.filter(
        unit=None,
        language=language,
        segment__language=source,
        segment__key__in=[one.key for one in sentences],
    ).select_related("translation", "segment")
    by_key = {row.segment.key: chosen_of(row.translation) for row in rows}
    placed = {
        anchor: Placed(anchor, one.marked, one.contents, one.before, one.after, by_key.get(one.key))
        for anchor, one in enumerate(sentences, 1)
    }
    whole = Whole(0, source, 0, layout.template(range(1, len(sentences) + 1)), placed, all_or_nothing=False)
    can_come = Switchboard().can_come(source, language, "article")
    return assemble(whole, language, original=False, can_come=can_come)


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
    keys: Collection[PassageKey], language: str, reader_languages: Sequence[str] = ()
) -> dict[PassageKey, PresentedPassage]:
    """Quoted sentences for a reader, as their own unit shows them. Three queries.

    A sentence that was moved or mended is shown as it is now, as long as it has the
    quoted words; else as it was when it was quoted, with the time of that version.

    What is a draft, held, or was taken away has no passages: nobody may read it by way of a quote.
    """
    units, anchors = {key.unit for key in keys}, {key.occurrence for key in keys}
    rows = list(
        Occurrence.objects.filter(unit__in=units, anchor__in=anchors, unit__is_released=True).select_related(
            "segment", "unit"
        )
    )
    currents = Current.objects.filter(language=language, segment__in={row.segment_id for row in rows}).select_related(
        "translation"
    )
    scoped = _by_scope(that_hold_for(units, currents))
    numbers = {key.revision for key in keys}
    made = Revision.objects.filter(unit__in=units, number__in=numbers).values_list("unit_id", "number", "created_at")
    times = {(unit, number): at for unit, number, at in made}
    found: dict[PassageKey, PresentedPassage] = {}
    for key in keys:
        row = _version(rows, key)
        if row is not None:
            best = best_of(scoped.get(row.segment_id, {}), key.unit)
            passage = _passage(row, best, language, reader_languages)
            found[key] = passage if passage.is_current else replace(passage, at=times.get((key.unit, key.revision)))
    return found


def _version(rows: list[Occurrence], key: PassageKey) -> Occurrence | None:
    """The sentence as it stands now if it has the quoted words, else as it stood when it was quoted."""
    mine = [row for row in rows if (row.unit_id, row.anchor) == (key.unit, key.occurrence)]
    now = next((row for row in mine if row.last_revision is None), None)
    if now is not None and stands_in(key.exact, plain(now.segment.text, contents_of(now.contents))):
        return now
    then = (row for row in mine if row.first_revision <= key.revision <= (row.last_revision or key.revision))
    return next(then, now)


def _passage(
    row: Occurrence, chosen: Chosen | None, language: str, reader_languages: Sequence[str]
) -> PresentedPassage:
    source = row.unit.language
    understood = any(same_to_a_reader(source, one) for one in (language, *reader_languages))
    placed = place(row, chosen)
    translated = not understood and placed.is_there and chosen is not None
    shown_language = language if translated else source
    text = chosen.text if translated and chosen else placed.marked
    state: Any = "original" if understood else "pending"
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
