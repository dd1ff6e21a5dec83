"""Which engines bring a text from one language to another. Pure; engines are told by their pairs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dragoman.foundation.languages import base, same_to_a_reader

PIVOTS = ("es", "ca", "en", "fr")  # hubs of the local engines, the best connected first
NO_PIVOT = "none"
KINDS = ("article", "comment", "section")  # of texts, by their owners


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
    def engines(self) -> frozenset[str]:
        """The names of those that take part."""
        return frozenset(step.engine for step in self.steps)


Pairs = Mapping[str, Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Preference:
    """The operator's word for a pair and a kind of text; what is empty holds for all.

    ``engines`` are asked in this order, and no others; none named: all in their own order.
    """

    source: str = ""
    target: str = ""
    kind: str = ""
    engines: tuple[str, ...] = ()
    pivot: str = ""  # a language, NO_PIVOT, or empty: one of ``PIVOTS``
    is_eager: bool = True


def preferred(preferences: Iterable[Preference], source: str, target: str, kind: str) -> Preference:
    """The most particular word that fits; of equally particular ones a pair goes before a kind."""
    fitting = [
        one
        for one in preferences
        if (not one.source or same_to_a_reader(one.source, source))
        and (not one.target or same_to_a_reader(one.target, target))
        and one.kind in ("", kind)
    ]
    return max(
        fitting,
        key=lambda one: (bool(one.source) + bool(one.target) + bool(one.kind), bool(one.source) + bool(one.target)),
        default=Preference(),
    )


def routes(source: str, target: str, engines: Pairs, preference: Preference | None = None) -> list[Route]:
    """Every way, the best first: direct ones in the engines' order, then one pivot deep."""
    word = preference or Preference()
    if word.engines:
        engines = {name: engines[name] for name in word.engines if name in engines}
    direct = [Route((step,)) for step in _steps(source, target, engines)]
    pivots = () if word.pivot == NO_PIVOT else (word.pivot,) if word.pivot else PIVOTS
    pivoted = [
        Route((first, second))
        for pivot in pivots
        if base(pivot) not in (base(source), base(target))
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
