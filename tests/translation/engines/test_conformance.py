"""What every engine must do, asked of every engine in its real process; ``conformance`` lists them."""

import contextlib
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.translation.engines.base import Batch, Died, Engine, EngineError, Item, Result
from dragoman.translation.engines.hosting import Hosted
from dragoman.translation.rules import marker_styles
from dragoman.translation.rules.markers import MARKER
from tests.translation.engines.conformance import CASES, HALF, LONG, MARKED, ODD, PLAIN, Case

ERRORS = {"unsupported", "too-long", "poison", "timeout", "later"}
IDS = (41, 7, 1003, 5, 12, 80, 3)


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.__name__)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with request.param(tmp_path_factory.mktemp(request.param.__name__)) as case:
        yield case


@pytest.fixture(scope="module")
def engine(case: Case) -> Iterator[Engine]:
    engine = case.build()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def other(case: Case) -> Iterator[Engine]:
    """A second one of the same kind, for what is hard on it."""
    other = case.build("other")
    yield other
    other.close()


def _batch(case: Case, engine: Engine, *texts: str, target: str = "") -> tuple[Batch, list[marker_styles.Written]]:
    style = engine.caps.styles[0] if engine.caps.styles else "marked"
    written = [marker_styles.write(text, style) or marker_styles.Written(text, style) for text in texts]
    items = tuple(Item(key, one.text) for key, one in zip(IDS, written, strict=False))
    assert len(items) == len(texts)
    return Batch(case.source, target or case.target, items, style), written


def _ask(case: Case, engine: Engine, *texts: str, seconds: float = 20) -> dict[str, str | None]:
    """Answers as marked text by their questions."""
    batch, written = _batch(case, engine, *texts)
    results = engine.translate(batch, seconds=seconds)
    _check(batch, results)
    places = {item.id: place for place, item in enumerate(batch.items)}
    return {
        texts[places[result.id]]: None
        if result.text is None
        else marker_styles.read(result.text, written[places[result.id]])
        for result in results
    }


def _check(batch: Batch, results: list[Result]) -> None:
    """Every id at most once and none that is strange, every error one that the worker knows."""
    counted = Counter(result.id for result in results)
    assert set(counted) <= {item.id for item in batch.items}
    assert set(counted.values()) <= {1}
    assert all(result.error in ERRORS for result in results if result.text is None)
    assert all(result.error == "" and 0 <= result.unknown <= 1 for result in results if result.text is not None)


def test_it_says_what_it_can_do(case: Case, engine: Engine) -> None:
    assert (case.source, case.target) in engine.caps.pairs
    assert engine.name == case.kind
    assert min(engine.caps.max_items, engine.caps.max_text, engine.caps.seconds) > 0


def test_answers_belong_to_their_questions_whatever_the_order(case: Case, engine: Engine) -> None:
    forwards = _ask(case, engine, *PLAIN)
    backwards = _ask(case, engine, *PLAIN[::-1])
    alone = _ask(case, engine, PLAIN[1])
    assert set(forwards) == set(PLAIN)
    assert forwards == backwards
    assert alone[PLAIN[1]] == forwards[PLAIN[1]]


def test_an_empty_batch_is_answered_by_nothing(case: Case, engine: Engine) -> None:
    batch, _written = _batch(case, engine)
    assert engine.translate(batch, seconds=5) == []


def test_a_pair_that_it_does_not_have_gets_no_answer(case: Case, engine: Engine) -> None:
    if not case.declines:
        pytest.skip("it answers whatever it is asked")
    batch, _written = _batch(case, engine, *PLAIN, target="tlh")
    try:
        results = engine.translate(batch, seconds=5)
    except EngineError:
        return
    assert [(result.text, result.error) for result in results] == [(None, "unsupported")] * len(PLAIN)


def test_markers_come_back_each_once(case: Case, engine: Engine) -> None:
    if not (case.keeps_markers and engine.caps.styles):
        pytest.skip("it keeps no markers")
    answers = _ask(case, engine, *MARKED)
    for text in MARKED:
        answer = answers[text] or ""
        assert Counter(MARKER.findall(answer)) == Counter(MARKER.findall(text)), answer


def test_odd_signs_harm_neither_it_nor_their_neighbours(case: Case, engine: Engine) -> None:
    alone = _ask(case, engine, PLAIN[0])
    for text in ODD:
        answers = _ask(case, engine, text, PLAIN[0])
        assert answers[PLAIN[0]] == alone[PLAIN[0]]
        answer = answers[text]
        if answer is not None:
            assert answer.encode().strip()
            assert _kept(answer, case) == _kept(text, case)


def test_half_a_character_never_comes_back(case: Case, engine: Engine) -> None:
    if not case.declines:
        pytest.skip("it answers whatever it is asked")
    with contextlib.suppress(EngineError):
        assert _ask(case, engine, HALF) in ({}, {HALF: None})
    assert _ask(case, engine, PLAIN[0])[PLAIN[0]]


def test_nothing_becomes_nothing(case: Case, engine: Engine) -> None:
    if not case.declines:
        pytest.skip("it answers whatever it is asked")
    answers = _ask(case, engine, "", PLAIN[0])
    assert not answers.get("")
    assert answers[PLAIN[0]]


def test_a_text_without_end_is_answered_or_declined_in_time(case: Case, engine: Engine) -> None:
    began = time.monotonic()
    with contextlib.suppress(EngineError):
        _ask(case, engine, LONG, seconds=5)
    assert time.monotonic() - began < 5 * 1.2 + 2
    assert _ask(case, engine, PLAIN[0])[PLAIN[0]]


def test_two_of_a_kind_work_side_by_side(case: Case, engine: Engine, other: Engine) -> None:
    wanted = _ask(case, engine, *PLAIN)
    answers: list[dict[str, str | None]] = []

    def work(one: Engine) -> None:
        answers.extend(_ask(case, one, *PLAIN) for _time in range(3))

    threads = [threading.Thread(target=work, args=(one,)) for one in (engine, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [wanted] * 6


def test_one_that_is_killed_is_said_to_be_dead_at_most_once(case: Case, other: Engine) -> None:
    if not isinstance(other, Hosted):
        pytest.skip("it has no process")
    wanted = _ask(case, other, PLAIN[0])
    assert other._process is not None
    os.kill(other._process.pid, signal.SIGKILL)
    try:
        assert _ask(case, other, PLAIN[0]) == wanted
    except Died:
        assert _ask(case, other, PLAIN[0]) == wanted


def test_once_closed_it_leaves_no_process(case: Case, other: Engine) -> None:
    if not isinstance(other, Hosted):
        pytest.skip("it has no process")
    _ask(case, other, PLAIN[0])
    assert other._process is not None
    family = _family(other._process.pid)
    other.close()
    deadline = time.monotonic() + 5
    while left := [pid for pid in family if _lives(pid)]:
        assert time.monotonic() < deadline, left
    other.close()  # a second time is no harm


def _kept(text: str, case: Case) -> Counter[str]:
    return Counter(sign for sign in text if sign in case.keeps)


def _family(pid: int) -> list[int]:
    """The process and all that it started."""
    parents = {one: stat[1] for one in _pids() if (stat := _stat(one)) is not None}
    family = [pid]
    for one in family:  # grows while it is read
        family += [child for child, parent in parents.items() if int(parent) == one]
    return family


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _stat(pid: int) -> tuple[str, str] | None:
    """State and parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], fields[1]


def _lives(pid: int) -> bool:
    stat = _stat(pid)
    return stat is not None and stat[0] not in "ZX"  # dead, if not yet collected by whoever inherits it
