"""Who waits for whom."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.scheduling import (
    in_calls,
    most_together,
    next_turn,
    pause_after,
    size_class,
    start_of_next_month,
)


@given(st.lists(st.integers(1, 300)), st.integers(1, 20), st.integers(10, 400))
def test_calls_hold_everything_once_in_order_and_never_too_much(
    lengths: list[int], items: int, characters: int
) -> None:
    calls = list(in_calls(list(enumerate(lengths)), most_items=items, most_characters=characters))
    assert [key for call in calls for key in call] == list(range(len(lengths)))
    assert all(len(call) <= items for call in calls)
    assert all(len(call) == 1 or sum(lengths[key] for key in call) <= characters for call in calls)


def test_an_engine_rests_twice_as_long_each_time_up_to_half_an_hour() -> None:
    pauses = [pause_after(strikes) for strikes in (1, 2, 3, 20)]
    assert pauses == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120), timedelta(minutes=30)]


def test_a_batch_that_breaks_engines_is_a_quarter_each_time_until_each_job_goes_alone() -> None:
    assert [most_together(attempts, 32) for attempts in range(4)] == [32, 8, 2, 1]


def test_a_topics_second_post_comes_after_everybodys_first() -> None:
    flood = [next_turn(None, None)]
    for _post in range(9):
        flood.append(next_turn(flood[0], flood[-1]))
    newcomer = next_turn(flood[0], None)
    assert sorted([*flood, newcomer]).index(newcomer) <= 1


def test_who_comes_after_a_quiet_time_is_not_owed_the_turns_that_were_missed() -> None:
    assert next_turn(700, 12) == 700


def test_lengths_fall_into_five_classes() -> None:
    assert [size_class("x" * length) for length in (1, 64, 65, 300, 5000)] == [0, 0, 1, 3, 4]


def test_the_next_month_begins_at_its_first_midnight() -> None:
    assert start_of_next_month(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert start_of_next_month(datetime(2026, 1, 31, tzinfo=UTC)) == datetime(2026, 2, 1, tzinfo=UTC)
