"""What people mend: a sentence here, a sentence everywhere, and what readers suggest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical, same_to_a_reader
from dragoman.foundation.text import one_line
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.readers.policies import Action, Actor, may, require
from dragoman.translation import errors
from dragoman.translation.actions import COMMENT
from dragoman.translation.announcing import announce_translations
from dragoman.translation.memory import Stored, record
from dragoman.translation.models import Current, Job, Occurrence, Segment, Suggestion, Translation, Unit
from dragoman.translation.queries import best_of, scoped
from dragoman.translation.rules.assembling import Chosen
from dragoman.translation.rules.distributing import distribute
from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.markers import contents_of

LONGEST = 5000  # characters of one sentence's translation
_MOST_OPEN = 100  # suggestions of one reader


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a unit in a language."""

    unit: int
    anchor: int
    language: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before the eyes: ids of the sentence's wording and of its translation (0: none)."""

    wording: int
    translation: int = 0


def correct(*, actor: Actor, place: Place, text: str, seen: Seen, everywhere: bool = False) -> None:
    """A person's translation of a sentence, as Markdown, for its text alone or wherever the sentence stands.

    Raises where the sentence was edited meanwhile, or translated by somebody else: nothing of theirs is overwritten
    unseen. Shown everywhere when it returns.
    """
    require(actor, "translation.correct")
    with transaction.atomic():
        row = _locked(actor, place, seen)
        if everywhere and row.unit.owner_kind == COMMENT and not may(actor, "translation.widen"):
            raise errors.NotEverywhere
        _refuse_unseen(row, place.language, seen)
        _store(row, place.language, _marked(row, text), by=actor.nickname, everywhere=everywhere)
    settle()


def correct_block(*, actor: Actor, unit: int, language: str, text: str, seen: Mapping[int, Seen]) -> None:
    """A person's translation of a whole paragraph, as Markdown, for its text alone.

    ``seen``: what was before the eyes, by the anchors of the paragraph's sentences in their order, over which the
    text is laid. Raises as :func:`correct` does, and where there are fewer words than sentences; then nothing is kept.
    """
    require(actor, "translation.correct")
    with transaction.atomic():
        # All at once and in one order: two who mend paragraphs with the same sentences do not wait for each other.
        Unit.objects.select_for_update(no_key=True).filter(pk=unit).first()
        wordings = sorted({one.wording for one in seen.values()})
        list(Segment.objects.select_for_update(no_key=True).filter(pk__in=wordings).order_by("pk").values_list("pk"))
        rows = [_locked(actor, Place(unit, anchor, language), one) for anchor, one in seen.items()]
        if not rows or len({row.block for row in rows}) != 1:
            raise errors.NoSuchSentence
        parts = distribute(one_line(text), [len(row.segment.text) for row in rows], canonical(language))
        if not parts:
            raise errors.EmptyTranslation
        for row, one, part in zip(rows, seen.values(), parts, strict=True):
            _refuse_unseen(row, language, one)
            _store(row, language, _marked(row, part), by=actor.nickname)
    settle()


def widen(*, actor: Actor, place: Place, seen: Seen) -> None:
    """Let a comment's correction hold everywhere."""
    require(actor, "translation.widen")
    with transaction.atomic():
        row = _locked(actor, place, seen)
        chosen = _refuse_unseen(row, place.language, seen)
        if chosen is None or chosen.origin != "human" or not row.unit.is_released:
            raise errors.NoSuchSentence
        _store(row, place.language, chosen.text, by=chosen.by, approved_by=actor.nickname, everywhere=True)
    settle()


def suggest(*, actor: Actor, place: Place, seen: Seen, text: str = "", note: str = "") -> None:
    """A reader says what would be better; without a text: that the translation is bad. The last word counts."""
    reader = require(actor, "translation.suggest")
    with transaction.atomic():
        row = _locked(actor, place, seen)
        marked = _marked(row, text) if text.strip() else ""
        mine = Suggestion.objects.filter(reader_id=reader, state="open")
        here = Q(unit=place.unit, anchor=place.anchor, language=canonical(place.language))
        if mine.exclude(here).count() >= _MOST_OPEN:
            raise errors.TooManySuggestions
        # Another row for another word: what a translator is about to take over is what he or she has read.
        mine.filter(here).delete()
        Suggestion.objects.create(
            reader_id=reader,
            unit_id=place.unit,
            anchor=place.anchor,
            language=canonical(place.language),
            segment_id=row.segment_id,
            seen=Translation.objects.filter(pk=seen.translation, segment=row.segment_id).first(),
            text=marked,
            note=one_line(note)[:500],
            at=now(),
        )


def accept(*, actor: Actor, suggestion_id: int) -> None:
    """Take a reader's suggestion over, for the text that it was made in; the reader is named as its translator.

    Raises where the sentence was changed or taken away, or a person translated it since the reader wrote.
    """
    require(actor, "translation.correct")
    with transaction.atomic():
        asked = Suggestion.objects.filter(pk=suggestion_id).first()
        if asked is None:
            raise errors.NoSuchSentence
        if asked.state != "open":
            raise errors.AlreadyDecided
        seen = Seen(asked.segment_id, asked.seen_id or 0)
        row = _locked(actor, Place(asked.unit_id, asked.anchor, asked.language), seen)
        one = _open(suggestion_id)  # after the text, as readers who suggest lock them
        if not one.text:
            raise errors.EmptyTranslation
        _refuse_unseen(row, one.language, seen)
        _store(row, one.language, one.text, by=one.reader.nickname, approved_by=actor.nickname)
        _decide(one, "accepted", actor)
        announce(Announcement(f"reader:{one.reader_id}", "thanked", {"unit": one.unit_id}))
    settle()


def decline(*, actor: Actor, suggestion_id: int) -> None:
    """Put a suggestion aside."""
    require(actor, "translation.correct")
    with transaction.atomic():
        _decide(_open(suggestion_id), "declined", actor)


def _open(suggestion_id: int) -> Suggestion:
    one = Suggestion.objects.select_for_update(of=("self",)).select_related("reader").filter(pk=suggestion_id).first()
    if one is None:
        raise errors.NoSuchSentence
    if one.state != "open":
        raise errors.AlreadyDecided
    return one


def _decide(one: Suggestion, state: str, actor: Actor) -> None:
    one.state, one.decided_by, one.decided_at = state, actor.nickname, now()
    one.save(update_fields=["state", "decided_by", "decided_at"])


def _locked(actor: Actor, place: Place, seen: Seen) -> Occurrence:
    """The sentence as it stands now; edits of its text, and others who mend the sentence anywhere, wait for us.

    The locks come first and one by one: PostgreSQL reads anew only the row that it waited for.
    """
    Unit.objects.select_for_update(no_key=True).filter(pk=place.unit).first()
    row = (
        Occurrence.objects.filter(unit=place.unit, anchor=place.anchor, last_revision=None)
        .select_related("unit", "segment")
        .first()
    )
    if row is None or row.unit.is_gone or same_to_a_reader(row.unit.language, place.language):
        raise errors.NoSuchSentence
    kept: dict[str, Action] = {COMMENT: "comment.read_held", "article": "article.read_draft"}
    needed = kept.get(row.unit.owner_kind)
    if not row.unit.is_released and (needed is None or not may(actor, needed)):
        raise errors.NoSuchSentence
    if row.segment_id != seen.wording:
        raise errors.SentenceChanged
    Segment.objects.select_for_update(no_key=True).filter(pk=row.segment_id).first()
    return row


def _refuse_unseen(row: Occurrence, language: str, seen: Seen) -> Chosen | None:
    """What is shown now; raises where that is a person's word that was not seen. A machine's may be replaced so."""
    holds = scoped([row.segment_id], [row.unit_id], canonical(language))
    chosen = best_of(holds.get(row.segment_id, {}), row.unit_id)
    if chosen is not None and chosen.origin == "human" and chosen.id != seen.translation:
        raise errors.TranslatedMeanwhile
    return chosen


def _marked(row: Occurrence, text: str) -> str:
    if len(text) > LONGEST:
        raise errors.LongTranslation
    # Markers are ours: what looks like one is typed text.
    marked = mark_like(one_line(text).translate({ord("⟦"): "[", ord("⟧"): "]"}), contents_of(row.contents))
    if not marked:
        raise errors.EmptyTranslation
    return marked


def _store(
    row: Occurrence, language: str, marked: str, *, by: str, approved_by: str = "", everywhere: bool = False
) -> None:
    # What is held or a draft stays in its text until that is released.
    scope = None if everywhere and row.unit.is_released else row.unit_id
    made = Translation(
        segment_id=row.segment_id,
        language=canonical(language),
        unit_id=scope,
        origin="human",
        text=marked,
        by=by,
        approved_by=approved_by,
        at=now(),
    )
    # Before the others, as a worker does.
    Job.objects.filter(segment=row.segment_id, language=made.language, unit=scope).delete()
    if scope is None:
        # It counts here too, also where somebody had a word for this text alone: that stays in the history.
        Current.objects.filter(segment=row.segment_id, language=made.language, unit=row.unit_id).delete()
    record([Stored(made)])
    announce_translations([made], made.language, also=row.unit_id)
