"""The documents say what the code does: settings, commands, links, targets, dependencies, decisions, roles."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from dragoman.commandline.main import app
from dragoman.config.home import DEFAULTS
from dragoman.readers.policies import ALLOWED

ROOT = Path(__file__).resolve().parents[2]
OPERATE = ROOT / "docs" / "operate"
DECISIONS = ROOT / "docs" / "develop" / "decisions"
TYPES = {str: "text", int: "whole number", bool: "true or false", list: "list"}
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_EXTERNAL = re.compile(r"^[a-z]+:")
_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def words(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def rows(text: str) -> dict[str, list[str]]:
    """The cells of every table row by its first cell."""
    found = (line.strip().strip("|").split("|") for line in text.splitlines() if line.startswith("| "))
    return {cells[0].strip(): [cell.strip() for cell in cells[1:]] for cells in found}


def subcommands(command: Any, name: str = "dragoman") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its whole name; a group counts where it does something by itself."""
    parts = getattr(command, "commands", None) or {}
    if not parts or command.invoke_without_command:
        yield name, command
    for part, child in parts.items():
        yield from subcommands(child, f"{name} {part}")


def options(command: Any) -> list[str]:
    """As they are typed: options with their dashes, arguments in capitals."""
    shown = [one for one in command.params if not getattr(one, "hidden", False) and one.name != "help"]
    return [one.name.upper() if one.param_type_name == "argument" else max(one.opts, key=len) for one in shown]


COMMANDS = dict(subcommands(typer.main.get_command(app)))


def shell_lines(document: Path) -> list[str]:
    blocks = (code for language, code in _FENCE.findall(words(document)) if language == "sh")
    return [line for block in blocks for line in block.splitlines() if line.startswith("dragoman ")]


def section(text: str, name: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(name)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("key", DEFAULTS)
def test_a_setting_stands_with_its_type_and_default(key: str) -> None:
    cells = rows(words(OPERATE / "settings.md"))[f"`{key}`"]
    assert cells[:2] == [TYPES[type(DEFAULTS[key])], f"`{json.dumps(DEFAULTS[key], ensure_ascii=False)}`"]
    assert cells[2]


def test_no_setting_is_documented_that_does_not_exist() -> None:
    named = {first.strip("`") for first in rows(words(OPERATE / "settings.md")) if first.startswith("`")}
    assert named == set(DEFAULTS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_with_all_its_options(name: str) -> None:
    text = section(words(OPERATE / "commands.md"), name)
    named = [first.strip("`").split()[0] for first in rows(text) if first.startswith("`")]
    assert sorted(named) == sorted(options(COMMANDS[name]))


def test_no_command_is_documented_that_does_not_exist() -> None:
    named = re.findall(r"^## (dragoman .*)$", words(OPERATE / "commands.md"), re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", words(document)))
    targets = [link.split("#")[0] for link in links if not _EXTERNAL.match(link)]
    assert [target for target in targets if target and not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_heading_leads_to_one(document: Path) -> None:
    lost = []
    for link in _LINK.findall(_FENCE.sub("", words(document))):
        target, _sign, heading = link.partition("#")
        if heading and not _EXTERNAL.match(link):
            text = words(document.parent / target if target else document)
            titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
            if heading not in {re.sub(r"[^\w -]", "", title).lower().replace(" ", "-") for title in titles}:
                lost.append(link)
    assert lost == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_exists(name: str) -> None:
    known = re.findall(r"^([a-z][a-z-]*)%?:", words(ROOT / "Makefile"), re.MULTILINE)
    # In prose “make” is also a verb: only what stands as code counts.
    text = words(ROOT / name)
    code = [*re.findall(r"`(make [^`\n]+)`", text), *(code for _language, code in _FENCE.findall(text))]
    named = {target for one in code for target in _TARGET.findall(one)}
    assert named
    assert named <= set(known)


def test_every_dependency_stands_with_purpose_keeper_and_licence() -> None:
    project = tomllib.loads(words(ROOT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.split(r"[\[~=<> ]", one)[0] for one in wanted}
    table = rows(words(ROOT / "docs" / "develop" / "dependencies.md"))
    assert {first for first in table if first not in ("Package", "---")} == names
    assert [name for name in names if not all(table[name]) or len(table[name]) != 3] == []


@pytest.mark.parametrize("decision", sorted(DECISIONS.glob("*.md")), ids=lambda path: path.stem)
def test_a_decision_has_context_decision_and_consequences(decision: Path) -> None:
    titles = re.findall(r"^## (.+)$", words(decision), re.MULTILINE)
    assert titles == ["Context", "Decision", "Consequences"]
    assert words(decision).startswith(f"# {int(decision.stem[:4])}. ")


@pytest.mark.parametrize("line", shell_lines(ROOT / "README.md"))
def test_a_command_of_the_readme_can_be_typed(line: str) -> None:
    command: Any = typer.main.get_command(app)
    arguments = shlex.split(line, comments=True)[1:]
    while getattr(command, "commands", None):
        command = command.commands[arguments.pop(0)]
    # Raises where an option does not exist, lacks its value or a required one is left out.
    command.make_context(line, arguments)


def test_the_readme_has_commands() -> None:
    assert shell_lines(ROOT / "README.md")


def test_the_table_of_roles_is_the_one_that_the_code_asks() -> None:
    table = rows(section(words(ROOT / "docs" / "moderate" / "comments.md"), "Roles"))
    roles = table.pop("Act")
    said = {
        role: {act.strip("`") for act, cells in table.items() if act != "---" and cells[at] == "yes"}
        for at, role in enumerate(roles)
    }
    assert said == {role: set(acts) for role, acts in ALLOWED.items()}
