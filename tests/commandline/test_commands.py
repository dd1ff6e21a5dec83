"""The ``dragoman`` command as an operator types it, with real Apertium, in one home."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interchange.test_import_page import PAGE

ROOT = Path(__file__).parent.parent.parent
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def run_in(home: Path, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    command = [str(ROOT / ".venv" / "bin" / "dragoman"), *arguments, "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, input=stdin, timeout=120, check=False)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command") / "home"
    made = run_in(folder, "init", "--name", "The Command Courier", "--languages", "en,es,ca")
    assert made.returncode == 0, made.stderr
    page = folder / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    imported = run_in(folder, "import", "page", str(page), "--language", "en", "--json")
    assert imported.returncode == 0, imported.stderr
    assert json.loads(imported.stdout)["article"] == 1
    assert run_in(folder, "translate", "run").returncode == 0
    return folder


@pytest.fixture
def run(home: Path) -> Run:
    return lambda *arguments, stdin="": run_in(home, *arguments, stdin=stdin)


@pytest.mark.parametrize("language", ["es", "ca"])
def test_a_page_is_read_in_another_language_with_every_name_as_it_was(run: Run, language: str) -> None:
    shown = run("show", "1", "--language", language, "--json")
    page = json.loads(shown.stdout)
    assert page["state"] == "machine"
    everything = json.dumps(page, ensure_ascii=False)
    for name in ("Jonna Reik", "_bell_", "old sailor", "Piet Moss", "mira"):
        assert name in everything
    assert all(comment["text"]["state"] in ("machine", "rough") for comment in page["comments"])
    assert "40" in page["lead"]["text"]


@pytest.mark.parametrize("language", ["es", "ca"])
def test_a_quote_is_the_articles_own_sentence_in_that_language(run: Run, language: str) -> None:
    page = json.loads(run("show", "1", "--language", language, "--json").stdout)
    quoted = page["comments"][1]["quotes"][0]["shown"]
    assert any(quoted in text["text"] for block in page["body"] for text in block["texts"])


def test_what_is_translated_says_so_in_the_terminal_too(run: Run) -> None:
    assert "machine apertium]" in run("show", "1", "--language", "es").stdout
    original = run("show", "1", "--language", "es", "--original").stdout
    assert "The ferry gets a bell" in original
    assert "machine" not in original


def test_a_second_import_exits_well_and_says_that_it_was_there(run: Run, home: Path) -> None:
    again = run("import", "page", str(home / "page.txt"), "--language", "en", "--json")
    assert (again.returncode, json.loads(again.stdout)["was_there_already"]) == (0, True)


def test_a_bad_file_is_one_line_on_standard_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("Only a headline\n")
    refused = run("import", "page", str(tmp_path / "bad.txt"), "--language", "en")
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"dragoman: {tmp_path}/bad.txt, line ")
    assert refused.stderr.count("\n") == 1


def test_one_text_is_translated_and_nothing_else_is_printed(run: Run) -> None:
    done = run(
        "translate",
        "text",
        "Ask _AMUHb_ about *the big house*, see https://example.org/a_b.",
        "--from",
        "en",
        "--to",
        "es",
        "--keep",
        "_AMUHb_",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "_AMUHb_" in done.stdout
    assert "https://example.org/a_b" in done.stdout
    assert done.stdout.count("*") == 2


def test_a_pair_without_an_engine_is_said_to_be_one(run: Run) -> None:
    refused = run("translate", "text", "Hello there.", "--from", "en", "--to", "fi")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "No engine" in refused.stderr


def test_status_and_engines_report_as_json(run: Run) -> None:
    assert json.loads(run("translate", "status", "--json").stdout)["waiting"] == 0
    engines = json.loads(run("translate", "engines", "--json").stdout)
    assert [engine["name"] for engine in engines] == ["apertium"]
    assert "en-es" in engines[0]["pairs"]


def test_an_account_is_created_with_a_password_from_standard_input_and_a_token_alone(run: Run) -> None:
    made = run(
        "user", "create", "Tina", "--email", "tina@example.org", "--password", "-", "--token", stdin="a good one\n"
    )
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.splitlines()[-1]) == 43
    again = run("user", "create", "tina")
    assert (again.returncode, "taken" in again.stderr) == (1, True)


def test_a_role_is_granted_and_taken_back(run: Run) -> None:
    run("user", "create", "Wanda")
    assert run("user", "grant", "wanda", "moderator").stdout == "wanda is moderator now.\n"
    assert run("user", "grant", "Wanda", "moderator", "--revoke").stdout == "Wanda is moderator no more.\n"


def test_check_finds_nothing_wrong(run: Run) -> None:
    checked = run("check", "--json")
    assert checked.returncode == 0, checked.stdout
    assert {finding["name"] for finding in json.loads(checked.stdout)} == {
        "settings",
        "database",
        "replica",
        "bus",
        "cdn",
        "worker",
        "engines",
        "mail",
        "disk",
        "clock",
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "9", "--language", "en"), "There is nothing"),
        (("show", "1", "--language", "de"), "There is no edition"),
        (("init", "--name", "Twice"), "There is a publication"),
    ],
)
def test_errors_are_clear_and_exit_with_one(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = run(*arguments)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("command", ["serve", "check", "backup"])
def test_a_database_that_is_away_is_said_in_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "dragoman.toml").write_text(
        '[publication]\nname = "X"\n[site]\nsecret = "s"\n[database]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n'
    )
    told = run_in(tmp_path, command, *([str(tmp_path / "kept")] if command == "backup" else []))
    assert told.returncode == 1
    assert "127.0.0.1" in told.stderr + told.stdout
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("init", "--name", "X", "--languages", "en,klingonish"), "klingonish"),
        (("init", "--name", "X", "--timezone", "Mars/Olympus"), "Mars/Olympus"),
        (("init", "--name", "X", "--set", "nonsense=1"), "nonsense"),
        (("init", "--name", "X", "--set", "limits.enabled=perhaps"), "true or false"),
        (("init", "--name", "X", "--database", "postgresql://nobody@127.0.0.1:1/none"), "database"),
        (("show", "1", "--language", "en"), "There is no publication"),
    ],
)
def test_a_home_that_cannot_be_made_leaves_nothing(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    refused = run_in(tmp_path / "home", *arguments)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert not (tmp_path / "home" / "dragoman.toml").exists()
