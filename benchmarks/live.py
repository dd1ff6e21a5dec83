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
import statistics
import time
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.listeners import Crowd, bare_p99, percentile
from benchmarks.report import line
from benchmarks.servers import LOAD, Served, memory, pin, served
from dragoman.config.serving import raise_file_limit
from dragoman.conversation.actions import thread_at
from dragoman.live.models import OutboxEvent
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader, create_token
from dragoman.translation.models import Engine
from dragoman.translation.operating import register_engine

_WORDS = "The lamps along the river burn until the last ferry has come in"
_WAITING = 60.0  # seconds at most for what must come


def run(*, quick: bool) -> None:
    """Print percentiles in milliseconds, bytes a connection, and what was lost or doubled."""
    raise_file_limit()
    size, comments = (500, 8) if quick else (10_000, 60)
    bare = bare_p99(size, rounds=5 if quick else 15)
    article = _publish()
    call_command("collectstatic", verbosity=0, interactive=False)
    connection.close()
    with served(Path(settings.DRAGOMAN.home)) as place:
        pin([place.outer, place.worker], LOAD)
        pin([os.getpid()], LOAD)
        crowd = asyncio.run(_journey(article, place, size=size, comments=comments, bare=bare))
    _report_cut(crowd)


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


async def _until(condition: Any, seconds: float = _WAITING) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)
    return True


async def _journey(article: _Article, place: Served, *, size: int, comments: int, bare: float) -> Crowd:
    languages = [language for language in settings.DRAGOMAN.languages if language != "en"]
    number, before = article.number, memory(place.web)
    crowd = Crowd(place.port, article.topic, languages, size, unwanted=b"is-pending")
    await crowd.open(fetches=True)
    line("live", "memory_per_connection", (memory(place.web) - before) / size, "bytes")
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
    line("live", "posted_to_heard_p99", percentile(heard, 0.99), "ms", reference=bare, goal="<= 1000")
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
    line("live", "translation_shown_p99", percentile(took, 0.99), "ms", goal="<= 3000")
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
