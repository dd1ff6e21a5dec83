"""``python -m benchmarks NAME [--quick]``; NAME ``all`` runs every one."""

import argparse
from collections.abc import Callable

from benchmarks import engines, imports, names

BENCHMARKS: dict[str, Callable[..., None]] = {
    "names": names.run,
    "engines": engines.run,
    "import": imports.run,
}


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", choices=[*BENCHMARKS, "all"])
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    asked = parser.parse_args()
    for name, run in BENCHMARKS.items():
        if asked.name in (name, "all"):
            run(quick=asked.quick)


main()
