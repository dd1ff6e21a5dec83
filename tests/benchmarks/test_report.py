"""A figure says whether its goal is held, as JSON and in a table."""

import json

import pytest

from benchmarks import report


@pytest.fixture(autouse=True)
def _nothing_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "TAKEN", [])


@pytest.mark.parametrize(
    ("value", "reference", "goal", "holds"),
    [
        (9, 10, "ratio >= 0.9", True),
        (8, 10, "ratio >= 0.9", False),
        (3, 1, "ratio <= 3", True),
        (200, None, ">= 200", True),
        (1, None, "<= 0", False),
        (1, None, "", None),
        # Nothing to compare with: a goal for the ratio cannot be held.
        (9, 0, "ratio <= 0.9", False),
    ],
)
def test_a_goal_is_compared_with_the_value_or_the_ratio(
    value: float, reference: float | None, goal: str, holds: bool | None, capsys: pytest.CaptureFixture[str]
) -> None:
    report.line("reading", "answers", value, "1/s", reference=reference, goal=goal)
    assert json.loads(capsys.readouterr().out)["holds"] is holds


def test_a_table_has_each_figure_in_order_and_says_which_goal_is_missed() -> None:
    report.line("posting", "sqlite_comments", 1234.4, "1/s", reference=1000, goal="ratio >= 0.5")
    report.line("posting", "p99", 12.345, "ms", goal="<= 10")
    report.line("posting", "lost", 0, "comments")
    assert report.table(report.TAKEN).splitlines()[2:] == [
        "| sqlite comments, 1/s | 1,234 | 1,000 | 1.23 | ratio at least 0.5 |",
        "| p99, ms | 12.3 |  |  | at most 10: **missed** |",
        "| lost, comments | 0 |  |  |  |",
    ]
