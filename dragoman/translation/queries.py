"""The one door out of translation, and what the desk and the command line ask."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple, TypeAlias, TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from dragoman.foundation.languages import same_to_a_reader
from dragoman.foundation.remembered import Remembered
from dragoman.foundation.statements import Select
from dragoman.translation.earlier import earlier_words, newest_word
from dragoman.translation.models import Current, Edition, GlossaryVersion, Occurrence, Revision, Translation
from dragoman.translation.presented import Presented
from dragoman.translation.rules.assembling import Chosen, Placed, Whole, assemble
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.glossary import Glossary
from dragoman.translation.rules.layout import Layout, Template, lay_out
from dragoman.translation.rules.markers import contents_of
from dragoman.translation.rules.rank import rank
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.terms import current_terms, terms_at

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

    Five queries, however many units; one more where some of them were edited, and one where terms of the glossary are
    those of a section.
    ``reader_languages`` are left untranslated; ``sources`` are texts exactly as typed;
    ``whole_only=False`` lets an edition show with single sentences missing (articles).
    """
    units = list(unit_ids)
    if not units:
        return {}
    sentences, chosen = _sentences(units, language)
    revisions = _REVISIONS(units, language)
    if not revisions:
        return {}
    earlier = earlier_words([unit for unit, number, *_rest in revisions if number > 1], language)
    board = Switchboard()
    terms = terms_at(revisions[0][-1] or "")
    sections = terms.sections_of_topics({topic for *_rest, topic, _shows, _token in revisions})
    shown: dict[int, Presented] = {}
    for unit, number, template, source, kind, is_gone, is_released, topic, shows, token in revisions:
        rows = sentences.get(unit, [])
        names = Names(terms.of(source, language), sections.get(topic))
        original = mode == "original" or any(same_to_a_reader(source, one) for one in reader_languages)
        can_come = not is_gone and board.can_come(source, language, kind, in_house=not is_released)
        whole = (source, number, template, (sources or {}).get(unit, ""), whole_only, shows == "nothing")
        best = [newest_word(best_of(chosen.get(row[0], {}), unit), earlier.get((unit, row[1])), row[3]) for row in rows]
        if shows == "people":
            best = [one if one is not None and one.origin == "human" else None for one in best]
        shown[unit] = (_whole_texts if whole_only else _articles).get(
            (unit, language, original),
            (whole, rows, best, can_come, token, names.section),
            partial(_assembled, unit, whole, rows, best, language, names=names, original=original, can_come=can_come),
        )
    return shown


class Names(NamedTuple):
    """Names that the glossary translates: they are markers in the memory, and no engine is asked about them."""

    glossary: Glossary
    section: int | None

    def place(self, placed: Placed) -> Placed:
        """A sentence whose machine translation shows them so; what a person wrote stays as it is."""
        if not self.glossary or placed.chosen is None or placed.chosen.origin != "machine":
            return placed
        there = {
            number: replace(one, text=self.glossary.name(one.text, self.section)) if one.kind == "name" else one
            for number, one in placed.contents.items()
        }
        return replace(placed, translated=there) if there != placed.contents else placed


# A sentence of a unit: its segment, its place there, its text and what belongs to it there.
_Sentence: TypeAlias = tuple[int, int, str, dict[str, list[str]], str, str]
# Of a text: its language, revision, template, what its writer typed, whether it is shown whole or not at all, and
# whether this edition of it is kept back.
_Text: TypeAlias = tuple[str, int, Template, str, bool, bool]
_Memory: TypeAlias = Remembered[
    tuple[int, str, bool],
    tuple[_Text, list[_Sentence], list[Chosen | None], bool, str | None, int | None],
    Presented,
]
# Comments and names, about 5 KiB each; an article of 60 sentences takes twenty times as much.
_whole_texts: _Memory = Remembered(5_000)
_articles: _Memory = Remembered(300)


def _assembled(
    unit: int,
    text: _Text,
    rows: Sequence[_Sentence],
    best: Sequence[Chosen | None],
    language: str,
    *,
    names: Names,
    original: bool,
    can_come: bool,
) -> Presented:
    source, number, template, typed, whole_only, is_kept_back = text
    placed = {
        anchor: names.place(Placed(anchor, words, contents_of(contents), before, after, chosen))
        for (_segment, anchor, words, contents, before, after), chosen in zip(rows, best, strict=True)
    }
    whole = Whole(unit, source, number, template, placed, typed, whole_only, is_kept_back)
    return assemble(whole, language, original=original, can_come=can_come)


# By the key of the unit's own row, which is the same column: there a parameter may stand for a number.
_REVISIONS = Select(
    lambda units, language: Revision.objects.filter(unit__pk__in=units, number=F("unit__revision_number")).values_list(
        *("unit_id", "number", "template", "unit__language", "unit__owner_kind", "unit__is_gone"),
        *("unit__is_released", "unit__topic"),
        Subquery(Edition.objects.filter(unit=OuterRef("unit"), language=language).values("shows")),
        Subquery(GlossaryVersion.objects.filter(pk=1).values("token")),
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


def _sentences(units: list[int], language: str) -> tuple[dict[int, list[_Sentence]], Scoped]:
    """Every sentence at its place, by unit, and the translations that hold for it there. Two queries."""
    sentences: dict[int, list[_Sentence]] = {}
    segments: set[int] = set()
    for unit, *sentence in _OCCURRENCES(units):
        sentences.setdefault(unit, []).append(tuple(sentence))
        segments.add(sentence[0])
    chosen = scoped(segments, units, language)
    return sentences, chosen


def scoped(segments: Collection[int], units: Collection[int], language: str) -> Scoped:
    """What holds for these sentences in these units, or everywhere, in a language. One query."""
    chosen: Scoped = {}
    wanted = list(segments)
    for start in range(0, len(wanted), _AT_ONCE):
        for row in _CURRENT(language, wanted[start : start + _AT_ONCE], list(units)):
            columns = (*row[2:-1], tuple(row[-1]))
            chosen.setdefault(row[0], {})[row[1]] = Chosen(*columns)
    return chosen


def in_public(segment: str) -> Q:
    """Of rows with a sentence: those whose sentence a text shows that is released, or that is no text's at all.

    ``segment`` is the field that names it. What is held, a draft, or was taken away is for its writer and staff.
    """
    shown = Occurrence.objects.filter(segment=OuterRef(segment), last_revision=None, unit__is_released=True)
    return Q(Exists(shown)) | ~Q(Exists(Occurrence.objects.filter(segment=OuterRef(segment))))


def kept_back(units: Collection[int], language: str) -> dict[int, str]:
    """Texts whose edition shows nothing, or people's words alone (``rules.releasing.Shows``). One query."""
    return dict(_KEPT_BACK_IN(language, list(units))) if units else {}


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


_Row = TypeVar("_Row")


def that_hold_for(units: Collection[int], rows: QuerySet[Current, _Row]) -> QuerySet[Current, _Row]:
    """Those that hold for one of these units, or everywhere.

    It comes last: a union is filtered no further. It is one, because each half has an index of its own. With “or” the
    database walks through all rows of a sentence, and one like “Right.” has a row for each comment that it stands in.
    """
    return rows.filter(unit=None).union(rows.filter(unit__pk__in=units), all=True)


def by_scope(rows: Iterable[Current]) -> Scoped:
    """By sentence, and there by the unit that they hold for; ``None``: everywhere."""
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


_KEPT_BACK_IN = Select(
    lambda language, units: (
        Edition.objects.filter(language=language, unit__pk__in=units).exclude(shows="all").values_list("unit", "shows")
    )
)


def preview(
    document: Document, source: str, language: str, names: Iterable[str], *, unit: int | None = None
) -> Presented:
    """A draft in an edition, from the memory alone: nothing is stored, no engine hears of it. Three queries.

    ``unit``: the draft's own, where it was translated before its publication. What is released is of no matter here.
    """
    layout = lay_out(document, source, names)
    sentences = [sentence for _block, sentence in layout.sentences]
    rows = Current.objects.filter(
        Q(unit=None) | Q(unit=unit),
        language=language,
        segment__language=source,
        segment__key__in=[one.key for one in sentences],
    ).select_related("translation", "segment")
    # By rank, so that of each the best one stays.
    by_key = {row.segment.key: chosen_of(row.translation) for row in rows.order_by("rank")}
    known = Names(current_terms().of(source, language), None)
    placed = {
        anchor: known.place(Placed(anchor, one.marked, one.contents, one.before, one.after, by_key.get(one.key)))
        for anchor, one in enumerate(sentences, 1)
    }
    whole = Whole(0, source, 0, layout.template(range(1, len(sentences) + 1)), placed, all_or_nothing=False)
    can_come = Switchboard().can_come(source, language, "article")
    return assemble(whole, language, original=False, can_come=can_come)
