"""A home with one article and one comment, copied for each test: making one takes many seconds."""

import shutil
from pathlib import Path

import pytest

from tests.commandline.test_commands import run_in
from tests.config.homes import act


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The home, and the comment's id."""
    home = tmp_path_factory.mktemp("filled") / "home"
    made = run_in(home, "init", "--name", "The Kept Courier", "--languages", "en,es")
    assert made.returncode == 0, made.stderr
    return home, act(home, "fill")


@pytest.fixture
def home(filled: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled[0], tmp_path / "home"))


@pytest.fixture
def comment(filled: tuple[Path, str]) -> str:
    return filled[1]
