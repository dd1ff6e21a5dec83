"""Reading reports and decisions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from dragoman.foundation.statements import Select
from dragoman.moderation.models import Decision, Report


@dataclass(frozen=True, slots=True)
class Reported:
    """A subject with open reports: how many, their reasons, since when."""

    subject: int
    reports: int
    reasons: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    since: datetime


def reported(kind: str, *, limit: int = 50) -> list[Reported]:
    """Those with open reports, the one that waits longest first. Two queries."""
    open_reports = Report.objects.filter(kind=kind, decision=None)
    waiting = list(
        open_reports.values("subject").annotate(reports=Count("id"), since=Min("at")).order_by("since")[:limit]
    )
    rows = open_reports.filter(subject__in=[one["subject"] for one in waiting]).order_by("id")
    reasons: dict[int, dict[str, int]] = {}
    notes: dict[int, list[str]] = {}
    for subject, reason, note in rows.values_list("subject", "reason", "note"):
        counts = reasons.setdefault(subject, {})
        counts[reason] = counts.get(reason, 0) + 1
        if note:
            notes.setdefault(subject, []).append(note)
    return [
        Reported(
            one["subject"],
            one["reports"],
            tuple(reasons.get(one["subject"], {}).items()),
            tuple(notes.get(one["subject"], ())),
            one["since"],
        )
        for one in waiting
    ]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided last, and why."""

    act: str
    reason: str


def last_decisions(kind: str, subjects: Collection[int]) -> dict[int, Decided]:
    """The last decision on each that there is one on. One query."""
    if not subjects:
        return {}
    return {subject: Decided(act, reason) for subject, act, reason in _LAST(kind, list(subjects))}


def _last(kind: Any, subjects: Any) -> Any:
    newest = Decision.objects.filter(kind=kind, subject__in=subjects).values("subject").annotate(last=Max("id"))
    return Decision.objects.filter(pk__in=newest.values("last")).values_list("subject", "act", "reason")


_LAST = Select(_last)


def reasons_of(kind: str, subjects: Collection[int]) -> dict[int, str]:
    """The reason of the last decision on each. One query."""
    return {subject: one.reason for subject, one in last_decisions(kind, subjects).items()}
