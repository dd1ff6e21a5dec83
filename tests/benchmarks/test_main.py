"""Each benchmark can be started: those with a publication of their own after it is opened, the others without one."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import BENCHMARKS, EDITIONS

ROOT = Path(__file__).parent.parent.parent


def test_each_has_something_to_run() -> None:
    for module in BENCHMARKS.values():
        assert callable(importlib.import_module(f"benchmarks.{module}").run)


def test_what_opens_no_publication_needs_none_to_be_imported() -> None:
    alone = [f"benchmarks.{module}" for name, module in BENCHMARKS.items() if name not in EDITIONS]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "DRAGOMAN_"))}
    code = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name)"
    done = subprocess.run(
        [sys.executable, "-c", code, *alone], check=False, env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
