"""``python -m benchmarks NAME [--quick]``; NAME ``all`` runs every one, each in a process of its own.

Lines of JSON go to the output, a table at the end to where errors go. Figures of a
whole run are put on the page of figures; those of a quick one are too small to stand there.
"""

import argparse
import importlib
import subprocess
import sys

from benchmarks import page, report
from benchmarks.homes import open_home

# name → module
BENCHMARKS = {
    "names": "names",
    "engines": "engines",
    "import": "imports",
    "identification": "identification",
    "replay": "replay",
    "protection": "protection",
    "throughput": "throughput",
    "once": "once",
    "quality": "quality",
    "threads": "threads",
    "flat": "flat",
    "live": "live",
    "writers": "writers",
    "posting": "posting",
    "fanout": "fanout",
    "search": "searching",
    "reading": "reading",
    "personal": "personal",
    "start": "starting",
    "weight": "weight",
    "glossary": "glossary",
    "memory": "memory",
    "rules": "rulebook",
    "queue": "queueing",
}

# Those that measure in a publication of their own: its editions. It is opened before the module is imported.
EDITIONS = {
    "throughput": ("en", "es"),
    "once": ("en", "es", "fr", "ca", "it", "pt", "de", "gl"),
    "quality": ("en", "es", "fr", "pt", "it"),
    "threads": ("en",),
    "live": ("en", "es", "fr", "ca", "it", "pt", "de", "gl", "nl"),
    "writers": ("en",),
    "search": ("en", "es", "fr", "de"),
    "reading": ("en", "es", "fr", "ca", "it", "pt", "de", "gl"),
    "personal": ("en", "es"),
    "start": ("en", "es"),
    "weight": ("en", "es"),
    "glossary": ("en", "es"),
    "queue": ("en", "es"),
}

# Load comes from one address and one reader.
SETTINGS = {
    "live": {"limits.enabled": False},
    "reading": {"limits.enabled": False, "moderation.enabled": False, "translation.enabled": False},
    "writers": {"limits.enabled": False, "moderation.enabled": False},
}


def main() -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("name", choices=[*BENCHMARKS, "all"])
    parser.add_argument("--quick", action="store_true", help="smaller sizes; the page of figures is left as it is")
    asked = parser.parse_args()
    if asked.name != "all":
        if asked.name in EDITIONS:
            open_home(*EDITIONS[asked.name], **SETTINGS.get(asked.name, {}))
        importlib.import_module(f"benchmarks.{BENCHMARKS[asked.name]}").run(quick=asked.quick)
        print(report.table(report.TAKEN), file=sys.stderr)
        if not asked.quick:
            page.write(page.PAGE, asked.name, report.TAKEN)
        return
    failed = []
    for name in BENCHMARKS:
        command = [sys.executable, "-m", "benchmarks", name, *(["--quick"] if asked.quick else [])]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        raise SystemExit(f"These did not run to their end, for the reasons above: {', '.join(failed)}")


if __name__ == "__main__":
    main()
