"""``dragoman translate``: engines, routes and budgets by the operator's hand."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.commandline.test_commands import run_in

Run = Callable[..., "CompletedProcess[str]"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Commands in one home, which has two engines of its own."""
    home = tmp_path_factory.mktemp("translating") / "home"
    assert run_in(home, "init", "--name", "Engines", "--languages", "en,es,fr").returncode == 0

    def command(*words: str) -> "CompletedProcess[str]":
        return run_in(home, "translate", *words)

    for name in ("one", "two"):
        added = command("engines", "add", "echo", "--name", name, "--option", "pairs=en-es,en-fr")
        assert added.returncode == 0, added.stderr
        assert "2 pairs" in added.stdout
    return command


def _engines(run: Run) -> dict[str, dict[str, object]]:
    return {one["name"]: one for one in json.loads(run("engines", "--json").stdout)}


def test_an_engine_is_listed_with_state_pairs_and_speed(run: Run) -> None:
    assert _engines(run)["one"]["pairs"] == ["en-es", "en-fr"]
    assert "one 1 (works): en-es en-fr" in run("engines").stdout


def test_an_engine_is_switched_off_and_on_again(run: Run) -> None:
    assert run("engines", "off", "one").returncode == 0
    assert _engines(run)["one"]["state"] == "off"
    assert run("engines", "on", "one").returncode == 0
    assert _engines(run)["one"]["state"] == "works"


def test_the_order_of_asking_is_changed(run: Run) -> None:
    assert run("engines", "place", "two", "1").returncode == 0
    assert next(iter(_engines(run))) == "two"


def test_a_budget_is_set_shown_and_taken_back(run: Run) -> None:
    shown = run("budget", "one", "--characters", "5000")
    assert "one: at most 5000 characters a month; this month 0" in shown.stdout
    assert json.loads(run("budget", "--json").stdout)["budgets"]["one"] == 5000
    assert "one: no limit" in run("budget", "one", "--characters", "none").stdout


def test_routes_are_set_listed_and_forgotten(run: Run) -> None:
    assert (
        run("routes", "set", "--from", "en", "--kind", "comment", "--engines", "two,one", "--on-view").returncode == 0
    )
    assert run("routes").stdout.strip() == "en-* comment: two, one, when looked at"
    assert json.loads(run("routes", "--json").stdout)[0]["engines"] == ["two", "one"]
    assert run("routes", "forget", "--from", "en", "--kind", "comment").returncode == 0
    assert run("routes").stdout == ""


def test_books_that_are_empty_are_shown_empty(run: Run) -> None:
    assert json.loads(run("engines", "failures", "--json").stdout) == []
    assert json.loads(run("engines", "register", "--json").stdout) == []
    assert run("engines", "again").stdout.strip() == "0 sentences are asked for again."


def test_an_engine_is_forgotten(run: Run) -> None:
    run("engines", "add", "echo", "--name", "gone", "--option", "pairs=en-es")
    assert run("engines", "remove", "gone").returncode == 0
    assert "gone" not in _engines(run)


REFUSED = {
    "an unknown kind": (("engines", "add", "oracle"), "there is no engine of the kind “oracle”"),
    "a missing option": (("engines", "add", "ctranslate2"), "needs the option “model”"),
    "an unknown option": (("engines", "add", "echo", "--option", "colour=green"), "has no option “colour”"),
    "no option at all": (("engines", "add", "echo", "--option", "pairs"), "write KEY=VALUE"),
    "a folder that is no model": (
        ("engines", "add", "ctranslate2", "--option", "model={folder}", "--option", "pairs=en-es"),
        "was not added",
    ),
    "a folder without models": (("engines", "add", "fxtranslate", "--option", "models={folder}"), "was not added"),
    "a server that does not answer": (
        ("engines", "add", "libretranslate", "--option", "url=http://127.0.0.1:9"),
        "was not added",
    ),
    "an engine that is not there": (("engines", "off", "nobody"), "There is no engine “nobody”"),
    "a budget below zero": (("budget", "one", "--characters", "-5"), "write a whole number, or none"),
    "a budget without an engine": (("budget", "--characters", "5"), "Write both"),
    "a route to nobody": (("routes", "set", "--engines", "nobody"), "There is no engine “nobody”"),
    "a route for a kind that is none": (("routes", "set", "--kind", "comments"), "A kind of text is one of"),
    "a route that is not there": (("routes", "forget", "--from", "fr"), "There is no such routing"),
    "a quality that is none": (("engines", "again", "--quality", "fine"), "write one of ok, rough, rejected"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_bad_input_is_one_clear_line_and_changes_nothing(run: Run, tmp_path: Path, what: str) -> None:
    words, says = REFUSED[what]
    refused = run(*(word.format(folder=tmp_path) for word in words))
    assert refused.returncode == 1, refused.stdout
    assert says in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1
    assert refused.stdout == ""
    assert set(_engines(run)) >= {"one", "two"}
