"""Asking again for what is there and might be better.

What is there stays until something better, or something newer and as good, has come.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from dragoman.foundation.clock import now
from dragoman.translation.models import Current, Edition, Job, Occurrence, Translation
from dragoman.translation.rules.releasing import FOR_ENGINES
from dragoman.translation.rules.scheduling import IMPROVE, size_class
from dragoman.translation.switchboard import Switchboard

QUALITIES = ("ok", "rough", "rejected")
_AT_A_TIME = 500
_Wanted: TypeAlias = Callable[[Collection[Current]], Collection[Current]]


def request_better() -> int:
    """Ask again for what was rejected or is rough where an engine can be asked that was not; how many.

    It comes to an end: each answer, also a bad one, says which engines were asked, with their versions.
    """
    board = Switchboard()
    versions = {name: f"{name}@{one.version}" for name, one in board.engines.items()}
    doubtful = Current.objects.filter(translation__origin="machine", translation__quality__in=["rejected", "rough"])

    def those_with_another(rows: Collection[Current]) -> Collection[Current]:
        tried = _tried(rows)

        def has_another(row: Current) -> bool:
            ways = board.ways_now(row.segment.language, row.language, _kind_of(row), in_house=False)
            asked = tried[(row.segment_id, row.language, row.unit_id)]
            return any(not {versions[name] for name in way.engines} <= asked for way in ways)

        return [row for row in rows if has_another(row)]

    return _ask_again(doubtful, those_with_another, board)


def _tried(rows: Collection[Current]) -> Mapping[tuple[int, str, int | None], set[str]]:
    """The engines that each of these sentences was put to, with their versions. One query."""
    found: dict[tuple[int, str, int | None], set[str]] = defaultdict(set)
    asked = Translation.objects.filter(segment__in={row.segment_id for row in rows}, origin="machine")
    for segment, language, unit, names in asked.values_list("segment_id", "language", "unit_id", "tried"):
        found[(segment, language, unit)].update(names)
    return found


def request_again(*, quality: Collection[str], engine: str = "", source: str = "", target: str = "") -> int:
    """Ask again for machine translations of these qualities (ok, rough, rejected), as the operator wants; how many."""
    chosen = Current.objects.filter(translation__origin="machine", translation__quality__in=quality)
    if engine:
        chosen = chosen.filter(translation__engine=engine)
    if source:
        chosen = chosen.filter(segment__language=source)
    if target:
        chosen = chosen.filter(language=target)
    return _ask_again(chosen, lambda rows: rows, Switchboard(), is_anew=True)


def _ask_again(chosen: QuerySet[Current], wanted: _Wanted, board: Switchboard, *, is_anew: bool = False) -> int:
    closed = Edition.objects.filter(unit=OuterRef("unit"), language=OuterRef(OuterRef("language")))
    shown = Occurrence.objects.filter(
        ~Exists(closed.exclude(mode__in=FOR_ENGINES)),
        segment=OuterRef("segment"),
        last_revision=None,
        unit__is_released=True,
    )
    # What holds for one text alone is asked for as long as that text shows it, and is released.
    here = shown.filter(unit=OuterRef("unit"))
    rows = (
        chosen.filter(Q(unit=None) & Exists(shown) | Exists(here))
        .annotate(
            owner_kind=Subquery(shown.values("unit__owner_kind")[:1]),
            topic=Subquery(shown.values("unit__topic")[:1]),
        )
        .select_related("segment")
        .order_by("id")
    )
    asked = last = 0
    while page := list(rows.filter(id__gt=last)[:_AT_A_TIME]):
        last = page[-1].pk
        jobs = [
            _job(row, is_anew=is_anew)
            for row in wanted(page)
            if board.routes(row.segment.language, row.language, _kind_of(row))
        ]
        Job.objects.bulk_create(jobs, ignore_conflicts=True)
        asked += len(jobs)
    return asked


def _kind_of(row: Current) -> str:
    return str(getattr(row, "owner_kind", "") or "")


def _job(row: Current, *, is_anew: bool) -> Job:
    moment = now()
    return Job(
        segment_id=row.segment_id,
        source=row.segment.language,
        language=row.language,
        unit_id=row.unit_id,
        priority=IMPROVE,
        is_anew=is_anew,
        topic=str(getattr(row, "topic", "") or ""),
        kind=_kind_of(row),
        size=size_class(row.segment.text),
        not_before=moment,
        created_at=moment,
    )
