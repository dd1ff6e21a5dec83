"""Handing text in: units, revisions, occurrences, jobs, and people's translations."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.foundation.statements import insert
from dragoman.translation.memory import Stored, record, store_segments, widen
from dragoman.translation.models import Job, Occurrence, Revision, Translation, Unit
from dragoman.translation.rules.diff import carry_anchors
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.layout import Layout, lay_out
from dragoman.translation.rules.markers import contents_of
from dragoman.translation.rules.segmenting import Sentence

COMMENT = "comment"  # the owner kind whose short sentences are translated in their own scope


@dataclass(frozen=True, slots=True)
class NewText:
    """A text for a new unit. ``names`` are kept in every language, likely names are found besides."""

    owner_kind: str
    owner_id: int
    language: str
    document: Document
    names: Collection[str] = ()
    topic: str = ""
    is_released: bool = True
    layout: Layout | None = field(default=None, compare=False)

    def laid_out(self) -> Layout:
        """Its sentences; computed once where the caller did not."""
        return self.layout or lay_out(self.document, self.language, self.names)


def store_texts(texts: Sequence[NewText]) -> list[int]:
    """Store many new units in a fixed number of queries; their ids in the same order.

    Nothing is translated yet: call :func:`request_translations` in the same
    transaction.
    """
    layouts = [text.laid_out() for text in texts]
    with transaction.atomic(savepoint=False):
        units = [
            Unit(
                language=canonical(text.language),
                owner_kind=text.owner_kind,
                owner_id=text.owner_id,
                topic=text.topic,
                is_released=text.is_released,
                last_anchor=len(layout.sentences),
            )
            for text, layout in zip(texts, layouts, strict=True)
        ]
        insert(units)
        insert(
            [
                _revision(unit, layout, range(1, len(layout.sentences) + 1))
                for unit, layout in zip(units, layouts, strict=True)
            ]
        )
        wanted = [
            (unit.language, sentence)
            for unit, layout in zip(units, layouts, strict=True)
            for _block, sentence in layout.sentences
        ]
        segments = store_segments(wanted)
        insert(
            [
                _occurrence(unit, anchor, block, sentence, segments)
                for unit, layout in zip(units, layouts, strict=True)
                for anchor, (block, sentence) in enumerate(layout.sentences, 1)
            ]
        )
    return [unit.id for unit in units]


def store_or_revise(text: NewText) -> int:
    """Bring an owner's only text: a new unit, or the next revision of the one that it has; the unit's id."""
    existing = Unit.objects.filter(owner_kind=text.owner_kind, owner_id=text.owner_id).first()
    if existing is None:
        return store_texts([text])[0]
    revise_text(existing.pk, language=text.language, document=text.document, names=text.names)
    return existing.pk


def _revision(unit: Unit, layout: Layout, anchors: Sequence[int]) -> Revision:
    return Revision(
        unit=unit,
        number=unit.revision_number,
        language=unit.language,
        body_hash=layout.hash,
        template=layout.template(anchors),
        created_at=now(),
    )


def _occurrence(
    unit: Unit, anchor: int, block: str, sentence: Sentence, segments: Mapping[tuple[str, str], int]
) -> Occurrence:
    return Occurrence(
        unit=unit,
        anchor=anchor,
        block=block,
        segment_id=segments[(unit.language, sentence.key)],
        first_revision=unit.revision_number,
        before=sentence.before,
        after=sentence.after,
        contents={number: [one.kind, one.text] for number, one in sentence.contents.items()},
    )


def move_texts(units: Collection[int], topic: str) -> None:
    """Their owners stand at another place now: what happens to them is told there."""
    Unit.objects.filter(pk__in=units).update(topic=topic)


def revise_text(unit_id: int, *, language: str, document: Document, names: Collection[str] = ()) -> bool:
    """Store an edited text as a new revision; whether anything changed.

    Sentences that stayed, moved or changed a little keep their occurrence ids.
    A changed language gives every sentence a new segment but the same ids.
    """
    layout = lay_out(document, language, names)
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        before = Revision.objects.get(unit=unit, number=unit.revision_number)
        if (before.body_hash, before.language) == (layout.hash, canonical(language)):
            return False
        old = list(
            Occurrence.objects.filter(unit=unit, last_revision=None).select_related("segment").order_by("anchor")
        )
        carried = carry_anchors(
            [(row.anchor, row.segment.text) for row in old],
            [sentence.marked for _block, sentence in layout.sentences],
        )
        fresh = iter(range(unit.last_anchor + 1, unit.last_anchor + 1 + len(carried)))
        anchors = [anchor if anchor is not None else next(fresh) for anchor in carried]
        unit.language = canonical(language)
        unit.revision_number += 1
        unit.last_anchor = max([unit.last_anchor, *anchors])
        unit.save(update_fields=["language", "revision_number", "last_anchor"])
        _replace_occurrences(unit, old, layout, anchors)
        _revision(unit, layout, anchors).save()
        # A second edit within the grace: what the first one asked for has not been sent yet and never is.
        drop_idle_jobs([row.segment_id for row in old], of_unit=unit.pk)
    return True


def _replace_occurrences(unit: Unit, old: list[Occurrence], layout: Layout, anchors: list[int]) -> None:
    segments = store_segments([(unit.language, sentence) for _block, sentence in layout.sentences])
    rows = {
        anchor: _occurrence(unit, anchor, block, sentence, segments)
        for anchor, (block, sentence) in zip(anchors, layout.sentences, strict=True)
    }
    unchanged = {row.anchor for row in old if row.anchor in rows and _same(row, rows[row.anchor])}
    Occurrence.objects.filter(unit=unit, last_revision=None).exclude(anchor__in=unchanged).update(
        last_revision=unit.revision_number - 1
    )
    Occurrence.objects.bulk_create(row for anchor, row in rows.items() if anchor not in unchanged)


def _same(old: Occurrence, new: Occurrence) -> bool:
    shape = [(one.segment_id, one.block, one.before, one.after) for one in (old, new)]
    return shape[0] == shape[1] and contents_of(old.contents) == contents_of(new.contents)


def release_text(unit_id: int) -> None:
    """What was a draft or held may be translated by all engines and remembered from now on.

    What engines of the house made of it meanwhile enters the memory.
    """
    with transaction.atomic():
        unit = Unit.objects.select_for_update(no_key=True).get(pk=unit_id)
        if unit.is_released and not unit.is_gone:
            return
        unit.is_released, unit.is_gone = True, False
        unit.save(update_fields=["is_released", "is_gone"])
        Job.objects.filter(unit=unit_id, in_house=True).delete()  # asked for anew, of all engines
        widen(unit_id, is_comment=unit.owner_kind == COMMENT)


def remember_translations(unit_id: int, *, sentences: Sequence[Mapping[str, str]], by: str) -> None:
    """Human translations of a unit's current sentences, in reading order: language → Markdown.

    They hold for the whole publication. Raises ``ValueError`` where the unit has
    another number of sentences.
    """
    revision = Revision.objects.get(unit=unit_id, number=F("unit__revision_number"))
    rows = list(
        Occurrence.objects.filter(unit=unit_id, last_revision=None).select_related("segment").order_by("anchor")
    )
    if len(rows) != len(sentences):
        found = [row.segment.text for row in rows]
        raise ValueError(f"unit {unit_id} has {len(rows)} sentences, not {len(sentences)}: {found}")
    stored = [
        Stored(
            Translation(
                segment=row.segment,
                language=canonical(language),
                origin="human",
                text=mark_like(text, contents_of(row.contents)),
                by=by,
                at=revision.created_at,
            )
        )
        for row, texts in zip(rows, sentences, strict=True)
        for language, text in texts.items()
    ]
    record(stored)


def hold_text(unit_id: int) -> None:
    """What was shown waits for a moderator: from now on it goes to engines of the house alone.

    They are asked anew by the caller.
    """
    Unit.objects.filter(pk=unit_id).update(is_released=False)
    shown = Occurrence.objects.filter(segment=OuterRef("segment"), last_revision=None, unit__is_released=True)
    mine = Job.objects.filter(in_house=False, segment__in=Occurrence.objects.filter(unit=unit_id).values("segment"))
    mine.filter(~Exists(shown), unit=None).delete()
    Job.objects.filter(in_house=False, unit=unit_id).delete()


def keep_for_the_house(unit_id: int) -> None:
    """A text that is to be translated before anybody may read it."""
    Unit.objects.filter(pk=unit_id).update(is_released=False, is_gone=False)


def withhold_text(unit_id: int) -> None:
    """What was taken away is translated no further; its open jobs go where no other unit wants them."""
    Unit.objects.filter(pk=unit_id).update(is_released=False, is_gone=True)
    drop_idle_jobs(Occurrence.objects.filter(unit=unit_id).values("segment"), of_unit=unit_id)


def drop_idle_jobs(segments: Any, *, of_unit: int) -> None:
    """Delete the open jobs of these sentences that no text wants any more."""
    elsewhere = Occurrence.objects.filter(segment=OuterRef("segment"), last_revision=None, unit__is_gone=False)
    Job.objects.filter(~Exists(elsewhere), segment__in=segments, unit=None).delete()
    Job.objects.filter(~Exists(elsewhere.filter(unit=of_unit)), unit=of_unit).delete()
