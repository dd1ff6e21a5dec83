"""What the command line, the desk and the metrics show of queue and engines."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min

from dragoman.foundation.clock import now
from dragoman.translation.models import (
    Current,
    Dispatch,
    Engine,
    Failure,
    Job,
    PairRecord,
    Routing,
    Segment,
    Spending,
    Translation,
)
from dragoman.translation.rules.markers import MARKER
from dragoman.translation.switchboard import budget_left, month_of, speed_of, with_spending


def status() -> dict[str, Any]:
    """How much is open and how much is there. Four queries."""
    waiting = Job.objects.values("source", "language").annotate(jobs=Count("id")).order_by("source", "language")
    there = Translation.objects.values("origin", "quality").annotate(number=Count("id")).order_by("origin", "quality")
    by_priority = Job.objects.values_list("priority").annotate(jobs=Count("id")).order_by("priority")
    oldest = Job.objects.aggregate(oldest=Min("created_at"))["oldest"]
    return {
        "segments": Segment.objects.count(),
        "waiting": sum(row["jobs"] for row in waiting),
        "oldest_waits_seconds": round((now() - oldest).total_seconds()) if oldest else 0,
        "priorities": {str(priority): jobs for priority, jobs in by_priority},
        "pairs": {f"{row['source']}-{row['language']}": row["jobs"] for row in waiting},
        "translations": {f"{row['origin']} {row['quality']}": row["number"] for row in there},
    }


@dataclass(frozen=True, slots=True)
class EngineReport:
    """An engine and how it does. ``state``: works, resting, used-up, needs-operator or off."""

    name: str
    kind: str
    version: str
    state: str
    sends_out: bool
    pairs: list[str]
    answers: int
    refused: int
    failures: int
    characters_per_second: float
    rests_until: datetime | None
    last_failure: str
    last_failure_at: datetime | None
    spent: int
    monthly_budget: int | None


def engines() -> list[EngineReport]:
    """The engines in the order of asking. One query."""
    return [_report(row) for row in with_spending(Engine.objects.all(), month_of(now()))]


def _report(row: Any) -> EngineReport:
    return EngineReport(
        name=row.name,
        kind=row.kind,
        version=row.version,
        state=_state(row),
        sends_out=row.sends_out,
        pairs=["-".join(pair) for pair in row.pairs],
        answers=row.answers,
        refused=row.refused,
        failures=row.failures,
        characters_per_second=round(speed_of(row), 1),
        rests_until=row.rests_until,
        last_failure=row.last_failure,
        last_failure_at=row.last_failure_at,
        spent=row.spent or 0,
        monthly_budget=row.monthly_budget,
    )


def _state(row: Any) -> str:
    if not row.is_enabled:
        return "off"
    if row.needs_operator:
        return "needs-operator"
    if budget_left(row) == 0:
        return "used-up"
    if row.rests_until is not None and row.rests_until > now():
        return "resting"
    return "works"


def engine_facts() -> list[dict[str, Any]]:
    """The same as plain values, for JSON."""
    return [{**asdict(one), "enabled": one.state != "off"} for one in engines()]


def budgets() -> list[dict[str, Any]]:
    """What each engine was sent, month by month, the newest first, with its budget."""
    rows = Spending.objects.select_related("engine").order_by("-month", "engine__position")
    return [
        {
            "engine": row.engine.name,
            "month": row.month,
            "characters": row.characters,
            "monthly_budget": row.engine.monthly_budget,
        }
        for row in rows
    ]


def routings() -> list[dict[str, Any]]:
    """The operator's words on who translates what."""
    return [
        {
            "pair": f"{row.source or '*'}-{row.target or '*'}",
            "kind": row.kind,
            "engines": row.engines,
            "pivot": row.pivot,
            "is_eager": row.is_eager,
        }
        for row in Routing.objects.order_by("source", "target", "kind")
    ]


def failures(engine: str = "", *, most: int = 50) -> list[dict[str, Any]]:
    """What went wrong lately, with the sentence in its own language where it was about one."""
    rows = Failure.objects.select_related("engine", "segment").order_by("-id")
    if engine:
        rows = rows.filter(engine__name=engine)
    return [
        {
            "engine": row.engine.name,
            "at": row.at,
            "pair": f"{row.source}-{row.language}" if row.source else "",
            "reason": row.reason,
            "text": MARKER.sub("…", row.segment.text) if row.segment else "",
        }
        for row in rows[:most]
    ]


def pair_records(engine: str) -> list[dict[str, Any]]:
    """How an engine does in each pair that it was asked for."""
    rows = PairRecord.objects.filter(engine__name=engine).order_by("source", "target")
    return [
        {
            "pair": f"{row.source}-{row.target}",
            "answers": row.answers,
            "refused": row.refused,
            "rough": row.rough,
            "characters_per_second": round(speed_of(row), 1),
        }
        for row in rows
    ]


def doubtful() -> dict[str, int]:
    """How many sentences show their original after failed checks, and how many show a rough translation."""
    rows = Current.objects.filter(translation__origin="machine").values_list("translation__quality")
    counted = dict(rows.annotate(number=Count("id")))
    return {"rejected": counted.get("rejected", 0), "rough": counted.get("rough", 0)}


def register(*, engine: str = "", most: int = 100) -> list[dict[str, Any]]:
    """What left the house, the newest first: ids and hashes, never text."""
    rows = Dispatch.objects.order_by("-id")
    if engine:
        rows = rows.filter(engine=engine)
    return [
        {
            "at": row.at,
            "engine": row.engine,
            "pair": f"{row.source}-{row.language}",
            "sentence": row.segment,
            "unit": row.unit,
            "hash": row.hash,
            "characters": row.characters,
        }
        for row in rows[:most]
    ]
