"""What a benchmark measured stands in its place on the page of figures, with day, machine and command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.page import PAGE, marks, write
from benchmarks.report import Figure
from dragoman.foundation import clock

DAY = datetime(2026, 5, 4, tzinfo=UTC)


def test_figures_take_the_place_of_the_last_ones_and_nothing_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DRAGOMAN_CORPUS", raising=False)
    page = tmp_path / "page.md"
    begin, end = marks("reading")
    page.write_text(f"Before.\n{begin}\nold\n{end}\nAfter.\n", encoding="utf-8")
    with clock.stopped_at(DAY):
        write(page, "reading", [Figure("reading", "answers", 2, "1/s", 4, "")])
    before, _begin, rest = page.read_text(encoding="utf-8").partition(begin)
    shown, _end, after = rest.partition(end)
    assert (before, after) == ("Before.\n", "\nAfter.\n")
    assert "| answers, 1/s | 2 | 4 | 0.5 |  |" in shown
    assert "Measured on 2026-05-04: " in shown
    assert shown.endswith("Again: `make bench-reading`\n")
    assert "old" not in shown


def test_a_detail_is_not_put_on_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("\n".join(marks("replay")), encoding="utf-8")
    write(page, "replay", [Figure("replay", "en-es", 2, "share", None, "", is_detail=True)])
    assert "en-es" not in page.read_text(encoding="utf-8")


def test_a_page_without_a_place_for_the_figures_is_left_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Nothing here.", encoding="utf-8")
    with pytest.raises(SystemExit, match="no place for these figures"):
        write(page, "reading", [])
    assert page.read_text(encoding="utf-8") == "Nothing here."


@pytest.mark.parametrize("name", BENCHMARKS)
def test_each_benchmark_has_one_place_on_the_page(name: str) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [text.count(mark) for mark in marks(name)] == [1, 1]
