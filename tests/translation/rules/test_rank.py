"""Which of several translations is shown."""

import pytest

from dragoman.translation.rules.rank import needs_own_scope, rank


def test_a_person_here_is_best_and_a_rejected_answer_is_last() -> None:
    order = [
        rank("human", "ok", here=True),
        rank("human", "ok", here=False),
        rank("machine", "ok", here=True),
        rank("machine", "ok", here=False),
        rank("machine", "rough", here=True),
        rank("machine", "rough", here=False),
        rank("machine", "rejected", here=True),
        rank("machine", "rejected", here=False),
    ]
    assert order == sorted(set(order), reverse=True)


@pytest.mark.parametrize(
    ("marked", "is_comment", "own"),
    [
        ("Right.", True, True),
        ("⟦1⟧ is right.", True, True),
        ("You are right there.", True, False),
        ("Right.", False, False),
    ],
)
def test_a_short_remark_means_something_else_each_time(marked: str, is_comment: bool, own: bool) -> None:
    assert needs_own_scope(marked, is_comment=is_comment) is own
