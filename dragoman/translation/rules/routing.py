"""Which engines bring a text from one language to another. Pure; engines are told by their pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dragoman.foundation.languages import base, same_to_a_reader

PIVOTS = ("es", "ca", "en", "fr")  # hubs of the local engines, the best connected first


@dataclass(frozen=True, slots=True)
class Step:
    """One call: engine and pair in the engine's own languages."""

    engine: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Route:
    """One or, over a pivot, two steps."""

    steps: tuple[Step, ...]

    @property
    def pivot(self) -> str:
        """The language between, or an empty string."""
        return self.steps[0].target if len(self.steps) > 1 else ""

    @property
    def name(self) -> str:
        """Such as ``apertium:pt-es+apertium:es-en``."""
        return "+".join(f"{step.engine}:{step.source}-{step.target}" for step in self.steps)


Pairs = Mapping[str, Iterable[tuple[str, str]]]


def routes(source: str, target: str, engines: Pairs) -> list[Route]:
    """Every way, the best first: direct ones in the engines' order, then one pivot deep."""
    direct = [Route((step,)) for step in _steps(source, target, engines)]
    pivoted = [
        Route((first, second))
        for pivot in PIVOTS
        if pivot not in (base(source), base(target))
        for first in _steps(source, pivot, engines)
        for second in _steps(pivot, target, engines)
    ]
    return direct + pivoted


def _steps(source: str, target: str, engines: Pairs) -> list[Step]:
    exact, close = [], []
    for engine, pairs in engines.items():
        for one, other in pairs:
            if (one, other) == (source, target):
                exact.append(Step(engine, one, other))
            elif same_to_a_reader(one, source) and same_to_a_reader(other, target):
                close.append(Step(engine, one, other))
    return exact + close
