"""How many comments a second are on disk: 8 and 200 clients, SQLite and PostgreSQL, two web processes on two cores.

Clients post by the API as fast as they are answered, each comment with a key of
its own. Reference: a view of Django that inserts one row with the same text
into the same database, in the same server; in turns with ours, medians. The
load comes from the same two cores. Afterwards the numbers must be 1 to n.
"""

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

from benchmarks.postgres import postgresql
from benchmarks.report import line
from benchmarks.servers import Load, free_port, load, served, started
from benchmarks.writers import make_home, run_help

_CLIENTS = (8, 200)
_WRITERS = 200
# For wrk: each request is another comment of the next writer; the same text again would be refused.
_SCRIPT = """
local tokens = {%s}
local count = 0
wrk.method = "POST"
request = function()
  count = count + 1
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. tokens[count %% #tokens + 1]
  local key = "%s-" .. count
  wrk.headers["Idempotency-Key"] = key
  local text = "The lamps along the river burn until the last ferry has come in. They were counted in turn "
  wrk.body = '{"language": "en", "text": "' .. text .. key .. ' by the pilots."}'
  return wrk.format()
end
"""


def run(*, quick: bool) -> None:
    """Print comments a second, the slowest hundredth, and what is wrong with the numbers."""
    rounds, seconds = (1, 3) if quick else (3, 8)
    _measure("sqlite", "", rounds, seconds)
    with postgresql() as address:
        _measure("postgresql", address, rounds, seconds)


def _measure(name: str, address: str, rounds: int, seconds: int) -> None:
    home = make_home(Path(tempfile.mkdtemp(prefix="dragoman-posting-")) / "home", address)
    tokens = run_help(home, "fill", str(_WRITERS)).split()
    port = free_port()
    with (
        served(home, "--workers", "2", core=None) as place,
        patch.dict(os.environ, {"DRAGOMAN_HOME": str(home)}),
        started([sys.executable, "-m", "benchmarks.bare_insert", str(port)], port, core=None),
    ):
        posted = 0
        for clients in _CLIENTS:
            ours: list[Load] = []
            bare: list[Load] = []
            for turn in range(rounds):
                url = f"{place.url}/api/v1/articles/1/comments"
                script = _script(home, tokens, f"{clients}-{turn}")
                for side, place_of in ((ours, url), (bare, f"http://127.0.0.1:{port}/")):
                    side.append(load(place_of, seconds=seconds, connections=clients, script=script, core=None))
            posted += sum(one.answers for one in ours)
            _report(f"{name}_{clients}", ours, bare)
    wrong = int(run_help(home, "check"))
    line("posting", f"{name}_wrong_numbers", wrong, "comments", goal="<= 0")
    line("posting", f"{name}_lost", max(0, posted - int(run_help(home, "count"))), "comments", goal="<= 0")


def _script(home: Path, tokens: Sequence[str], key: str) -> Path:
    script = home / "post.lua"
    script.write_text(_SCRIPT % (", ".join(json.dumps(token) for token in tokens), key))
    return script


def _report(name: str, ours: Sequence[Load], bare: Sequence[Load]) -> None:
    rate, reference = (statistics.median(one.rate for one in side) for side in (ours, bare))
    line("posting", f"{name}_comments", rate, "1/s", reference=reference, goal="ratio >= 0.5")
    late, reference = (1000 * statistics.median(one.p99 for one in side) for side in (ours, bare))
    line("posting", f"{name}_p99", late, "ms", reference=reference)
    line("posting", f"{name}_errors", sum(one.errors for one in (*ours, *bare)), "answers", goal="<= 0")
