"""Second ways: other markers, without emphasis, around them, the next engine."""

from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dragoman.translation.attempts import Attempt, Outcome, Pair
from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Batch, Caps, Died, Item, Result, Style, Transient
from dragoman.translation.ledger import Sentence
from dragoman.translation.models import Failure
from dragoman.translation.rules.marker_styles import write
from dragoman.translation.rules.routing import Route, Step
from dragoman.translation.workshop import Workshop
from tests.translation.shop import scripted

KEY = "The key of ⟦1⟧ lies in the kitchen."
LINK = "Read ⟦+1⟧this long page⟦-1⟧ in the kitchen now."
ANSWERS = {
    KEY: "La llave de ⟦1⟧ está en la cocina.",
    "Go ⟦*1⟧there⟦/1⟧ quickly tonight.": "Vaya allí rápidamente esta noche.",
    "Read this in the kitchen now.": "Lea esto ahora en la cocina.",
    LINK: "Lea esta página larga ahora en la cocina.",
    "Read ": "Lea",
    "this long page": "esta página larga",
    " in the kitchen now.": "en la cocina ahora.",
}


class Styled:
    """An engine that bears some spellings of markers and breaks others."""

    version = "1"
    sends_out = False

    def __init__(self, *styles: Style, breaks: Sequence[Style] = (), most: int = 32, name: str = "styled") -> None:
        self.name = name
        self.caps = Caps((("en", "es"),), styles=styles, max_items=most, max_text=500)
        self._breaks = breaks
        self.asked: list[tuple[Style, int]] = []

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Answer from the list, in the style of the question."""
        self.asked.append((batch.style, len(batch.items)))
        return [self._one(item, batch.style) for item in batch.items]

    def _one(self, item: Item, style: Style) -> Result:
        for source, target in ANSWERS.items():
            asked, answer = write(source, style), write(target, style)
            if asked is not None and answer is not None and asked.text == item.text:
                text = "Los marcadores se perdieron en la cocina." if style in self._breaks else answer.text
                return Result(item.id, text, score=-0.5)
        return Result(item.id, None, "unsupported")

    def close(self) -> None:
        """Nothing to end."""


Run = Callable[..., dict[int, Outcome]]


@pytest.fixture
def run(db: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Ask engines, one route each, about sentences."""

    def ask(engines: Sequence[Styled], *texts: str) -> dict[int, Outcome]:
        by_name = {one.name: one for one in engines}
        for name in by_name:
            scripted(name)
        monkeypatch.setattr(registry, "build", lambda _kind, name, _options: by_name[name])
        ways = [Route((Step(name, "en", "es"),)) for name in by_name]
        return Attempt(Workshop(), ways, Pair("en", "es")).run(
            {number: Sentence(text) for number, text in enumerate(texts, 1)}
        )

    return ask


def test_markers_that_break_are_spelled_another_way(run: Run) -> None:
    engine = Styled("letters", "underscores", breaks=["letters"])
    outcome = run([engine], KEY)[1]
    assert (outcome.text, outcome.quality) == ("La llave de ⟦1⟧ está en la cocina.", "ok")
    assert [style for style, _items in engine.asked] == ["letters", "underscores"]


def test_a_lost_emphasis_is_no_fault(run: Run) -> None:
    engine = Styled("marked")
    assert run([engine], "Go ⟦*1⟧there⟦/1⟧ quickly tonight.")[1].quality == "ok"
    assert len(engine.asked) == 1


def test_an_emphasis_that_breaks_the_sentence_is_left_out(run: Run) -> None:
    outcome = run([Styled("letters")], "Read ⟦*1⟧this⟦/1⟧ in the kitchen now.")[1]
    assert (outcome.text, outcome.quality) == ("Lea esto ahora en la cocina.", "ok")


def test_a_link_is_never_lost(run: Run) -> None:
    outcome = run([Styled("marked")], LINK)[1]
    assert outcome.text == "Lea ⟦+1⟧ esta página larga ⟦-1⟧ en la cocina ahora."
    assert (outcome.quality, outcome.findings) == ("rough", ("around-markers",))


def test_an_engine_that_bears_no_markers_is_asked_around_them(run: Run) -> None:
    engine = Styled()
    outcome = run([engine], LINK)[1]
    assert outcome.text.startswith("Lea ⟦+1⟧")
    assert engine.asked == [("marked", 3)], "only the pieces between the markers were sent"


def test_the_next_engine_is_asked_where_the_first_one_failed(run: Run) -> None:
    first, second = Styled("marked", breaks=["marked"], name="first"), Styled("marked", name="second")
    outcome = run([first, second], KEY)[1]
    assert (outcome.route.steps[0].engine, outcome.quality) == ("second", "ok")
    assert outcome.tried == ("first@1", "second@1")


def test_what_all_engines_fail_is_rejected_with_the_findings_of_the_first_way(run: Run) -> None:
    outcome = run([Styled("marked", breaks=["marked"])], KEY)[1]
    assert (outcome.quality, outcome.text, outcome.findings) == ("rejected", "", ("markers",))
    assert Failure.objects.filter(reason="markers").exists()


def test_a_batch_is_cut_to_what_the_engine_takes(run: Run) -> None:
    engine = Styled("marked", most=2)
    run([engine], *[KEY] * 5)
    assert [items for _style, items in engine.asked][:3] == [2, 2, 1]


def test_a_batch_of_scored_answers_needs_the_same_queries_whatever_its_size(run: Run) -> None:
    def queries_of(*texts: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            run([Styled("marked")], *texts)
        return len(queries)

    run([Styled("marked")], KEY)  # the first one learns the engine's version
    assert queries_of(*[KEY] * 20) == queries_of(KEY)


def test_a_sentence_that_is_too_long_for_an_engine_is_not_sent(run: Run) -> None:
    engine = Styled("marked")
    outcome = run([engine], "word " * 20_000)[1]
    assert (outcome.quality, outcome.findings) == ("rejected", ("too-long",))
    assert engine.asked == []


class Odd(Styled):
    """Answers by rules of its own."""

    def __init__(self, answer: Callable[[Batch], list[Result]]) -> None:
        super().__init__("marked")
        self._answer = answer

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """As told."""
        return self._answer(batch)


@pytest.mark.parametrize(
    "answer",
    [
        lambda batch: [Result(99, "Hola.")],
        lambda batch: [Result(batch.items[0].id, "Hola.")] * 2,
    ],
    ids=["an id that was never asked for", "an id twice"],
)
def test_answers_that_do_not_match_their_questions_are_all_refused(
    run: Run, answer: Callable[[Batch], list[Result]]
) -> None:
    with pytest.raises(Died):
        run([Odd(answer)], KEY)


def test_when_no_engine_can_be_asked_the_reason_is_told(run: Run) -> None:
    def away(batch: Batch) -> list[Result]:
        raise Transient("nobody answers")

    with pytest.raises(Transient, match="nobody answers"):
        run([Odd(away)], KEY)


def test_what_a_poor_engine_failed_while_the_better_one_was_away_is_no_verdict(run: Run) -> None:
    def away(batch: Batch) -> list[Result]:
        raise Transient("nobody answers")

    better = Odd(away)
    better.name = "better"
    outcome = run([better, Styled("marked", breaks=["marked"], name="poor")], KEY)[1]
    assert outcome.quality == "later"


def test_a_lane_that_judges_its_answers_does_not_wait_for_an_engine_that_another_keeps_busy(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop, engine, taken, done = Workshop(), Styled("xml", "letters", name="one"), Event(), Event()
    scripted("one")
    monkeypatch.setattr(registry, "build", lambda _kind, _name, _options: engine)

    def keep_busy() -> None:
        with workshop._benches["one"].lock:
            taken.set()
            done.wait(10)

    other = Thread(target=keep_busy)
    answer = Attempt._judge

    def judge_meanwhile(attempt: Attempt, route: Route, sentence: Sentence, result: Result | None) -> Outcome:
        if not taken.is_set():
            other.start()
            taken.wait(10)
        return answer(attempt, route, sentence, result)

    monkeypatch.setattr(Attempt, "_judge", judge_meanwhile)
    route = Route((Step("one", "en", "es"),))
    try:
        outcomes = Attempt(workshop, [route], Pair("en", "es")).run({1: Sentence(KEY)})
        assert other.is_alive(), "the other lane was waited for"
    finally:
        done.set()
        other.join(10)
    assert outcomes[1].quality == "ok"
