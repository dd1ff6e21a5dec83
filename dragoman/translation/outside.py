"""A text that goes to a translator outside, and what comes back of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical, same_to_a_reader
from dragoman.translation import errors
from dragoman.translation.announcing import announce_translations
from dragoman.translation.memory import Stored, record
from dragoman.translation.models import Job, Occurrence, Segment, Translation, Unit
from dragoman.translation.queries import best_of, scoped
from dragoman.translation.rules.markers import Contents, contents_of
from dragoman.translation.sentences import with_words


@dataclass(frozen=True, slots=True)
class Sent:
    """A sentence as it goes out: marked text with what its markers stand for, and what is shown for it.

    ``wording`` and ``translation`` are ids (0: no translation), by which it is known when it comes back.
    """

    anchor: int
    block: str
    wording: int
    text: str
    contents: Contents
    shown: str = ""
    translation: int = 0
    is_by_a_person: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A sentence that came back; ``text`` is its translation as marked text."""

    anchor: int
    wording: int
    translation: int
    text: str


@dataclass
class Outcome:
    """What became of them. ``outdated``: their originals were edited meanwhile, they are shown marked;
    ``meanwhile``: somebody translated them here, they are in the history."""

    taken: int = 0
    unchanged: int = 0
    outdated: int = 0
    meanwhile: int = 0


def text_to_send(unit_id: int, language: str) -> tuple[str, list[Sent]]:
    """Its language, and its sentences that have words, in reading order. Raises where there is nothing to translate."""
    unit = Unit.objects.filter(pk=unit_id, is_gone=False).first()
    if unit is None or same_to_a_reader(unit.language, language):
        raise errors.NoSuchSentence
    worded = with_words(unit)
    chosen = scoped([row.segment_id for row in worded], [unit_id], canonical(language))
    sent = []
    for row in worded:
        best = best_of(chosen.get(row.segment_id, {}), unit_id)
        shown = (best.text, best.id, best.origin == "human") if best and best.quality != "rejected" else ("", 0, False)
        where = (row.anchor, row.block, row.segment_id, row.segment.text, contents_of(row.contents))
        sent.append(Sent(*where, *shown))
    return unit.language, sent


def wordings(unit_id: int, ids: Sequence[int]) -> dict[int, str]:
    """The marked texts of sentences that this text has, or once had."""
    rows = Segment.objects.filter(pk__in=ids, occurrences__unit=unit_id)
    return dict(rows.values_list("pk", "text").distinct())


def words_sent(ids: Collection[int]) -> dict[int, str]:
    """The marked texts of translations that went out, by their ids."""
    return dict(Translation.objects.filter(pk__in=ids).values_list("pk", "text"))


def take_back(unit_id: int, language: str, sentences: Sequence[Returned], *, by: str) -> Outcome:
    """Keep what came back, for this text. Nothing of it is lost, and nobody's word is replaced unseen.

    Shown everywhere when it returns.
    """
    language, outcome = canonical(language), Outcome()
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id, is_gone=False).first()
        if unit is None:
            raise errors.NoSuchSentence
        now_there = dict(Occurrence.objects.filter(unit=unit, last_revision=None).values_list("anchor", "segment_id"))
        chosen = scoped({one.wording for one in sentences}, [unit_id], language)
        stored, kept = [], []
        for one in sentences:
            best = best_of(chosen.get(one.wording, {}), unit_id)
            made = Translation(
                segment_id=one.wording,
                language=language,
                unit=unit,
                origin="human",
                text=one.text,
                by=by[:80],
                at=now(),
            )
            if best is not None and best.origin == "human" and best.text == one.text:
                outcome.unchanged += 1
            elif best is not None and best.origin == "human" and best.id != one.translation:
                outcome.meanwhile += 1
                kept.append(made)
            else:
                is_current = now_there.get(one.anchor) == one.wording
                outcome.taken += is_current
                outcome.outdated += not is_current
                stored.append(Stored(made))
        Translation.objects.bulk_create(kept)
        answered = [one.translation.segment_id for one in stored]
        Job.objects.filter(segment__in=answered, language=language, unit=unit).delete()
        record(stored)
        announce_translations([one.translation for one in stored], language, also=unit_id)
    settle()
    return outcome
