"""Two hundred writers at once in one thread, on SQLite and on PostgreSQL.

Each posts one comment after the other by the API of a served publication. Numbers
must be 1 to n, none twice, none left out. Then with every comment held, and
moderators who release them in any order meanwhile: numbers are in the order of
release. Reference: rows of the same length, one transaction each, by one bare
connection to the same database.
"""

import asyncio
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import httpx
import psycopg

from benchmarks.postgres import postgresql
from benchmarks.report import line
from benchmarks.servers import served

_WRITERS = 200
_TEXT = "The lamps along the river burn until the last ferry has come in, and nobody has ever counted them."


def run(*, quick: bool) -> None:
    """Print comments a second, the slowest hundredth, and what is wrong with the numbers."""
    each = 1 if quick else 5
    _measure("sqlite", "", each)
    with postgresql() as address:
        _measure("postgresql", address, each)


def _measure(name: str, address: str, each: int) -> None:
    bare = _bare(address, _WRITERS * each)
    home = make_home(Path(tempfile.mkdtemp(prefix="dragoman-writers-")) / "home", address)
    tokens = run_help(home, "fill", str(_WRITERS)).split()
    with served(home, core=None) as place:
        took, seconds = asyncio.run(_post(place.port, tokens, each))
    wrong = int(run_help(home, "check"))
    line("writers", f"{name}_comments", len(took) / seconds, "1/s", reference=bare)
    line("writers", f"{name}_p99", 1000 * statistics.quantiles(took, n=100)[98], "ms")
    line("writers", f"{name}_wrong_numbers", wrong, "comments", goal="<= 0")
    _with_holds(name, home, tokens, each)


def _with_holds(name: str, home: Path, tokens: Sequence[str], each: int) -> None:
    toml = home / "dragoman.toml"
    toml.write_text(toml.read_text().replace("before_publication = false", "before_publication = true"))
    with served(home, core=None) as place:
        releasing = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.writing", str(home), "release", str(len(tokens) * each)],
        )
        asyncio.run(_post(place.port, tokens, each))
        if releasing.wait(600):
            raise RuntimeError("releasing failed")
    line("writers", f"{name}_wrong_after_holds", int(run_help(home, "check")), "comments", goal="<= 0")


def make_home(home: Path, address: str, *told_else: str) -> Path:
    """A publication without limits and engines, in the database at an address, or SQLite; ``init`` is told the rest."""
    told = {"limits.enabled": "false", "translation.enabled": "false", "moderation.before_publication": "false"}
    rest = [part for key, value in told.items() for part in ("--set", f"{key}={value}")]
    rest += ["--database", address] if address else []
    command = [sys.executable, "-m", "dragoman.commandline.main", "init", "--home", str(home), "--name", "Benchmark"]
    subprocess.run([*command, *rest, *told_else], check=True, stdout=subprocess.DEVNULL)
    return home


def run_help(home: Path, *rest: str) -> str:
    """What an act of ``writing`` prints."""
    told = [sys.executable, "-m", "benchmarks.writing", str(home), *rest]
    return subprocess.run(told, check=True, capture_output=True, text=True).stdout


async def _post(port: int, tokens: Sequence[str], each: int) -> tuple[list[float], float]:
    """Seconds of each post, and of all together."""
    took: list[float] = []
    limits = httpx.Limits(max_connections=len(tokens), max_keepalive_connections=len(tokens))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=120, limits=limits) as client:

        async def write(token: str) -> None:
            for _number in range(each):
                began = time.perf_counter()
                key = f"{time.time_ns()}-{token[:8]}"  # the same text again would be refused
                answer = await client.post(
                    "/articles/1/comments",
                    json={"text": f"{_TEXT} {key}", "language": "en"},
                    headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
                )
                took.append(time.perf_counter() - began)
                if answer.status_code not in (201, 202):
                    raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")

        began = time.perf_counter()
        await asyncio.gather(*(write(token) for token in tokens))
        return took, time.perf_counter() - began


def _bare(address: str, rows: int) -> float:
    """Rows a second of one bare connection, a transaction each, on disk when it is acknowledged."""
    if address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE TABLE bare (id bigserial PRIMARY KEY, text text)")
            began = time.perf_counter()
            for _row in range(rows):
                connection.execute("INSERT INTO bare (text) VALUES (%s)", [_TEXT])
            rate = rows / (time.perf_counter() - began)
            connection.execute("DROP TABLE bare")
            return rate
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder) / "bare.sqlite3")) as file:
        file.isolation_level = None
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, text TEXT)")
        began = time.perf_counter()
        for _row in range(rows):
            file.execute("INSERT INTO bare (text) VALUES (?)", [_TEXT])
        return rows / (time.perf_counter() - began)
