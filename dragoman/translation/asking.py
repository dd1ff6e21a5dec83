"""Calls: one step of a route, in the engine's own spelling of markers and in sizes that it takes."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from dragoman.translation import ledger
from dragoman.translation.engines.base import (
    Batch,
    Caps,
    Died,
    Engine,
    EngineError,
    Item,
    Quota,
    RateLimited,
    Result,
    Style,
    Transient,
)
from dragoman.translation.ledger import Sentence, Tally
from dragoman.translation.rules.alignment import looks_shifted
from dragoman.translation.rules.checks import repaired
from dragoman.translation.rules.marker_styles import Written, read, write
from dragoman.translation.rules.markers import MARKER, without_broken_emphasis
from dragoman.translation.rules.routing import Step
from dragoman.translation.rules.scheduling import in_calls
from dragoman.translation.workshop import Workshop

LATER = "later"  # an engine's word for “not now”: the job waits
TIMEOUT = "timeout"  # it had no time for this one, which may be the fault of any other
_FEWEST_TO_ALIGN = 8  # answers of one call; of fewer one cannot tell whether they moved on by a place


class Asking:
    """The calls of one batch, with their tallies for the books.

    ``renew`` is called before each call, so that whoever holds a lease can make it last;
    it says whether the sentences are still the caller's.
    """

    def __init__(self, workshop: Workshop, *, renew: Callable[[], bool]) -> None:
        self._workshop = workshop
        self._renew = renew
        self.versions: dict[str, str] = {}
        self._caps: dict[str, Caps] = {}  # of the engines that were asked
        self.tallies: dict[Step, Tally] = {}
        self._floors: dict[Step, float | None] = {}

    def score_floor(self, step: Step) -> float | None:
        """Under which score an answer is doubtful; looked up once for the batch, not for each sentence."""
        if step not in self._floors:
            self._floors[step] = ledger.score_floor(step)
        return self._floors[step]

    def tally(self, step: Step) -> Tally:
        """The step's tally."""
        return self.tallies.setdefault(step, Tally())

    def styles(self, name: str) -> int:
        """In how many spellings of markers an engine can be asked; 0 where it could not be asked at all.

        Not by asking it again: another lane may keep it busy for seconds.
        """
        return len(self._caps[name].styles) if name in self._caps else 0

    def are_by_rules(self, names: Collection[str]) -> bool:
        """Whether all these engines invent nothing."""
        return all(name in self._caps and self._caps[name].by_rules for name in names)

    def take(self, step: Step, style: int, sentences: Mapping[int, Sentence]) -> dict[int, Result]:
        """Marked answers by key; what the engine left out, or bears no markers of, is simply not among them."""
        try:
            with self._workshop.asking(step.engine) as engine:
                self.versions[step.engine] = engine.version
                self._caps[step.engine] = engine.caps
                return self._calls(engine, step, style, sentences)
        except EngineError as error:
            if not (isinstance(error, _Resting) or self._workshop.is_closed):
                ledger.fail(step.engine, error, source=step.source, target=step.target)
            raise

    def _calls(self, engine: Engine, step: Step, style: int, sentences: Mapping[int, Sentence]) -> dict[int, Result]:
        written, results = _spelt(engine, style, sentences)
        lengths = ((key, len(one.text)) for key, one in written.items())
        caps = engine.caps
        for keys in in_calls(lengths, most_items=caps.max_items, most_characters=caps.max_characters):
            call = {key: written[key] for key in keys}
            # First whether it may be asked and whether these are still ours: then the budget is touched.
            is_trial = ledger.try_after_rest(engine.name)
            if is_trial is None:
                raise _Resting("it rests after failures")
            if not self._renew():
                raise _Resting("another worker has these sentences by now")
            if engine.sends_out:
                admitted = ledger.admit(engine.name, step, sentences, {key: one.text for key, one in call.items()})
                results |= {key: Result(key, None, LATER) for key in call if key not in admitted}
                call = {key: one for key, one in call.items() if key in admitted}
            if call:
                results |= self._call(engine, step, sentences, call)
                if is_trial:
                    ledger.recover(engine.name)
        return results

    def _call(
        self,
        engine: Engine,
        step: Step,
        sentences: Mapping[int, Sentence],
        call: Mapping[int, Written],
    ) -> dict[int, Result]:
        items = tuple(Item(key, one.text) for key, one in call.items())
        characters = sum(len(item.text) for item in items)
        started = time.monotonic()
        try:
            style = next(iter(call.values())).style
            hints = tuple(dict.fromkeys(hint for key in call for hint in sentences[key].hints))
            batch = Batch(step.source, step.target, items, style, hints)
            answers = engine.translate(batch, seconds=engine.caps.seconds)
        except (RateLimited, Quota):
            if engine.sends_out:
                ledger.give_back(engine.name, characters)
            raise
        results = _matched(answers, call)
        texts = {key: _as_marked(sentences[key].text, result, call[key]) for key, result in results.items()}
        pairs = [(sentences[key].text, text) for key, text in texts.items() if text is not None]
        if len(pairs) >= _FEWEST_TO_ALIGN and looks_shifted(pairs, step.source, step.target):
            raise Died("its answers stand beside other sentences than their own")
        tally = self.tally(step)
        tally.answers += len(pairs)
        tally.characters += characters
        tally.seconds += time.monotonic() - started
        tally.scores += [result.score for result in results.values() if result.score is not None]
        return {key: replace(result, text=texts[key]) for key, result in results.items()}


class _Resting(Transient):
    """The breaker is open: not asked at all, and no failure of its own."""


def _spelt(
    engine: Engine, style: int, sentences: Mapping[int, Sentence]
) -> tuple[dict[int, Written], dict[int, Result]]:
    """The sentences in one of the engine's spellings, and those that are too long for it.

    What cannot be spelt so, or has markers where the engine bears none, is in neither.
    """
    spellings = engine.caps.styles
    spelled: Style | None = spellings[min(style, len(spellings) - 1)] if spellings else None
    written: dict[int, Written] = {}
    too_long: dict[int, Result] = {}
    for key, sentence in sentences.items():
        spelt = None if spelled is None and MARKER.search(sentence.text) else write(sentence.text, spelled or "marked")
        if spelt is not None and len(spelt.text) > engine.caps.max_text:
            too_long[key] = Result(key, None, "too-long")
        elif spelt is not None:
            written[key] = spelt
    return written, too_long


def _matched(answers: Sequence[Result], call: Mapping[int, Written]) -> dict[int, Result]:
    """Answers by their ids; raises where an id was never asked for, or came twice: then nothing can be trusted."""
    keys = [answer.id for answer in answers]
    if len(set(keys)) != len(keys) or set(keys) - set(call):
        raise Died("its answers do not match their questions")
    return {answer.id: answer for answer in answers}


def _as_marked(source: str, result: Result, written: Written) -> str | None:
    if result.text is None:
        return None
    return without_broken_emphasis(source, repaired(read(result.text, written)))
