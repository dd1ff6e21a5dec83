"""Getting one good answer out of engines: routes, ways, checks.

For each sentence the ways are tried in order until an answer passes its hard
checks: the first route with the engine's first spelling of markers, then with
its others, then without emphasis, then around the markers (the pieces between
them, one by one); then the next route. What fails everywhere is rejected, with
the findings of the first way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings

from dragoman.translation import ledger
from dragoman.translation.asking import LATER, TIMEOUT, Asking
from dragoman.translation.engines.base import Died, EngineError, Result
from dragoman.translation.judging import judge
from dragoman.translation.ledger import Sentence
from dragoman.translation.rules.checks import Answer
from dragoman.translation.rules.markers import EMPHASIS, MARKER, has_words, same_but_emphasis
from dragoman.translation.rules.routing import Route
from dragoman.translation.rules.splitting import join_parts, split_at_markers
from dragoman.translation.workshop import Workshop

MOST_ROUTES = 3
DIED = "died"  # it waits too, and it may be its own fault


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sentence: ``quality`` is ok, rough or rejected, or ``later``."""

    text: str
    quality: str
    findings: tuple[str, ...]
    route: Route
    version: str = ""  # of the route's first engine
    tried: tuple[str, ...] = ()  # engine@version of all that were asked


@dataclass(frozen=True, slots=True)
class Pair:
    """From which language to which, and of what kind the texts are."""

    source: str
    target: str
    kind: str = "comment"


@dataclass(frozen=True, slots=True)
class _Way:
    """How markers go to the engine."""

    style: int = 0
    without_emphasis: bool = False
    around: bool = False


_AS_IT_IS = _Way()


@dataclass
class _Open:
    """A sentence on its way."""

    sentence: Sentence
    done: Outcome | None = None
    fault: Outcome | None = None  # of the first way that was tried
    tried: set[str] = field(default_factory=set)
    is_away: bool = False  # an engine could not be asked about it
    ended_engine: bool = False  # an engine died while it had it, or had no time left for it
    routes: int = 0  # that were taken


class Attempt:
    """One batch of a pair on its way through the engines.

    ``renew`` is called before each call, so that whoever holds a lease can make it last.
    """

    def __init__(
        self, workshop: Workshop, routes: Sequence[Route], pair: Pair, *, renew: Callable[[], bool] = lambda: True
    ) -> None:
        self._asking = Asking(workshop, renew=renew)
        self._routes = list(routes)
        self._pair = pair

    def run(
        self, sentences: Mapping[int, Sentence], asked: Mapping[int, frozenset[str]] | None = None
    ) -> dict[int, Outcome]:
        """An outcome for every sentence; raises :class:`EngineError` when no engine could be asked at all.

        ``asked`` names engines that need not be asked again about a sentence.
        """
        opened = {key: _Open(sentence) for key, sentence in sentences.items()}
        errors: list[EngineError] = []
        try:
            for route in self._routes:
                waiting = {
                    key: one
                    for key, one in opened.items()
                    if one.done is None
                    and one.routes < MOST_ROUTES
                    and not route.engines <= (asked or {}).get(key, frozenset())
                }
                for one in waiting.values():
                    one.routes += 1
                error = self._take(route, waiting) if waiting else None
                if error is not None:
                    errors.append(error)
                    for one in waiting.values():
                        one.is_away = one.is_away or one.done is None
                        one.ended_engine = one.ended_engine or isinstance(error, Died)
        finally:
            for step, tally in self._asking.tallies.items():
                ledger.book(step, tally)
        if errors and all(one.done is None and one.fault is None for one in opened.values()):
            raise errors[0]
        return {key: self._end(one) for key, one in opened.items()}

    def _end(self, one: _Open) -> Outcome:
        outcome = one.done or one.fault
        if outcome is None or (one.done is None and one.is_away):
            # An engine that might have done better could not be asked: that is no verdict.
            return Outcome("", LATER, (DIED if one.ended_engine else LATER,), self._routes[0])
        return replace(outcome, tried=tuple(sorted(one.tried)))

    def _take(self, route: Route, opened: Mapping[int, _Open]) -> EngineError | None:
        """All ways of one route; the error that ended it early, if one did."""
        for way in self._ways(route):
            waiting = {key: one for key, one in opened.items() if one.done is None and _suits(way, one.sentence.text)}
            if not waiting:
                continue
            try:
                self._go(route, way, waiting)
            except EngineError as error:
                return error
        return None

    def _ways(self, route: Route) -> Iterator[_Way]:
        yield _AS_IT_IS
        most = max(self._asking.styles(step.engine) for step in route.steps)
        for style in range(1, most):
            yield _Way(style)
        yield _Way(without_emphasis=True)
        yield _Way(around=True)

    def _go(self, route: Route, way: _Way, opened: Mapping[int, _Open]) -> None:
        texts = {key: one.sentence for key, one in opened.items()}
        if way.without_emphasis:
            texts = {key: replace(one, text=_without_emphasis(one.text)) for key, one in texts.items()}
        results = self._around(route, texts) if way.around else self._ask(route, way.style, texts)
        for key, one in opened.items():
            result = results.get(key)
            if result is None and way == _AS_IT_IS and MARKER.search(one.sentence.text):
                continue  # the engine bears no markers, or dropped it: the other ways will tell
            outcome = self._judge(route, one.sentence, result)
            one.tried |= {f"{step.engine}@{self._asking.versions.get(step.engine, '')}" for step in route.steps}
            if outcome.quality == "ok" and way.around:
                # Grammar does not reach over a marker: such a text is never better than rough.
                outcome = replace(outcome, quality="rough", findings=("around-markers",))
            if outcome.quality == "rejected":
                one.fault = one.fault or outcome
            elif outcome.quality == LATER:
                one.is_away = True
                one.ended_engine = one.ended_engine or TIMEOUT in outcome.findings
            else:
                one.done = outcome
            self._count(route, one, outcome)

    def _count(self, route: Route, one: _Open, outcome: Outcome) -> None:
        tally = self._asking.tally(route.steps[-1])
        tally.refused += outcome.quality == "rejected"
        tally.rough += outcome.quality == "rough"
        if outcome.quality == "rejected":
            tally.faults.append((", ".join(outcome.findings), one.sentence.segment))

    def _around(self, route: Route, sentences: Mapping[int, Sentence]) -> dict[int, Result]:
        """Translate the words between the markers one by one and put the markers back between them."""
        parts: dict[int, Sentence] = {}
        places: dict[int, list[int | str]] = {}
        for key, sentence in sentences.items():
            places[key] = []
            for part in split_at_markers(sentence.text):
                if has_words(part):
                    parts[len(parts)] = replace(sentence, text=part)
                    places[key].append(len(parts) - 1)
                else:
                    places[key].append(part)
        results = self._ask(route, 0, parts) if parts else {}
        texts = {key: result.text for key, result in results.items()}
        joined: dict[int, Result] = {}
        for key, order in places.items():
            asked = [results[place] for place in order if isinstance(place, int) and place in results]
            unknown = max((result.unknown for result in asked), default=0.0)
            joined[key] = Result(key, join_parts(order, texts), "dropped", unknown=unknown)
        return joined

    def _ask(self, route: Route, style: int, sentences: Mapping[int, Sentence]) -> dict[int, Result]:
        """Through all steps of a route; what an engine left out is simply not in the answer."""
        current = dict(sentences)
        if len(route.steps) > 1:  # the terms are those of the whole way
            current = {key: replace(one, hints=()) for key, one in current.items()}
        answered: dict[int, Result] = {}
        failed: dict[int, Result] = {}
        for step in route.steps:
            results = self._asking.take(step, style, current)
            failed |= {key: result for key, result in results.items() if result.text is None}
            good = {key: result for key, result in results.items() if result.text is not None}
            for key, result in good.items():
                before = answered.get(key)
                answered[key] = replace(result, unknown=max(result.unknown, before.unknown if before else 0.0))
            current = {key: replace(current[key], text=result.text or "") for key, result in good.items()}
            # A pivot's answer that lost a marker is not worth the second call.
            current = (
                {key: one for key, one in current.items() if same_but_emphasis(sentences[key].text, one.text)}
                if step is not route.steps[-1]
                else current
            )
        last = {key: result for key, result in answered.items() if key in current}
        lost = {key: Result(key, None, "markers") for key in answered if key not in last and key not in failed}
        return failed | lost | last

    def _judge(self, route: Route, sentence: Sentence, result: Result | None) -> Outcome:
        version = self._asking.versions.get(route.steps[0].engine, "")
        if result is None or result.text is None:
            error = result.error if result is not None else "dropped"
            return Outcome("", LATER if error in (LATER, TIMEOUT) else "rejected", (error,), route, version)
        floor = self._asking.score_floor(route.steps[-1]) if result.score is not None else None
        answer = Answer(
            sentence.text,
            result.text,
            self._pair.source,
            self._pair.target,
            unknown=result.unknown,
            score=result.score,
            score_floor=floor,
            kind=self._pair.kind,
            by_rules=self._asking.are_by_rules(route.engines),
            terms=sentence.terms,
        )
        findings = judge(answer, known_languages=settings.DRAGOMAN.known_languages)
        names = tuple(finding.check for finding in findings)
        if any(finding.hard for finding in findings):
            return Outcome("", "rejected", names, route, version)
        return Outcome(result.text, "rough" if findings else "ok", names, route, version)


def _suits(way: _Way, text: str) -> bool:
    """Whether a way would be another one for this text than those before it."""
    if way.without_emphasis:
        return EMPHASIS.search(text) is not None
    return way == _AS_IT_IS or MARKER.search(text) is not None


def _without_emphasis(text: str) -> str:
    return " ".join(EMPHASIS.sub("", text).split())
