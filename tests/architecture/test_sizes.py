"""Files and functions stay short enough to be read at once, and every test runs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def sources() -> list[Path]:
    """Our Python files; migrations are written by Django."""
    found = [path for folder in ("dragoman", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the last."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def place(path: Path) -> str:
    """A file's name as the messages show it."""
    return str(path.relative_to(ROOT))


def test_there_is_something_to_measure() -> None:
    assert len(sources()) > 100


def test_no_file_is_too_long() -> None:
    long = [place(path) for path in sources() if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]
    assert long == []


def test_no_function_is_too_long() -> None:
    long = [
        f"{place(path)}:{one.lineno} {one.name}"
        for path in sources()
        for one in functions(path)
        if length(one) > LONGEST_FUNCTION
    ]
    assert long == []


def test_every_file_with_tests_is_found_by_pytest() -> None:
    hidden = [
        place(path)
        for path in sources()
        if path.is_relative_to(ROOT / "tests")
        and not path.name.startswith("test_")
        and any(one.name.startswith("test_") for one in functions(path))
    ]
    assert hidden == []


@pytest.mark.parametrize(("lines", "counted"), [(["def a():", "    pass"], 2), (["@b", "def a(", "): ..."], 2)])
def test_a_function_is_measured_from_its_name(lines: list[str], counted: int) -> None:
    (function,) = ast.parse("\n".join(lines)).body
    assert isinstance(function, ast.FunctionDef)
    assert length(function) == counted
