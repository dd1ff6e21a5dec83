"""Texts sentence by sentence, as those see them who mend their translations."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime

from dragoman.foundation.languages import canonical
from dragoman.translation import errors
from dragoman.translation.earlier import earlier_words, newest_word
from dragoman.translation.models import Occurrence, Translation, Unit
from dragoman.translation.queries import Names, best_of, chosen_of, kept_back, place, scoped
from dragoman.translation.rules import markdown
from dragoman.translation.rules.assembling import OUTDATED, Chosen
from dragoman.translation.rules.checks import Answer
from dragoman.translation.rules.document import Document, TextBlock
from dragoman.translation.rules.human import doubts
from dragoman.translation.rules.layout import template_blocks
from dragoman.translation.rules.markers import Contents, contents_of, has_words, plain
from dragoman.translation.rules.segmenting import inlines
from dragoman.translation.terms import current_terms

_BY_PEOPLE = frozenset({"human", "outdated"})  # states
_MOST_WORDS = 50  # of a sentence's history


@dataclass(frozen=True, slots=True)
class Word:
    """A translation of a sentence, as Markdown. ``state``: human, machine, rough, failed or outdated."""

    id: int
    text: str
    state: str
    by: str = ""
    approved_by: str = ""
    engine: str = ""
    at: datetime | None = None
    is_here: bool = False  # for this text alone


@dataclass(frozen=True, slots=True)
class SentenceAtWork:
    """A sentence of a text beside what is shown for it in a language.

    ``original`` is Markdown; ``wording`` is its id, another one after an edit. ``terms``: words of the glossary that
    stand in it, each as (word, translation); a word that is kept has itself. ``block``: the paragraph's id.
    """

    anchor: int
    wording: int
    original: str
    shown: Word | None
    terms: tuple[tuple[str, str], ...] = ()
    block: str = ""


@dataclass(frozen=True, slots=True)
class TextAtWork:
    """A text beside its translation; ``owner`` is the id of what it belongs to, whose ``kind`` says what that is.

    ``shows``: which words readers see of this edition (``rules.releasing.Shows``); the others are for staff alone.
    """

    unit: int
    kind: str
    owner: int
    source_language: str
    language: str
    sentences: tuple[SentenceAtWork, ...]
    shows: str = "all"

    def for_readers(self) -> "TextAtWork":
        """With the words alone that readers see."""
        if self.shows == "all":
            return self
        hidden = (
            one if one.shown is None or one.shown.state in _BY_PEOPLE else replace(one, shown=None)
            for one in self.sentences
        )
        return replace(self, sentences=tuple(hidden))


def text_at_work(unit_id: int, language: str) -> TextAtWork:
    """All sentences that have words, in reading order. Raises where the text was taken away. Eight queries at most."""
    unit = Unit.objects.filter(pk=unit_id, is_gone=False).first()
    if unit is None:
        raise errors.NoSuchSentence
    worded = with_words(unit)
    chosen = scoped([row.segment_id for row in worded], [unit_id], canonical(language))
    earlier = earlier_words([unit_id], canonical(language))
    names = _names_of(unit, canonical(language))
    sentences = []
    for row in worded:
        here = chosen.get(row.segment_id, {})
        best = newest_word(best_of(here, unit_id), earlier.get((unit_id, row.anchor)), row.contents)
        contents = contents_of(row.contents)
        placed = names.place(place(row, best))
        there = placed.translated or contents
        shown = None if best is None else _word(best, there, is_here=best == here.get(unit_id))
        original = as_markdown(row.segment.text, contents)
        found = _terms_in(row.segment.text, contents, names)
        sentences.append(SentenceAtWork(row.anchor, row.segment_id, original, shown, found, row.block))
    kind = (unit.owner_kind, unit.owner_id, unit.language, canonical(language))
    return TextAtWork(unit.pk, *kind, tuple(sentences), kept_back([unit.pk], canonical(language)).get(unit.pk, "all"))


def _names_of(unit: Unit, language: str) -> Names:
    terms = current_terms()
    return Names(terms.of(unit.language, language), terms.sections_of([unit.pk]).get(unit.pk))


def _terms_in(marked: str, contents: Contents, names: Names) -> tuple[tuple[str, str], ...]:
    """The glossary's words in a sentence, those that are names among them."""
    hits = names.glossary.hits(unicodedata.normalize("NFC", plain(marked, contents)), names.section)
    return tuple(dict.fromkeys((one.form.written, one.form.translated or one.form.written) for one in hits))


def with_words(unit: Unit) -> list[Occurrence]:
    """Its sentences that have words, as the text has them: one that an edit moved keeps its anchor. Two queries."""
    rows = Occurrence.objects.filter(unit=unit, last_revision=None).select_related("segment")
    template = unit.revisions.get(number=unit.revision_number).template
    anchors = [anchor for node in template_blocks(template) for anchor in node["a"]]
    place = {anchor: at for at, anchor in enumerate(anchors)}
    worded = (row for row in rows if has_words(row.segment.text))
    return sorted(worded, key=lambda row: place.get(row.anchor, len(place)))


def doubts_about(unit_id: int, anchor: int, language: str) -> list[str]:
    """What somebody may have overlooked who translated a sentence, by the names of the checks. Six queries at most."""
    row = (
        Occurrence.objects.filter(unit=unit_id, anchor=anchor, last_revision=None, unit__is_gone=False)
        .select_related("segment", "unit")
        .first()
    )
    if row is None:
        return []
    language = canonical(language)
    best = best_of(scoped([row.segment_id], [unit_id], language).get(row.segment_id, {}), unit_id)
    if best is None or best.origin != "human":
        return []
    names = _names_of(row.unit, language)
    expected = names.glossary.prepare(row.segment.text, names.section).expected
    pair = (row.segment.text, best.text, row.unit.language, language)
    return doubts(Answer(*pair, kind=row.unit.owner_kind, terms=expected))


def history(unit_id: int, anchor: int, language: str) -> list[Word]:
    """What was said for a sentence as it stands now, the newest first; what holds for other texts is left out."""
    row = (
        Occurrence.objects.filter(unit=unit_id, anchor=anchor, last_revision=None, unit__is_gone=False)
        .select_related("segment")
        .first()
    )
    if row is None:
        raise errors.NoSuchSentence
    rows = Translation.objects.filter(segment=row.segment_id, language=canonical(language)).order_by("-id")
    found = [*rows.filter(unit=None)[:_MOST_WORDS], *rows.filter(unit=unit_id)[:_MOST_WORDS]]
    contents = contents_of(row.contents)
    return [
        _word(chosen_of(one), contents, is_here=one.unit_id is not None, approved_by=one.approved_by)
        for one in sorted(found, key=lambda one: -one.pk)
    ]


def _word(one: Chosen, contents: Contents, *, is_here: bool, approved_by: str = "") -> Word:
    state = one.origin
    if one.quality == OUTDATED:
        state = "outdated"
    elif one.origin == "machine" and one.quality != "ok":
        state = "failed" if one.quality == "rejected" else "rough"
    return Word(one.id, as_markdown(one.text, contents), state, one.by, approved_by, one.engine, one.at, is_here)


def as_markdown(marked: str, contents: Contents) -> str:
    """A sentence as people type it."""
    return markdown.write(Document((TextBlock("paragraph", tuple(inlines(marked, contents))),)))
