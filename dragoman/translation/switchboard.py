"""Engines and the operator's words about them, as they stand at this moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, FilteredRelation, Q, QuerySet

from dragoman.foundation.clock import now
from dragoman.foundation.statements import Select
from dragoman.translation.models import Engine, Routing
from dragoman.translation.policies import may_leave
from dragoman.translation.rules.routing import Preference, Route, preferred, routes
from dragoman.translation.rules.scheduling import start_of_next_month

_UNMEASURED = 2_000.0  # characters a second, until an engine has been timed


@dataclass(frozen=True, slots=True)
class Available:
    """An enabled engine."""

    name: str
    version: str
    pairs: tuple[tuple[str, str], ...]
    sends_out: bool
    max_items: int
    max_characters: int
    rests_until: datetime | None
    needs_operator: bool
    budget_left: int | None  # characters this month; none where there is no limit
    speed: float  # characters a second


def month_of(moment: datetime) -> str:
    """As spending is kept: ``2026-11``."""
    return f"{moment:%Y-%m}"


class Switchboard:
    """Routes for texts. Two queries when it is made, none afterwards."""

    def __init__(self) -> None:
        self.at = now()
        self.engines: dict[str, Available] = {}
        self._words: list[Preference] = []
        if settings.DRAGOMAN.translation_enabled:
            self.engines = {one.name: one for one in _engines(self.at)}
            self._words = list(_preferences()) if self.engines else []
        self.routes = cache(self._routes)

    @property
    def has_lazy_pairs(self) -> bool:
        """Whether some texts are translated only when somebody looks at them."""
        return any(not word.is_eager for word in self._words)

    def preference(self, source: str, target: str, kind: str) -> Preference:
        """The operator's word for such a text."""
        return preferred(self._words, source, target, kind)

    def _routes(self, source: str, target: str, kind: str, *, in_house: bool = False) -> list[Route]:
        """Every way for such a text, the best first, whether or not it can be taken right now."""
        out = may_leave(kind, in_house=in_house)
        allowed = {name: one.pairs for name, one in self.engines.items() if out or not one.sends_out}
        return routes(source, target, allowed, self.preference(source, target, kind))

    def can_come(self, source: str, target: str, kind: str, *, in_house: bool = False) -> bool:
        """Whether a translation is to be expected: a way whose engines have budget left and need nobody's help."""
        return any(
            all(self._left(name) > 0 and not self.engines[name].needs_operator for name in way.engines)
            for way in self.routes(source, target, kind, in_house=in_house)
        )

    def ways_now(self, source: str, target: str, kind: str, *, in_house: bool) -> list[Route]:
        """The ways that can be taken at this moment."""
        found = self.routes(source, target, kind, in_house=in_house)
        return [way for way in found if self._free_at(way) <= self.at]

    def free_at(self, source: str, target: str, kind: str, *, in_house: bool) -> datetime:
        """When the first of the ways is free again; far away where there is none."""
        ways = self.routes(source, target, kind, in_house=in_house)
        return min((self._free_at(way) for way in ways), default=start_of_next_month(self.at))

    def _free_at(self, way: Route) -> datetime:
        return max(self._rests_until(self.engines[name]) for name in way.engines)

    def _rests_until(self, engine: Available) -> datetime:
        if self._left(engine.name) <= 0 or engine.needs_operator:
            return start_of_next_month(self.at)  # or when the operator says so, which lets the jobs go at once
        return engine.rests_until or self.at

    def _left(self, name: str) -> int:
        left = self.engines[name].budget_left
        return left if left is not None else 1


def with_spending(engines: QuerySet[Engine], month: Any) -> QuerySet[Engine, Any]:
    """The engines in the order of asking, with ``spent`` and ``is_used_up`` of a month."""
    return (
        engines.annotate(this_month=FilteredRelation("spending", condition=Q(spending__month=month)))
        .annotate(spent=F("this_month__characters"), is_used_up=F("this_month__is_used_up"))
        .order_by("position", "id")
    )


def budget_left(row: Any) -> int | None:
    """Characters that an engine of :func:`with_spending` may still be sent this month; none where there is no limit."""
    if row.monthly_budget is None:
        return None
    return 0 if row.is_used_up else max(0, row.monthly_budget - (row.spent or 0))


def speed_of(row: Any) -> float:
    """Characters a second, over all calls that were answered; 0 where none was."""
    return row.characters / row.seconds if row.seconds else 0.0


class _Row(NamedTuple):
    name: str
    version: str
    pairs: list[list[str]]
    sends_out: bool
    max_items: int
    max_characters: int
    rests_until: datetime | None
    needs_operator: bool
    monthly_budget: int | None
    characters: int
    seconds: float
    spent: int | None
    is_used_up: bool | None


_ENGINES = Select(lambda month: with_spending(Engine.objects.filter(is_enabled=True), month).values_list(*_Row._fields))
_ROUTINGS = Select(
    lambda: Routing.objects.order_by("id").values_list("source", "target", "kind", "engines", "pivot", "is_eager")
)


def _engines(moment: datetime) -> Iterable[Available]:
    for row in map(_Row._make, _ENGINES(month_of(moment))):
        if row.monthly_budget == 0:
            continue
        yield Available(
            row.name,
            row.version,
            tuple((str(one), str(other)) for one, other in row.pairs),
            row.sends_out,
            row.max_items,
            row.max_characters,
            row.rests_until,
            row.needs_operator,
            budget_left(row),
            speed_of(row) if row.seconds > 0.1 else _UNMEASURED,
        )


def _preferences() -> Iterable[Preference]:
    for source, target, kind, engines, pivot, is_eager in _ROUTINGS():
        yield Preference(source, target, kind, tuple(engines), pivot, is_eager)
