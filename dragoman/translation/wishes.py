"""Asking for translations: opening jobs, and making them more urgent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet

from dragoman.foundation.clock import now
from dragoman.foundation.languages import same_to_a_reader
from dragoman.live import wakeup
from dragoman.translation.actions import COMMENT
from dragoman.translation.memory import hold_everywhere
from dragoman.translation.models import Current, Edition, Job, Occurrence, Segment, Translation, Unit
from dragoman.translation.queries import that_hold_for
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.rank import needs_own_scope
from dragoman.translation.rules.releasing import FOR_ENGINES
from dragoman.translation.rules.scheduling import GRACE, IMPROVE, LATER, PAGE, next_turn, size_class
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.terms import Terms, current_terms

_HUMAN = -1  # stands for “a person translated it for everywhere” among the units that have one
_AT_A_TIME = 500  # units or translations
_PLACES = 2000  # of sentences
_Slot: TypeAlias = tuple[int, str, int | None]  # segment, language, and the unit that a translation holds for


@dataclass(frozen=True, slots=True)
class _Wish:
    """A sentence of a unit that shall be translated; ``unit`` where the answer holds for this unit alone."""

    segment: int
    text: str
    source: str
    unit: int | None
    kind: str
    topic: str
    owner: int  # the unit that asks
    in_house: bool
    section: int | None  # that its terms are of; none where the answer holds everywhere
    closed: frozenset[str] = frozenset()  # languages in which no engine is asked about any text that it stands in


def request_translations(
    unit_ids: Collection[int], *, priority: int, languages: Iterable[str] | None = None, after_edit: bool = False
) -> int:
    """Open a job for every sentence that lacks a translation and has a route; how many were asked for.

    A translation that was made with other terms of the glossary than those of
    today is as good as none. A sentence that another unit already waits for gets
    no second job. After an edit its new sentences wait for two minutes: a second
    edit may follow.
    """
    board = Switchboard()
    if not board.engines or not unit_ids:
        return 0
    targets = list(languages if languages is not None else settings.DRAGOMAN.languages)
    terms = current_terms()
    rows = Occurrence.objects.filter(unit__in=unit_ids, last_revision=None, unit__is_gone=False)
    missing = _missing(board, terms, _wishes(rows, terms), targets, priority)
    if not missing:
        return 0
    not_before = now() + GRACE if after_edit else now()
    with transaction.atomic():
        return _open_jobs(missing, priority, not_before)


def request_anew(segments: Collection[int], languages: Iterable[str]) -> int:
    """Ask again for these sentences where the glossary says something else than when they were translated; how many.

    What stands meanwhile stays. Call it in a transaction: workers that store answers to these sentences are waited
    for, and their answers looked at.
    """
    list(Job.objects.select_for_update().filter(segment__in=segments).order_by("id").values_list("id"))
    board, terms, targets = Switchboard(), current_terms(), list(languages)
    _hold_everywhere_again(segments, targets, terms)
    rows = Occurrence.objects.filter(segment__in=segments, last_revision=None, unit__is_gone=False)
    asked = last = 0
    # A short sentence may stand in very many comments, and hold for each of them alone.
    while page := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_PLACES]):
        last = page[-1]
        missing = _missing(board, terms, _wishes(rows.filter(pk__in=page), terms), targets, IMPROVE)
        for target in targets:
            # What waits must be asked of every engine, too: those that had their turn did not know these terms.
            mine = {wish.segment for wish, language in missing if language == target}
            Job.objects.filter(segment__in=mine, language=target, is_anew=False).update(is_anew=True)
        asked += _open_jobs(missing, IMPROVE, now(), is_anew=True) if missing else 0
    return asked


def would_be_asked(segments: Collection[int], languages: Iterable[str], proposed: Terms) -> set[int]:
    """Those of these sentences that :func:`request_anew` would ask for with another glossary, and does not today."""
    board, terms, targets = Switchboard(), current_terms(), list(languages)
    rows = Occurrence.objects.filter(segment__in=segments, last_revision=None, unit__is_gone=False)
    now_missing, then_missing = (
        {
            (wish.segment, wish.unit, target)
            for wish, target in _missing(board, one, _wishes(rows, one), targets, IMPROVE)
        }
        for one in (terms, proposed)
    )
    return {segment for segment, _unit, _target in then_missing - now_missing}


def _missing(
    board: Switchboard, terms: Terms, wishes: Collection[_Wish], targets: Collection[str], priority: int
) -> list[tuple[_Wish, str]]:
    there = _already_there(wishes, targets, terms)
    return [
        (wish, target)
        for wish in wishes
        for target in targets
        if _is_wanted(board, wish, target, priority) and not there[(wish.segment, target)] & {wish.unit, _HUMAN}
    ]


def _open_jobs(
    missing: Collection[tuple[_Wish, str]], priority: int, not_before: datetime, *, is_anew: bool = False
) -> int:
    turns = _turns([wish for wish, _target in missing], priority)
    jobs = [_job(wish, target, _Place(priority, turns[wish.owner], not_before, is_anew)) for wish, target in missing]
    Job.objects.bulk_create(jobs, ignore_conflicts=True, batch_size=2000)
    return len({(job.segment_id, job.unit_id, job.language) for job in jobs})


def _wishes(occurrences: QuerySet[Occurrence], terms: Terms) -> list[_Wish]:
    rows = [
        row
        for row in occurrences.select_related("segment", "unit").order_by("unit_id", "anchor")
        if has_words(row.segment.text)
    ]
    sections = terms.sections_of({row.unit_id for row in rows})
    # The same sentence may be an article's and a comment's: the kinds may have different ways.
    found: dict[tuple[int, int | None, str], _Wish] = {}
    closed = _closed_languages({row.unit_id for row in rows if row.unit.owner_kind != COMMENT})
    for row in rows:
        unit, text, section = row.unit, row.segment.text, sections.get(row.unit_id)
        own = _holds_for_one(unit, row.segment, section, terms)
        key = (row.segment_id, row.unit_id if own else None, unit.owner_kind)
        wish = _Wish(
            row.segment_id,
            text,
            row.segment.language,
            row.unit_id if own else None,
            unit.owner_kind,
            unit.topic or f"{unit.owner_kind}:{unit.owner_id}",
            unit.pk,
            not unit.is_released,
            section if own else None,
            closed.get(unit.pk, frozenset()),
        )
        before = found.setdefault(key, wish)
        found[key] = replace(before, closed=before.closed & wish.closed)
    return list(found.values())


def _closed_languages(units: Collection[int]) -> Mapping[int, frozenset[str]]:
    """By text: the languages that it is not translated into by engines."""
    found: dict[int, frozenset[str]] = {}
    rows = Edition.objects.filter(unit__in=units).exclude(mode__in=FOR_ENGINES).values_list("unit", "language")
    for unit, language in rows if units else ():
        found[unit] = found.get(unit, frozenset()) | {language}
    return found


def _holds_for_one(unit: Unit, segment: Segment, section: int | None, terms: Terms) -> bool:
    """Whether a translation holds for this text alone. What is held enters no memory before it is released."""
    return (
        not unit.is_released
        or needs_own_scope(segment.text, is_comment=unit.owner_kind == COMMENT)
        or terms.are_of_a_section(segment.language, segment.text, section)
    )


def _hold_everywhere_again(segments: Collection[int], languages: Collection[str], terms: Terms) -> None:
    """What was translated for one text alone because of a term that its section has no more."""
    rows = Current.objects.filter(
        segment__in=segments, language__in=languages, unit__isnull=False, translation__origin="machine"
    )
    # Locked: a person may be about to put a word of his or her own in the same place.
    locked = rows.select_for_update(no_key=True, of=("self",)).order_by("id")
    found = list(locked.select_related("segment", "translation", "unit"))
    sections = terms.sections_of({row.unit_id for row in found if row.unit_id})
    for row in found:
        unit = row.unit
        if unit is not None and not _holds_for_one(unit, row.segment, sections.get(unit.pk), terms):
            hold_everywhere(row)


def _is_wanted(board: Switchboard, wish: _Wish, target: str, priority: int) -> bool:
    if same_to_a_reader(wish.source, target) or target in wish.closed:
        return False
    if priority > PAGE and not board.preference(wish.source, target, wish.kind).is_eager:
        return False
    return bool(board.routes(wish.source, target, wish.kind, in_house=wish.in_house))


def _turns(wishes: Iterable[_Wish], priority: int) -> Mapping[int, int]:
    """Unit → turn: each unit is one post of its topic."""
    topics = {wish.owner: wish.topic for wish in wishes}
    open_jobs = Job.objects.filter(priority=priority)
    current = open_jobs.aggregate(least=Min("turn"))["least"]
    last = dict(open_jobs.filter(topic__in=set(topics.values())).values_list("topic").annotate(most=Max("turn")))
    turns: dict[int, int] = {}
    for unit, topic in topics.items():
        turns[unit] = last[topic] = next_turn(current, last.get(topic))
    return turns


@dataclass(frozen=True, slots=True)
class _Place:
    """A job's place in the queue."""

    priority: int
    turn: int
    not_before: datetime
    is_anew: bool


def _job(wish: _Wish, target: str, place: _Place) -> Job:
    return Job(
        segment_id=wish.segment,
        source=wish.source,
        language=target,
        unit_id=wish.unit,
        priority=place.priority,
        turn=place.turn,
        topic=wish.topic,
        kind=wish.kind,
        size=size_class(wish.text),
        in_house=wish.in_house,
        is_anew=place.is_anew,
        not_before=place.not_before,
        created_at=now(),
    )


def _already_there(
    wishes: Collection[_Wish], languages: Collection[str], terms: Terms
) -> Mapping[tuple[int, str], set[int | None]]:
    """By sentence and language: the units that need nothing more, none for everywhere."""
    found: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    rows = Current.objects.filter(segment__in={one.segment for one in wishes}, language__in=languages).values_list(
        "segment_id", "language", "unit_id", "translation__origin", "translation__glossary"
    )
    by_place = {(wish.segment, wish.unit): wish for wish in wishes}
    stale: dict[_Slot, str] = {}
    for segment, language, unit, origin, glossary in that_hold_for({one.unit for one in wishes if one.unit}, rows):
        wish = by_place.get((segment, unit))
        wanted = terms.of(wish.source, language).prepare(wish.text, wish.section).hash if wish else glossary
        if origin == "machine" and glossary != wanted:
            stale[(segment, language, unit)] = wanted
            continue
        found[(segment, language)].add(unit)
        if unit is None and origin == "human":
            found[(segment, language)].add(_HUMAN)
    for slot in _tried_in_vain(stale):
        found[slot[:2]].add(slot[2])
    return found


def _tried_in_vain(stale: Mapping[_Slot, str]) -> list[_Slot]:
    """Those of these whose last answer was made with the terms of today, and refused."""
    if not stale:
        return []
    rows = Translation.objects.filter(segment__in={segment for segment, *_rest in stale}, origin="machine")
    newest: dict[_Slot, str] = {
        (segment, language, unit): glossary
        for segment, language, unit, glossary in rows.order_by("id").values_list(
            "segment_id", "language", "unit_id", "glossary"
        )
    }
    return [slot for slot, wanted in stale.items() if newest.get(slot) == wanted]


def want(unit_ids: Collection[int], language: str, *, priority: int) -> None:
    """Somebody looks at these texts in this language: what is missing of them goes first.

    Nothing is written where nothing waits. An edit's grace is not shortened, and
    nobody but staff is waiting for what is held.
    """
    unit_ids = list(Unit.objects.filter(id__in=unit_ids, is_released=True).values_list("id", flat=True))
    if not unit_ids:
        return
    segments = Occurrence.objects.filter(unit__in=unit_ids, last_revision=None).values("segment")
    less_urgent = Job.objects.filter(
        segment__in=segments, language=language, priority__gt=priority, priority__lt=IMPROVE
    ).filter(Q(unit=None) | Q(unit__in=unit_ids))
    if less_urgent.exists():
        less_urgent.update(priority=priority)
    if Switchboard().has_lazy_pairs and request_translations(unit_ids, priority=priority, languages=[language]):
        wakeup.call()


def request_everything() -> int:
    """Open jobs for all that lacks a translation, as after a new engine or language; how many."""
    asked = 0
    last = 0
    while True:
        units = list(Unit.objects.filter(id__gt=last).order_by("id").values_list("id", flat=True)[:_AT_A_TIME])
        if not units:
            return asked
        asked += request_translations(units, priority=LATER)
        last = units[-1]
