"""The container files that we ship. No engine runs here: they are linted, and named things must exist."""

import re
import subprocess
import sys
from pathlib import Path

from tests.clusters import ROOT

_DEPLOY = ROOT / "deploy"


def _run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [str(Path(sys.executable).parent / program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_containerfile_has_nothing_that_a_linter_minds() -> None:
    done = _run("hadolint", "deploy/Containerfile")
    assert done.returncode == 0, done.stdout


def test_the_compose_file_keeps_to_its_schema() -> None:
    done = _run("check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose.yaml")
    assert done.returncode == 0, done.stdout


def test_what_is_copied_into_the_image_exists() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (_DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert len(names) >= 5
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_image_has_the_system_packages_that_set_up_installs() -> None:
    setup = (ROOT / "scripts" / "setup").read_text()
    named = re.search(r"^runtime=\(([^)]+)\)", setup, re.MULTILINE)
    assert named is not None
    assert [one for one in named[1].split() if one not in (_DEPLOY / "Containerfile").read_text()] == []
