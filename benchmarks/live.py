"""Ten thousand open pages in eight languages on one process of one core.

A translation that arrives on all pages: how long after it was stored each page
shows it, fetched with the jitter of the page's own script. A comment each second
for a minute: how long after it was sent off every page has heard of it. A cut of
half of the connections: nothing lost, nothing doubled. The server has one
core, the browsers (all in this process) and the worker have the other.

Reference: a bare event stream on the same server in the same run, one event a
second to as many connections.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.listeners import Crowd
from benchmarks.report import line
from dragoman.config.serving import raise_file_limit
from dragoman.conversation.actions import thread_at
from dragoman.live.models import OutboxEvent
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader, create_token
from dragoman.translation.models import Engine
from dragoman.translation.operating import register_engine

_SERVER, _REST = {0}, {1}  # cores
_WORDS = "The lamps along the river burn until the last ferry has come in"
_WAITING = 60.0  # seconds at most for what must come


def run(*, quick: bool) -> None:
    """Print percentiles in milliseconds, bytes a connection, and what was lost or doubled."""
    raise_file_limit()
    size, comments = (500, 8) if quick else (10_000, 60)
    bare = _bare(size, rounds=5 if quick else 15)
    article = _publish()
    with _served() as place:
        crowd = asyncio.run(_journey(article, place, size=size, comments=comments, bare=bare))
    _report_cut(crowd)


def _percentile(values: Sequence[float], share: float) -> float:
    return statistics.quantiles(values, n=1000)[round(share * 1000) - 1] if len(values) > 1 else values[0]


@dataclass(frozen=True, slots=True)
class _Article:
    """Where comments are posted, and with which token."""

    number: int
    topic: str
    token: str


def _publish() -> _Article:
    """An article with its thread, an account that writes, and an engine whose answers are known."""
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    page = publication.publish(publication.create_article(section=section, article=article))
    token = create_token(reader_id=create_reader(nickname="Ada").pk)
    pairs = [["en", language] for language in settings.DRAGOMAN.languages if language != "en"]
    Engine.objects.all().delete()
    register_engine(name="scripted", kind="scripted", version="1", pairs=pairs, options={"pairs": pairs})
    return _Article(page.number or 0, thread_at(key=f"article:{page.number}").topic, token)


@dataclass(frozen=True, slots=True)
class _Place:
    """The server's port, and the ids of its processes."""

    port: int
    web: int
    worker: int


@contextmanager
def _served() -> Iterator[_Place]:
    """A server of one process on the first core, its worker on the other."""
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    port = _free_port()
    command = [sys.executable, "-m", "dragoman.commandline.main", "serve", "--home", str(settings.DRAGOMAN.home)]
    with (Path(settings.DRAGOMAN.home) / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stderr=log,
            stdout=log,
            preexec_fn=lambda: os.sched_setaffinity(0, _SERVER),  # noqa: PLW1509 — no threads are running yet
        )
    try:
        _wait_for(lambda: _answers(f"http://127.0.0.1:{port}/health/ready"))
        children = _children(process.pid)
        web = next(pid for pid in children if "worker" not in _command(pid).split("\0"))
        for pid in set(children) - {web}:
            for task in Path(f"/proc/{pid}/task").iterdir():
                os.sched_setaffinity(int(task.name), _REST)
        os.sched_setaffinity(0, _REST)
        yield _Place(port, web, next(pid for pid in children if pid != web))
    finally:
        process.terminate()
        process.wait(30)


def _command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


def _children(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def _memory(pid: int) -> int:
    """Bytes that a process has for itself."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(one.split()[1]) * 1024 for one in lines if one.startswith("Pss:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _wait_for(condition: Any) -> None:
    end = time.monotonic() + _WAITING
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("the server never became ready")
        time.sleep(0.1)


async def _until(condition: Any, seconds: float = _WAITING) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)
    return True


def _bare(size: int, *, rounds: int) -> float:
    """p99 of a bare event stream, in milliseconds."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare_stream", str(port)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, _SERVER),  # noqa: PLW1509 — no threads are running yet
    )
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, _REST)
    try:
        _wait_for(lambda: _listens(port))
        return asyncio.run(_bare_rounds(port, size, rounds))
    finally:
        os.sched_setaffinity(0, own)
        os.killpg(process.pid, signal.SIGKILL)  # it waits for its streams otherwise
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _bare_rounds(port: int, size: int, rounds: int) -> float:
    crowd = Crowd(port, "bare", ["en"], size)
    await crowd.open(fetches=False)
    crowd.heard.comments.clear()
    await asyncio.sleep(rounds)
    sent: dict[int, float] = {}
    for number, at in crowd.heard.comments:  # the server's clock ticks on: the first to hear is nearest to it
        sent[number] = min(sent.get(number, at), at)
    whole = {
        number for number, times in Counter(number for number, _at in crowd.heard.comments).items() if times == size
    }
    return 1000 * _percentile([at - sent[number] for number, at in crowd.heard.comments if number in whole], 0.99)


async def _journey(article: _Article, place: _Place, *, size: int, comments: int, bare: float) -> Crowd:
    languages = [language for language in settings.DRAGOMAN.languages if language != "en"]
    number, before = article.number, _memory(place.web)
    crowd = Crowd(place.port, article.topic, languages, size, unwanted=b"is-pending")
    await crowd.open(fetches=True)
    line("live", "memory_per_connection", (_memory(place.web) - before) / size, "bytes")
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{place.port}/api/v1", timeout=60) as client:
        client.headers["Authorization"] = f"Bearer {article.token}"
        line("live", "connections", size, "streams")
        await _report_translation(client, crowd, number, size)
        # From here on nothing is translated: the worker has no core of its own, and would take the browsers'.
        os.kill(place.worker, signal.SIGSTOP)
        try:
            await _report_comments(client, crowd, number, size=size, comments=comments, bare=bare)
            await _cut_half(client, crowd, number)
        finally:
            os.kill(place.worker, signal.SIGCONT)
    return crowd


async def _report_comments(
    client: httpx.AsyncClient, crowd: Crowd, number: int, *, size: int, comments: int, bare: float
) -> None:
    """A comment each second, counted by every page."""
    crowd.shows_new_comments = False
    crowd.heard.comments.clear()
    sent = await _post_each_second(client, number, comments)
    await _until(lambda: len(crowd.heard.comments) >= size * comments)
    heard = [(at - sent[told]) * 1000 for told, at in crowd.heard.comments if told in sent]
    line("live", "heard", len(heard), "times", reference=size * comments, goal="ratio >= 1")
    line("live", "posted_to_heard_p99", _percentile(heard, 0.99), "ms", reference=bare, goal="<= 1000")
    line("live", "posted_to_heard_median", statistics.median(heard), "ms")


async def _post(client: httpx.AsyncClient, number: int, words: str) -> httpx.Response:
    sent = {"text": f"{_WORDS} {words}", "language": "en"}
    answer = await client.post(f"/articles/{number}/comments", json=sent)
    return answer.raise_for_status()


async def _post_each_second(client: httpx.AsyncClient, number: int, comments: int) -> dict[int, float]:
    """When each comment was sent off, by its number."""
    sent: dict[int, float] = {}
    for place in range(comments):
        began = time.time()
        answer = await client.post(
            f"/articles/{number}/comments", json={"text": f"{_WORDS} {place}.", "language": "en"}
        )
        sent[answer.json()["number"]] = began
        await asyncio.sleep(max(0.0, began + 1 - time.time()))
    return sent


async def _report_translation(client: httpx.AsyncClient, crowd: Crowd, number: int, size: int) -> None:
    """One comment that everybody has on the screen is translated into all languages."""
    crowd.shows_new_comments = True
    await _post(client, number, "once more.")
    await _until(lambda: len(crowd.heard.fetched) >= size)
    fetched = list(crowd.heard.fetched)
    stored = await asyncio.to_thread(_stored_at, {event for event, _at in fetched})
    took = [(at - stored[event]) * 1000 for event, at in fetched]
    line("live", "translations_shown", len(took), "pages", reference=size, goal="ratio >= 1")
    line("live", "translation_shown_p99", _percentile(took, 0.99), "ms", goal="<= 3000")
    line("live", "bad_fragments", len(crowd.heard.bad), "answers", goal="<= 0")


def _stored_at(events: set[int]) -> dict[int, float]:
    rows = OutboxEvent.objects.filter(pk__in=events).values_list("id", "at")
    found = {pk: at.astimezone(UTC).timestamp() for pk, at in rows}
    connection.close()
    return found


async def _cut_half(client: httpx.AsyncClient, crowd: Crowd, number: int) -> None:
    half = crowd.listeners[::2]
    crowd.cut(half)
    for place in range(3):
        await _post(client, number, f"unheard {place}.")
    await crowd.connect(half)
    last = await _post(client, number, "at last.")
    await _until(lambda: all(listener.numbers[-1:] == [last.json()["number"]] for listener in crowd.listeners))


def _report_cut(crowd: Crowd) -> None:
    lost = doubled = 0
    for listener in crowd.listeners:
        numbers = listener.numbers
        lost += max(numbers, default=0) - len(set(numbers)) - min(numbers, default=1) + 1
        doubled += len(numbers) - len(set(numbers))
    line("live", "lost_by_a_cut_of_half", lost, "events", goal="<= 0")
    line("live", "doubled_by_a_cut_of_half", doubled, "events", goal="<= 0")
