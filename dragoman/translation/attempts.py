"""Getting one good answer out of engines: routes, checks, second ways.

For each sentence the ways are tried in order until an answer passes its hard
checks: the first route as it is, the same route around its markers (the pieces
between them, one by one), then the next routes. What fails everywhere is
rejected, with the findings of the first way.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings

from dragoman.foundation.languages import base
from dragoman.translation.detection import detect_language
from dragoman.translation.engines.base import Batch, Engine, EngineError, Item, Result
from dragoman.translation.rules.checks import Answer, Finding, check, repaired
from dragoman.translation.rules.document import Document, plain_block
from dragoman.translation.rules.markers import MARKER, has_words, words_of
from dragoman.translation.rules.routing import Route, Step

SECONDS = 10.0  # for one call; two routes of two steps, each in two ways, stay under the queue's lease
_MOST_ROUTES = 2
LATER = "later"  # an engine's word for “not now”: the job waits


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a sentence: ``quality`` is ok, rough or rejected, or ``later``."""

    text: str
    quality: str
    findings: tuple[str, ...]
    route: Route


@dataclass
class Report:
    """How an engine did during one batch."""

    answers: int = 0
    failures: int = 0
    last_failure: str = ""


Told = Callable[[str, Report], None]


class Attempt:
    """One batch of a pair on its way through the engines."""

    def __init__(self, engines: Mapping[str, Engine], routes: Sequence[Route], source: str, target: str) -> None:
        self._engines = engines
        self._routes = list(routes)[:_MOST_ROUTES]
        self._source, self._target = source, target
        self.reports: dict[str, Report] = {}

    def run(self, texts: Mapping[int, str]) -> dict[int, Outcome]:
        """An outcome for every text; raises :class:`EngineError` when no engine could be asked at all."""
        outcomes: dict[int, Outcome] = {}
        first_faults: dict[int, Outcome] = {}
        open_texts = dict(texts)
        errors: list[EngineError] = []
        for route in self._routes:
            for way in (self._as_it_is, self._around_markers):
                if not open_texts:
                    break
                try:
                    answers = way(route, open_texts)
                except EngineError as error:
                    errors.append(error)
                    break
                for key, outcome in answers.items():
                    if outcome.quality == "rejected":
                        first_faults.setdefault(key, outcome)
                    else:
                        outcomes[key] = outcome
                        del open_texts[key]
        if errors and not outcomes and not first_faults:
            raise errors[0]
        return first_faults | outcomes

    def _as_it_is(self, route: Route, texts: Mapping[int, str]) -> dict[int, Outcome]:
        results = self._ask(route, texts)
        return {key: self._judge(route, text, results.get(key)) for key, text in texts.items()}

    def _around_markers(self, route: Route, texts: Mapping[int, str]) -> dict[int, Outcome]:
        """Translate the words between the markers one by one and put the markers back between them."""
        marked = {key: text for key, text in texts.items() if MARKER.search(text)}
        parts: dict[int, str] = {}
        places: dict[int, list[int | str]] = {}
        for key, text in marked.items():
            places[key] = []
            for part in _split_at_markers(text):
                if has_words(part):
                    parts[len(parts)] = part
                    places[key].append(len(parts) - 1)
                else:
                    places[key].append(part)
        if not parts:
            return {}
        results = self._ask(route, parts)
        outcomes: dict[int, Outcome] = {}
        for key, text in marked.items():
            answered = [results[place] for place in places[key] if isinstance(place, int) and place in results]
            joined = _join(places[key], results)
            unknown = max((result.unknown for result in answered), default=0.0)
            outcome = self._judge(route, text, Result(key, joined, unknown=unknown))
            # Grammar does not reach over a marker: such a text is never better than rough.
            outcomes[key] = replace(outcome, quality="rough") if outcome.quality == "ok" else outcome
        return outcomes

    def _ask(self, route: Route, texts: Mapping[int, str]) -> dict[int, Result]:
        """Through all steps of a route; what an engine left out is simply not in the answer."""
        current = dict(texts)
        unknown: dict[int, float] = {}
        failed: dict[int, Result] = {}
        for step in route.steps:
            results = self._call(step, current)
            failed |= {key: result for key, result in results.items() if result.text is None}
            current = {
                key: repaired(result.text)
                for key, result in results.items()
                if result.text is not None and key in current
            }
            unknown |= {key: max(unknown.get(key, 0.0), results[key].unknown) for key in current}
        done = {key: Result(key, text, unknown=unknown[key]) for key, text in current.items()}
        return failed | done

    def _call(self, step: Step, texts: Mapping[int, str]) -> dict[int, Result]:
        report = self.reports.setdefault(step.engine, Report())
        items = tuple(Item(key, text) for key, text in texts.items() if text.strip())
        try:
            results = self._engines[step.engine].translate(Batch(step.source, step.target, items), seconds=SECONDS)
        except EngineError as error:
            report.failures += 1
            report.last_failure = str(error)[:200]
            raise
        keys = [result.id for result in results]
        # An id that was never asked for, or came twice: nothing of this answer can be trusted.
        if len(set(keys)) != len(keys) or set(keys) - set(texts):
            report.failures += 1
            report.last_failure = "answers do not match their questions"
            return {}
        report.answers += len(results)
        report.failures += sum(result.text is None and result.error != LATER for result in results)
        return {result.id: result for result in results}

    def _judge(self, route: Route, source: str, result: Result | None) -> Outcome:
        if result is None or result.text is None:
            error = result.error if result is not None else "dropped"
            return Outcome("", "later" if error == LATER else "rejected", (error,), route)
        answer = Answer(source, result.text, self._source, self._target, result.unknown)
        findings = [*_in_another_language(answer), *check(answer)]
        names = tuple(finding.check for finding in findings)
        if any(finding.hard for finding in findings):
            return Outcome("", "rejected", names, route)
        return Outcome(result.text, "rough" if findings else "ok", names, route)


_FEWEST_LETTERS = 20  # below, even two detectors that agree are wrong too often
_ENOUGH_LETTERS = 40  # from here on also about neighbours such as Spanish and Galician


def _in_another_language(answer: Answer) -> list[Finding]:
    """A hard finding where both detectors name one other language for the answer."""
    words = words_of(answer.target)
    letters = sum(sign.isalpha() for sign in words)
    if letters < _FEWEST_LETTERS:
        return []
    candidates = (*settings.DRAGOMAN.known_languages, answer.to_language)
    found = detect_language(Document((plain_block(words),)), candidates)
    if found is None or base(found) == base(answer.to_language):
        return []
    is_plain = letters >= _ENOUGH_LETTERS or base(found) == base(answer.from_language)
    return [Finding("language", hard=True)] if is_plain else []


def _split_at_markers(text: str) -> list[str]:
    parts: list[str] = []
    at = 0
    for match in MARKER.finditer(text):
        parts += [text[at : match.start()], match[0]]
        at = match.end()
    return [part for part in [*parts, text[at:]] if part]


def _join(places: list[int | str], results: Mapping[int, Result]) -> str | None:
    joined = ""
    for place in places:
        if isinstance(place, str):
            joined += place
            continue
        result = results.get(place)
        if result is None or not result.text or not words_of(result.text).strip():
            return None
        joined += (" " if joined and not joined[-1].isspace() else "") + result.text.strip() + " "
    return " ".join(joined.split())
