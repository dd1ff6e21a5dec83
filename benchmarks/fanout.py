"""Fifteen thousand open pages in eight languages on two nodes, one web process each, with PostgreSQL and a bus.

A comment each second: how long after it was sent off every page has heard of it.
The nodes with their workers, the database, the bus and all the browsers (this
process) share the same two cores.

Reference: a bare event stream of one process in the same run, one event a second to as many connections.
"""

import asyncio
import re
import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks.listeners import Crowd, bare_p99, percentile
from benchmarks.postgres import postgresql
from benchmarks.report import line
from benchmarks.servers import memory, redis_server, served, until_idle
from benchmarks.writers import make_home, run_help
from dragoman.config.serving import raise_file_limit

_LANGUAGES = ("en", "es", "fr", "ca", "it", "pt", "de", "gl")
_WORDS = "The lamps along the river burn until the last ferry has come in"
_WAITING = 60.0  # seconds at most for what must come


def run(*, quick: bool) -> None:
    """Print percentiles in milliseconds, and what was lost or doubled."""
    raise_file_limit()
    size, comments = (600, 5) if quick else (15_000, 60)
    bare = bare_p99(size, rounds=5 if quick else 15)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-fanout-")))
        bus, _process = stack.enter_context(redis_server())
        told = ("--bus", bus, "--languages", ",".join(_LANGUAGES))
        first = make_home(folder / "first", stack.enter_context(postgresql()), *told)
        token = run_help(first, "fill", "1").strip()
        second = folder / "second"
        second.mkdir()
        shutil.copy2(first / "dragoman.toml", second)
        nodes = [stack.enter_context(served(home, core=None)) for home in (first, second)]
        until_idle([pid for node in nodes for pid in node.tree])
        web = [pid for node in nodes for pid in node.web]
        before = memory(web)
        crowds, heard = asyncio.run(_journey([node.url for node in nodes], token, size, comments))
        line("fanout", "connections", size, "streams")
        line("fanout", "memory_per_connection", (memory(web) - before) / size, "bytes")
    line("fanout", "heard", len(heard), "times", reference=size * comments, goal="ratio >= 1")
    line("fanout", "posted_to_heard_p99", percentile(heard, 0.99), "ms", reference=bare, goal="<= 1500")
    line("fanout", "posted_to_heard_median", statistics.median(heard), "ms")
    numbers = [listener.numbers for crowd in crowds for listener in crowd.listeners]
    wrong = sum(found != sorted(set(found)) for found in numbers)
    line("fanout", "doubled_or_out_of_order", wrong, "pages", goal="<= 0")


async def _journey(urls: list[str], token: str, size: int, comments: int) -> tuple[list[Crowd], list[float]]:
    """The crowds, one before each node, and after how many milliseconds each page had heard each comment."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=urls[0], timeout=60, headers=headers) as client:
        await _post(client, "at first.")  # the thread is there now
        found = re.search(r'data-topics="(thread:\d+)', (await client.get("/en/town/1-the-ferry")).text)
        topic = found[1] if found else ""
        crowds = [Crowd(int(url.rpartition(":")[2]), topic, _LANGUAGES, size // 2) for url in urls]
        for crowd in crowds:
            await crowd.open(fetches=False)
        sent: dict[int, float] = {}
        for place in range(comments):
            began = time.time()
            sent[await _post(client, f"{place}.")] = began
            await asyncio.sleep(max(0.0, began + 1 - time.time()))
    end = time.monotonic() + _WAITING
    while sum(len(crowd.heard.comments) for crowd in crowds) < size * comments and time.monotonic() < end:
        await asyncio.sleep(0.05)
    told = [one for crowd in crowds for one in crowd.heard.comments]
    return crowds, [(at - sent[number]) * 1000 for number, at in told if number in sent]


async def _post(client: httpx.AsyncClient, words: str) -> int:
    """A comment; its number."""
    sent = {"text": f"{_WORDS} {words}", "language": "en"}
    answer = await client.post("/api/v1/articles/1/comments", json=sent)
    return int(answer.raise_for_status().json()["number"])
