"""Shares of people and machines."""

from datetime import timedelta

import pytest

from dragoman.foundation.clock import now
from dragoman.readers.policies import Actor
from dragoman.translation.correcting import Place, Seen, correct
from dragoman.translation.models import ShareOfDay
from dragoman.translation.sentences import text_at_work
from dragoman.translation.shares import Share, count_opened, note_shares, shares
from tests.conftest import MakeActor, Script, Work
from tests.translation.shop import SOURCE, SPANISH, ask


@pytest.fixture
def unit(engine: Script, work: Work) -> int:
    """A text of one sentence, translated into Spanish by an engine."""
    engine(answers={f"es|{SOURCE}": SPANISH})
    made = ask()
    work()
    return made


def _mend(actor: Actor, unit: int) -> None:
    one = text_at_work(unit, "es").sentences[0]
    seen = Seen(one.wording, one.shown.id if one.shown else 0)
    correct(actor=actor, place=Place(unit, one.anchor, "es"), text="Las lámparas son verdes.", seen=seen)


def test_sentences_are_counted_by_who_translated_them_and_again_on_the_same_day(
    unit: int, make_actor: MakeActor
) -> None:
    today = now().date()
    note_shares()
    assert shares(1) == {"es": [Share(today, 0, 1, 0)]}
    _mend(make_actor("Thea", "translator"), unit)
    note_shares()
    assert shares(1) == {"es": [Share(today, 1, 1, 0)]}


def test_opened_originals_are_counted_and_survive_the_next_count(unit: int) -> None:
    for _twice in range(2):
        count_opened("es")
    note_shares()
    assert shares(1)["es"] == [Share(now().date(), 0, 1, 2)]


def test_days_before_are_in_their_order(db: None) -> None:
    today = now().date()
    for days in (0, 40, 3):
        ShareOfDay.objects.create(day=today - timedelta(days=days), language="es", engines=days)
    found = shares(30)["es"]
    assert [(one.engines, one.by_engines) for one in found] == [(3, 1.0), (0, 0.0)]
