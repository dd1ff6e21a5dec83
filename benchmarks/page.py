"""The page of figures: what a benchmark measures takes the place of what it measured before, with machine and day."""

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Figure, table
from dragoman.foundation.clock import now

PAGE = Path(__file__).resolve().parents[1] / "docs" / "develop" / "performance.md"
_GIB = 2**30


def write(page: Path, name: str, figures: Sequence[Figure]) -> None:
    """Put the figures of a benchmark between its two marks on the page; all else on it is written by hand."""
    begin, end = marks(name)
    before, found, rest = page.read_text(encoding="utf-8").partition(begin)
    _old, closed, after = rest.partition(end)
    if not (found and closed):
        raise SystemExit(f"{page} has no place for these figures. Put “{begin}” and “{end}” where they belong.")
    shown = [figure for figure in figures if not figure.is_detail]
    told = f"Measured on {now().date()}: {_machine()}. Again: `{_command(name)}`"
    page.write_text(f"{before}{begin}\n{table(shown)}\n\n{told}\n{end}{after}", encoding="utf-8")


def marks(name: str) -> tuple[str, str]:
    """What stands before and after the figures of a benchmark; a reader does not see it."""
    return f"<!-- {name}: written by its benchmark -->", f"<!-- {name} ends -->"


def _command(name: str) -> str:
    corpus = "DRAGOMAN_CORPUS=DIR " if os.environ.get("DRAGOMAN_CORPUS") else ""
    return f"{corpus}make bench-{name}"


def _machine() -> str:
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    cores = f"{os.cpu_count()} cores of {model[1].strip() if model else platform.machine()}"
    return f"{cores}, {memory:.0f} GiB, {system}, Python {platform.python_version()}"
