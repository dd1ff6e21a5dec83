"""One measurement as a line of JSON."""

import json
import operator
from collections.abc import Callable

_COMPARE: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


def line(bench: str, metric: str, value: float, unit: str, *, reference: float | None = None, goal: str = "") -> None:
    """Print it. ``goal`` is such as ``>= 200``, compared with the value, or ``ratio >= 0.9``; empty: there is none."""
    holds = None
    ratio = round(value / reference, 3) if reference else None
    if goal:
        sign, wanted = goal.removeprefix("ratio ").split()
        compared = (ratio or 0.0) if goal.startswith("ratio") else value
        holds = _COMPARE[sign](compared, float(wanted))
    shown = {
        "bench": bench,
        "metric": metric,
        "value": round(value, 4),
        "unit": unit,
        "reference": round(reference, 4) if reference is not None else None,
        "ratio": ratio,
        "goal": goal or None,
        "holds": holds,
    }
    print(json.dumps(shown), flush=True)
