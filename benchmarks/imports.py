"""How fast a captured page comes in. Reference: the same comments as plain rows of one SQLite table."""

import json
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import line

_DRAGOMAN = [sys.executable, "-m", "dragoman.commandline.main"]


def _page(comments: int) -> str:
    lines = [
        "A long evening on the bridge\n",
        "Half the town stood on the bridge and talked about the new lamps.\n",
        "Dear reader, to leave comments on the publication, you must sign in.",
    ]
    for number in range(1, comments + 1):
        nick = f"walker{number % 200}"
        lines.append(f"  {number}. {nick} Offline {nick}")
        lines.append(f"    {nick} (Walker {number % 200}) {1 + number % 28} May 2026 {number % 24}: {number % 60:02}")
        lines.append(
            f"    I counted {number} lamps on the bridge last night. The wind was cold and nobody minded it.\n"
        )
    return "\n".join(lines)


def run(*, quick: bool) -> None:
    """Comments a second."""
    comments = 500 if quick else 3000
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder) / "home", Path(folder) / "page.txt"
        file.write_text(_page(comments), encoding="utf-8")
        make = [*_DRAGOMAN, "init", "--name", "Benchmark", "--languages", "en,es,ca", "--home", str(home)]
        subprocess.run(make, check=True, capture_output=True)
        bring = [*_DRAGOMAN, "import", "page", str(file), "--language", "en", "--json", "--home", str(home)]
        done = json.loads(subprocess.run(bring, check=True, capture_output=True, text=True).stdout)
        reference = _plain_rows(Path(folder) / "plain.sqlite3", comments)
    line("import", "comments", comments / done["seconds"], "1/s", reference=reference, goal=">= 200")


def _plain_rows(path: Path, comments: int) -> float:
    text = "I counted some lamps on the bridge last night. The wind was cold and nobody minded it."
    started = time.perf_counter()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE comment (number INTEGER PRIMARY KEY, text TEXT)")
        connection.executemany("INSERT INTO comment VALUES (?, ?)", ((n, text) for n in range(comments)))
    return comments / (time.perf_counter() - started)
