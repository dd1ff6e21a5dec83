"""Numbers over time, drawn: columns of an SVG picture, with every number in words beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 120  # of the picture, in units of its own
# Wagtail's own, which change with its theme.
_COLOURS = ("var(--w-color-secondary)", "var(--w-color-warning-100)", "var(--w-color-critical-100)")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: left edge, width, and from the floor up its parts as (top, height, colour)."""

    left: float
    width: float
    label: str
    parts: tuple[tuple[float, float, str], ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns, and what their parts are called, with their colours."""

    columns: tuple[Column, ...]
    series: tuple[tuple[str, str], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return WIDTH, HEIGHT


def stacked(rows: Sequence[tuple[str, Sequence[int]]], series: Sequence[str]) -> Chart:
    """Columns in the order of the rows: each a label and one value, 0 or more, for each of the series."""
    highest = max((sum(values) for _label, values in rows), default=0)
    step = WIDTH / max(len(rows), 1)
    columns = []
    for place, (label, values) in enumerate(rows):
        floor, parts = float(HEIGHT), []
        for value, colour in zip(values, _COLOURS, strict=False):
            tall = HEIGHT * value / highest if highest else 0.0
            floor -= tall
            parts.append((round(floor, 2), round(tall, 2), colour))
        left, width = round(place * step, 2), round(step * 0.8, 2)
        columns.append(Column(left, width, label, tuple(parts), tuple(values)))
    return Chart(tuple(columns), tuple(zip(series, _COLOURS, strict=False)))
