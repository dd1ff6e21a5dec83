"""Asking for translations: opening jobs, and making them more urgent."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, Q

from dragoman.foundation.clock import now
from dragoman.foundation.languages import same_to_a_reader
from dragoman.live import wakeup
from dragoman.translation.actions import COMMENT
from dragoman.translation.models import Current, Job, Occurrence, Unit
from dragoman.translation.queries import that_hold_for
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.rank import needs_own_scope
from dragoman.translation.rules.scheduling import GRACE, IMPROVE, LATER, PAGE, next_turn, size_class
from dragoman.translation.switchboard import Switchboard

_HUMAN = -1  # stands for “a person translated it for everywhere” among the units that have one
_AT_A_TIME = 500  # units or translations


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


def request_translations(
    unit_ids: Collection[int], *, priority: int, languages: Iterable[str] | None = None, after_edit: bool = False
) -> int:
    """Open a job for every sentence that lacks a translation and has a route; how many were asked for.

    A sentence that another unit already waits for gets no second job. After an
    edit its new sentences wait for two minutes: a second edit may follow.
    """
    board = Switchboard()
    if not board.engines or not unit_ids:
        return 0
    targets = list(languages if languages is not None else settings.DRAGOMAN.languages)
    wishes = _wishes(unit_ids)
    there = _already_there(wishes, targets)
    missing = [
        (wish, target)
        for wish in wishes
        for target in targets
        if _is_wanted(board, wish, target, priority) and not there[(wish.segment, target)] & {wish.unit, _HUMAN}
    ]
    if not missing:
        return 0
    not_before = now() + GRACE if after_edit else now()
    with transaction.atomic():
        turns = _turns([wish for wish, _target in missing], priority)
        jobs = [_job(wish, target, _Place(priority, turns[wish.owner], not_before)) for wish, target in missing]
        Job.objects.bulk_create(jobs, ignore_conflicts=True, batch_size=2000)
    return len({(job.segment_id, job.unit_id, job.language) for job in jobs})


def _wishes(unit_ids: Collection[int]) -> list[_Wish]:
    rows = Occurrence.objects.filter(unit__in=unit_ids, last_revision=None, unit__is_gone=False)
    # The same sentence may be an article's and a comment's: the kinds may have different ways.
    found: dict[tuple[int, int | None, str], _Wish] = {}
    for row in rows.select_related("segment", "unit").order_by("unit_id", "anchor"):
        if not has_words(row.segment.text):
            continue
        unit = row.unit
        # What is held stays in its unit: it enters no memory before it is released.
        own = not unit.is_released or needs_own_scope(row.segment.text, is_comment=unit.owner_kind == COMMENT)
        found.setdefault(
            (row.segment_id, row.unit_id if own else None, unit.owner_kind),
            _Wish(
                row.segment_id,
                row.segment.text,
                row.segment.language,
                row.unit_id if own else None,
                unit.owner_kind,
                unit.topic or f"{unit.owner_kind}:{unit.owner_id}",
                unit.pk,
                not unit.is_released,
            ),
        )
    return list(found.values())


def _is_wanted(board: Switchboard, wish: _Wish, target: str, priority: int) -> bool:
    if same_to_a_reader(wish.source, target):
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
        not_before=place.not_before,
        created_at=now(),
    )


def _already_there(wishes: Collection[_Wish], languages: Collection[str]) -> Mapping[tuple[int, str], set[int | None]]:
    found: dict[tuple[int, str], set[int | None]] = defaultdict(set)
    rows = Current.objects.filter(segment__in={one.segment for one in wishes}, language__in=languages).values_list(
        "segment_id", "language", "unit_id", "translation__origin"
    )
    for segment, language, unit, origin in that_hold_for({one.unit for one in wishes if one.unit}, rows):
        found[(segment, language)].add(unit)
        if unit is None and origin == "human":
            found[(segment, language)].add(_HUMAN)
    return found


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
