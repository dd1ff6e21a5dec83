"""What was measured: a line of JSON for each figure as it comes, and a table of them all."""

import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

_COMPARE: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}
_SIGNS = {">=": "at least", "<=": "at most"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement beside its reference. ``goal`` as in `line`; a detail has no place on the page of figures."""

    bench: str
    metric: str
    value: float
    unit: str
    reference: float | None
    goal: str
    is_detail: bool = False

    @property
    def ratio(self) -> float | None:
        """Value through reference."""
        return round(self.value / self.reference, 3) if self.reference else None

    @property
    def holds(self) -> bool | None:
        """Whether the goal is held; without one there is nothing to hold."""
        if not self.goal:
            return None
        sign, wanted = self.goal.removeprefix("ratio ").split()
        compared = self.ratio if self.goal.startswith("ratio") else self.value
        return compared is not None and _COMPARE[sign](compared, float(wanted))

    def as_json(self) -> dict[str, Any]:
        """What is printed of it."""
        return {
            "bench": self.bench,
            "metric": self.metric,
            "value": round(self.value, 4),
            "unit": self.unit,
            "reference": round(self.reference, 4) if self.reference is not None else None,
            "ratio": self.ratio,
            "goal": self.goal or None,
            "holds": self.holds,
        }


# All that this process has measured, in order.
TAKEN: list[Figure] = []


def line(
    bench: str,
    metric: str,
    value: float,
    unit: str,
    *,
    reference: float | None = None,
    goal: str = "",
    is_detail: bool = False,
) -> None:
    """Print it. ``goal`` is such as ``>= 200``, compared with the value, or ``ratio >= 0.9``; empty: there is none."""
    figure = Figure(bench, metric, value, unit, reference, goal, is_detail)
    TAKEN.append(figure)
    print(json.dumps(figure.as_json(), ensure_ascii=False), flush=True)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown; what misses its goal says so."""
    rows = [["Figure", "Ours", "Reference", "Ratio", "Goal"], ["---"] * 5]
    for one in figures:
        beside = "" if one.reference is None else _number(one.reference)
        ratio = "" if one.ratio is None else _number(one.ratio)
        name = f"{one.metric.replace('_', ' ')}, {one.unit}"
        rows.append([name, _number(one.value), beside, ratio, _goal(one)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def _goal(figure: Figure) -> str:
    if not figure.goal:
        return ""
    *ratio, sign, wanted = figure.goal.split()
    words = " ".join([*ratio, _SIGNS[sign], _number(float(wanted))])
    return words if figure.holds else f"{words}: **missed**"
