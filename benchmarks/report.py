"""One measurement as a line of JSON."""

import json
import operator
from collections.abc import Callable

_COMPARE: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


def line(bench: str, metric: str, value: float, unit: str, *, reference: float | None = None, goal: str = "") -> None:
    """Print it. ``goal`` is such as ``>= 200`` and is compared with the value; empty where there is none."""
    holds = None
    if goal:
        sign, wanted = goal.split()
        holds = _COMPARE[sign](value, float(wanted))
    ratio = round(value / reference, 3) if reference else None
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
