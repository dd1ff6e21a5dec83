"""Handing text in: units, revisions, occurrences, jobs, and people's translations."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction
from django.db.models import F

from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical, same_to_a_reader
from dragoman.translation.engines import registry
from dragoman.translation.memory import Stored, record, store_segments
from dragoman.translation.models import Current, Engine, Job, Occurrence, Revision, Translation, Unit
from dragoman.translation.queries import contents_of, engine_pairs
from dragoman.translation.rules.diff import carry_anchors
from dragoman.translation.rules.document import Document
from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.layout import Layout, lay_out
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.rank import needs_own_scope
from dragoman.translation.rules.routing import routes
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
    with transaction.atomic():
        units = Unit.objects.bulk_create(
            Unit(
                language=canonical(text.language),
                owner_kind=text.owner_kind,
                owner_id=text.owner_id,
                topic=text.topic,
                is_released=text.is_released,
                last_anchor=len(layout.sentences),
            )
            for text, layout in zip(texts, layouts, strict=True)
        )
        Revision.objects.bulk_create(
            _revision(unit, layout, range(1, len(layout.sentences) + 1))
            for unit, layout in zip(units, layouts, strict=True)
        )
        wanted = [
            (unit.language, sentence)
            for unit, layout in zip(units, layouts, strict=True)
            for _block, sentence in layout.sentences
        ]
        segments = store_segments(wanted)
        Occurrence.objects.bulk_create(
            _occurrence(unit, anchor, block, sentence, segments)
            for unit, layout in zip(units, layouts, strict=True)
            for anchor, (block, sentence) in enumerate(layout.sentences, 1)
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
    """What was a draft or held may be translated and remembered from now on."""
    Unit.objects.filter(pk=unit_id).update(is_released=True)


def request_translations(unit_ids: Collection[int], *, priority: int, languages: Iterable[str] | None = None) -> int:
    """Open a job for every sentence that lacks a translation and has a route; how many were asked for.

    A sentence that another unit already waits for gets no second job.
    """
    targets = list(languages if languages is not None else settings.DRAGOMAN.languages)
    pairs = engine_pairs()
    if not pairs or not unit_ids:
        return 0
    rows = Occurrence.objects.filter(unit__in=unit_ids, last_revision=None, unit__is_released=True)
    wanted: dict[tuple[int, int | None], tuple[str, str]] = {}
    for row in rows.select_related("segment", "unit"):
        if has_words(row.segment.text):
            own = needs_own_scope(row.segment.text, is_comment=row.unit.owner_kind == COMMENT)
            wanted[(row.segment_id, row.unit_id if own else None)] = (row.segment.language, row.segment.text)
    there = _already_there({segment for segment, _unit in wanted}, targets)
    moment = now()
    can_go = {
        (source, target): not same_to_a_reader(source, target) and bool(routes(source, target, pairs))
        for source in {source for source, _text in wanted.values()}
        for target in targets
    }
    jobs = [
        Job(
            segment_id=segment,
            source=source,
            language=target,
            unit_id=unit,
            priority=priority,
            not_before=moment,
            created_at=moment,
        )
        for (segment, unit), (source, _text) in wanted.items()
        for target in targets
        if can_go[(source, target)] and not there[(segment, target)] & {unit, _HUMAN}
    ]
    Job.objects.bulk_create(jobs, ignore_conflicts=True, batch_size=2000)
    return len(jobs)


_HUMAN = -1  # stands for “a person translated it for everywhere” among the units that have one


def _already_there(segments: Collection[int], languages: Collection[str]) -> Mapping[tuple[int, str], set[int | None]]:
    found: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    rows = Current.objects.filter(segment__in=segments, language__in=languages).values_list(
        "segment_id", "language", "unit_id", "translation__origin"
    )
    for segment, language, unit, origin in rows:
        found[(segment, language)].add(unit)
        if unit is None and origin == "human":
            found[(segment, language)].add(_HUMAN)
    return found


def request_everything() -> int:
    """Open jobs for all that lacks a translation, as after a new engine or language; how many."""
    asked = 0
    last = 0
    while True:
        units = list(Unit.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:500])
        if not units:
            return asked
        asked += request_translations(units, priority=4)
        last = units[-1]


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


def withhold_text(unit_id: int) -> None:
    """What was taken away is translated no further; its open jobs go where no other unit wants them."""
    Unit.objects.filter(pk=unit_id).update(is_released=False)
    segments = Occurrence.objects.filter(unit=unit_id).values("segment")
    elsewhere = Occurrence.objects.filter(unit__is_released=True, last_revision=None).values("segment")
    Job.objects.filter(segment__in=segments).exclude(segment__in=elsewhere).delete()


def register_engine(
    *, name: str, kind: str, version: str, pairs: Sequence[Sequence[str]], options: Mapping[str, object]
) -> None:
    """Enable an engine; one of this name is brought up to date and keeps its place."""
    Engine.objects.update_or_create(
        name=name,
        defaults={
            "kind": kind,
            "version": version,
            "pairs": [list(pair) for pair in pairs],
            "options": dict(options),
        },
        create_defaults={
            "kind": kind,
            "version": version,
            "pairs": [list(pair) for pair in pairs],
            "options": dict(options),
            "position": Engine.objects.count(),
        },
    )


def enable_local_engines() -> list[str]:
    """Register every engine that works on this machine; their names."""
    found = registry.find_local()
    for engine in found:
        register_engine(name=engine.name, kind=engine.name, version=engine.version, pairs=engine.pairs, options={})
        engine.close()
    return [engine.name for engine in found]


def script_engine(unit_id: int, *, name: str, answers: Sequence[Mapping[str, str]], behaviours: Sequence[str]) -> None:
    """Tell a scripted engine what to answer for a unit's sentences, in reading order, and how to behave."""
    rows = Occurrence.objects.filter(unit=unit_id, last_revision=None).select_related("segment").order_by("anchor")
    engine = Engine.objects.select_for_update().get(name=name)
    told = engine.options.setdefault("answers", {})
    faults = engine.options.setdefault("faults", {})
    engine.options["pairs"] = engine.pairs
    for row, texts, behaviour in zip(rows, answers, behaviours, strict=True):
        for language, text in texts.items():
            told[f"{language}|{row.segment.text}"] = mark_like(text, contents_of(row.contents))
        if behaviour:
            faults[row.segment.text] = behaviour
    engine.save(update_fields=["options"])
