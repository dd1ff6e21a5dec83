"""Budgets, the register, and the circuit breaker."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from dragoman.foundation import clock
from dragoman.translation import ledger, reports
from dragoman.translation.attempts import Attempt, Pair
from dragoman.translation.engines.base import (
    Died,
    EngineError,
    Misconfigured,
    Quota,
    RateLimited,
    Transient,
)
from dragoman.translation.models import Dispatch, Engine, Failure, Job, Spending, Translation
from dragoman.translation.operating import EngineRefused, set_budget, switch_engine
from dragoman.translation.rules.routing import Route, Step
from dragoman.translation.worker import work_until_empty
from dragoman.translation.workshop import Workshop
from tests.conftest import NOON
from tests.translation.shop import SOURCE, SPANISH, ask, scripted, show

STEP = Step("out", "en", "es")
LATER_TEXT = "The bread of the baker is warm on Saturday."


def _state(name: str = "out") -> str:
    return next(one.state for one in reports.engines() if one.name == name)


def test_what_leaves_the_house_is_registered_by_ids_and_hashes_never_by_text(db: None) -> None:
    scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    unit = ask()
    work_until_empty()
    (row,) = reports.register()
    assert show(unit).text == SPANISH
    assert row["hash"] == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert (row["engine"], row["pair"], row["characters"]) == ("out", "en-es", len(SOURCE))
    assert row["sentence"] == Translation.objects.get().segment_id
    assert SOURCE not in str(row)


def test_what_stays_in_the_house_is_not_registered(db: None) -> None:
    scripted("home", answers={f"es|{SOURCE}": SPANISH})
    ask()
    work_until_empty()
    assert not Dispatch.objects.exists()


def test_a_spent_budget_stops_hard_and_the_jobs_wait_for_the_month_to_end(db: None) -> None:
    with clock.stopped_at(NOON):
        scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
        set_budget("out", len(SOURCE) + 5)
        first, second = ask(owner=1), ask(LATER_TEXT, owner=2)
        work_until_empty()
        assert (show(first).text, show(second).text) == (SPANISH, LATER_TEXT)
        assert Spending.objects.get().characters == len(SOURCE)
        assert _state() == "used-up", "what is left of the budget bears no further sentence"
        assert show(second).state == "unavailable", "nothing comes before the month is over"
        assert Job.objects.get().segment.text == LATER_TEXT
    with clock.stopped_at(datetime(2026, 6, 1, 0, 1, tzinfo=UTC)):
        assert _state() == "works"
        set_budget("out", 10_000)
        Job.objects.update(not_before=NOON)
        work_until_empty()
        assert not Job.objects.exists()


def test_a_budget_that_is_raised_lets_the_waiting_go(db: None) -> None:
    scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    set_budget("out", 5)
    unit = ask()
    for _round in range(10):
        work_until_empty()
        Job.objects.update(not_before=NOON)
    assert Job.objects.get().attempts == 0, "waiting for money is no fault"
    set_budget("out", 500)
    work_until_empty()
    assert show(unit).text == SPANISH


def test_a_budget_of_zero_sends_nothing_at_all(db: None) -> None:
    scripted("out", sends_out=True)
    set_budget("out", 0)
    unit = ask()
    work_until_empty()
    assert not Dispatch.objects.exists()
    assert (show(unit).state, _state()) == ("unavailable", "used-up")


def test_what_the_memory_knows_costs_nothing(db: None) -> None:
    scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    for owner in range(1, 11):
        ask(owner=owner)
    work_until_empty()
    ask(owner=11)
    work_until_empty()
    assert Spending.objects.get().characters == len(SOURCE)


def test_a_fallback_takes_what_the_budget_does_not_bear(db: None) -> None:
    scripted("out", sends_out=True)
    scripted("home", answers={f"es|{SOURCE}": SPANISH})
    set_budget("out", 3)
    unit = ask()
    work_until_empty()
    assert (show(unit).text, show(unit).origin.engine) == (SPANISH, "home")
    assert not Dispatch.objects.exists()


@pytest.mark.parametrize(
    ("error", "strikes", "rests"),
    [
        (Transient("away"), 1, timedelta(seconds=30)),
        (Transient("away"), 4, timedelta(seconds=240)),
        (RateLimited("too often", 17), 1, timedelta(seconds=17)),
        (Quota("used up", 7200), 1, timedelta(hours=2)),
        (Died("ended"), 1, timedelta(0)),
        (Died("ended"), 3, timedelta(seconds=30)),
        (Misconfigured("no key"), 1, timedelta(0)),
    ],
)
def test_an_engine_rests_as_long_as_its_failure_calls_for(
    db: None, error: EngineError, strikes: int, rests: timedelta
) -> None:
    scripted("out")
    with clock.stopped_at(NOON):
        for _strike in range(strikes):
            ledger.fail("out", error)
        engine = Engine.objects.get()
        assert (engine.rests_until or NOON) - NOON == rests
        assert engine.needs_operator == isinstance(error, Misconfigured)
        assert engine.last_failure == str(error)
        assert Failure.objects.count() == strikes


def test_after_a_rest_one_worker_tries_and_the_others_wait(db: None) -> None:
    scripted("out")
    with clock.stopped_at(NOON):
        ledger.fail("out", Transient("away"))
        assert ledger.try_after_rest("out") is None, "it still rests"
    with clock.stopped_at(NOON + timedelta(seconds=31)):
        assert ledger.try_after_rest("out") is True
        assert ledger.try_after_rest("out") is None, "one tries, the others wait"
        ledger.recover("out")
        assert ledger.try_after_rest("out") is False, "it works again"


@pytest.mark.parametrize("fault", ["down", "busy", "used-up"])
def test_an_engine_that_cannot_be_asked_is_asked_once_and_the_jobs_wait(db: None, fault: str) -> None:
    scripted("out", faults={SOURCE: fault}, sends_out=True)
    units = [ask(owner=1), *(ask(f"{LATER_TEXT} It was number {owner}.", owner=owner) for owner in range(2, 90))]
    work_until_empty()
    assert Failure.objects.count() == 1, "no retry storm"
    assert Job.objects.filter(attempts=0).count() == Job.objects.count() >= 90
    assert (show(units[0]).state, _state()) == ("pending", "resting")
    if fault != "down":
        assert Spending.objects.get().characters == 0, "what was refused unread is not spent"


def test_an_engine_that_needs_its_operator_is_asked_no_more_until_it_is_switched_on(db: None) -> None:
    scripted("out", faults={SOURCE: "misconfigured"})
    unit = ask()
    work_until_empty()
    assert (_state(), show(unit).state) == ("needs-operator", "unavailable")
    assert Job.objects.count() == 1, "the job waits for the operator"
    Engine.objects.update(options={**Engine.objects.get().options, "faults": {}, "answers": {f"es|{SOURCE}": SPANISH}})
    switch_engine("out", on=True)
    work_until_empty()
    assert show(unit).text == SPANISH


def test_the_next_engine_answers_while_the_first_one_rests(db: None) -> None:
    scripted("out", faults={SOURCE: "down"})
    scripted("home", answers={f"es|{SOURCE}": SPANISH})
    unit = ask()
    work_until_empty()
    assert (show(unit).text, show(unit).origin.engine) == (SPANISH, "home")
    assert _state() == "resting"


def test_the_list_of_failures_stays_short(db: None) -> None:
    scripted("out")
    ledger.book(STEP, ledger.Tally(faults=[("markers", 0)] * (ledger.FAILURES_KEPT + 50)))
    ledger.book(STEP, ledger.Tally(faults=[("length", 0)] * 10))
    assert Failure.objects.count() == ledger.FAILURES_KEPT
    assert Failure.objects.filter(reason="length").count() == 10


def test_the_floor_of_scores_settles_near_the_twentieth_part(db: None) -> None:
    scripted("out")
    scores = [-((number * 7919) % 1000) / 1000 for number in range(6000)]
    for at in range(0, len(scores), 500):
        ledger.book(STEP, ledger.Tally(answers=500, scores=scores[at : at + 500]))
    floor = ledger.score_floor(STEP)
    assert floor is not None
    assert -1.0 < floor < -0.88


def test_the_register_forgets_after_its_time(db: None) -> None:
    scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    with clock.stopped_at(NOON):
        ask()
        work_until_empty()
        assert ledger.forget_old_dispatches() == 0
    with clock.stopped_at(NOON + ledger.REGISTER_KEPT + timedelta(days=1)):
        assert ledger.forget_old_dispatches() == 1


def test_what_is_not_sent_after_all_is_neither_spent_nor_registered(db: None) -> None:
    scripted("out", sends_out=True)
    ask()
    lease_lost = Attempt(Workshop(), [Route((STEP,))], Pair("en", "es"), renew=lambda: False)
    with pytest.raises(Transient, match="another worker"):
        lease_lost.run({1: ledger.Sentence(SOURCE, 1)})
    ledger.fail("out", Transient("away"))
    with pytest.raises(Transient, match="rests"):
        Attempt(Workshop(), [Route((STEP,))], Pair("en", "es")).run({1: ledger.Sentence(SOURCE, 1)})
    assert not Dispatch.objects.exists()
    assert not Spending.objects.filter(characters__gt=0).exists()


@pytest.mark.parametrize("name", ["my/engine", "", "x" * 41, "a,b", "a b"])
def test_an_engines_name_can_stand_in_an_address_and_in_a_list(db: None, name: str) -> None:
    with pytest.raises(EngineRefused):
        scripted(name)
