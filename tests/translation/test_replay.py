"""The checks on recorded output of real engines, where it is at hand: how often they cry wolf, and what they find.

A small sample of ``python -m benchmarks replay``, with bounds that leave room for its smallness.
"""

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks import replay
from benchmarks.faults import KINDS, STRUCTURAL
from benchmarks.replay import PAIRS, clean, examples, false_alarms, find_faults, find_shifts, odd_answers

pytestmark = pytest.mark.skipif(not PAIRS, reason="DRAGOMAN_CORPUS names no recorded output")
_ANSWERS = 8  # every so many'th is looked at
_CASES = 3  # of each kind


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_kept() -> Iterator[None]:
    yield
    replay.read_pair.cache_clear()


@pytest.mark.parametrize("pair", PAIRS)
def test_good_answers_are_hardly_ever_refused_and_seldom_doubted(pair: str) -> None:
    alarms = false_alarms(odd_answers(pair)[::_ANSWERS])
    assert alarms["hard"] / alarms.total() <= 0.025
    assert alarms["soft"] / alarms.total() <= 0.06


@pytest.mark.parametrize("pair", PAIRS)
def test_faults_are_found(pair: str) -> None:
    found = find_faults(clean(examples(pair)[::4]), _CASES)
    assert set(found) == set(KINDS)
    total = sum(found.values(), Counter[str]())
    assert total["hard"] / total.total() >= 0.90
    assert total[""] / total.total() <= 0.05
    assert all(found[kind]["hard"] == found[kind].total() for kind in STRUCTURAL & set(KINDS))


@pytest.mark.parametrize("pair", PAIRS)
def test_batches_that_slipped_are_found_and_good_ones_are_not_suspected(pair: str) -> None:
    assert find_shifts(examples(pair), 5) == (5, 0)
