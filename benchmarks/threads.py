"""What a page of a long thread costs beside the same page of a short one.

The whole page as an anonymous reader gets it from Django, without any cache:
the first window, the window of a permalink in the middle, the tree, and the
best. Texts are the corpus's where one is named, else generated; the tree is
generated: half of the comments answer one of the hundred before them. Each
figure is the median of so many rounds, the threads in turn.
"""

import random
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.corpus import comments
from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.conversation.actions import thread_at
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.models import Comment
from dragoman.conversation.queries import WINDOW
from dragoman.conversation.rules.ordering import best
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader

_AT_A_TIME = 1000
_PAGES = {"first": "", "middle": "?from={middle}", "tree": "?order=tree", "best": "?order=best"}


def run(*, quick: bool) -> None:
    """Print queries and milliseconds of each page, the longest thread beside the shortest."""
    call_command("collectstatic", verbosity=0, interactive=False)
    sizes = (100, 10_000) if quick else (100, 10_000, 100_000)
    paths = _publish(sizes)
    client = Client(SERVER_NAME="localhost")
    for name, query in _PAGES.items():
        addresses = {size: paths[size] + query.format(middle=size // 2) for size in sizes}
        counts = {size: _queries(client, address) for size, address in addresses.items()}
        times = _times(client, addresses, rounds=5 if quick else 15)
        line("threads", f"{name}_queries", counts[sizes[-1]], "queries", reference=counts[100], goal="ratio <= 1")
        for size in sizes[1:]:
            goal = "ratio <= 1.3" if size == sizes[-1] else ""
            line("threads", f"{name}_{size}", times[size], "ms", reference=times[100], goal=goal)


def _publish(sizes: tuple[int, ...]) -> Mapping[int, str]:
    """An article for each size, with its thread; size → address."""
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    authors = [create_reader(nickname=f"reader{number}").pk for number in range(200)]
    paths = {}
    for size in sizes:
        page = publication.publish(
            publication.create_article(
                section=section,
                article=publication.NewArticle(
                    headline=f"Thread of {size}",
                    language="en",
                    lead="A lead.",
                    body=[("paragraph", f"<p>{text}</p>") for text in sentences(5, seed=9)],
                    bylines=["Ilse Tavaro"],
                    people=(),
                    dated=datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
                ),
            )
        )
        _fill(f"article:{page.number}", size, authors)
        paths[size] = f"/en/town/{page.number}-thread-of-{size}"
    connection.cursor().execute("ANALYZE")
    return paths


def _fill(key: str, size: int, authors: list[int]) -> None:
    thread = thread_at(key=key)
    chance = random.Random(size)
    texts = comments() or sentences(min(size, 20_000), seed=7)
    for start in range(0, size, _AT_A_TIME):
        import_comments(
            thread=thread,
            comments=[
                Imported(
                    chance.choice(authors),
                    texts[number % len(texts)],
                    "en",
                    datetime(2026, 5, 4, 12, 0, tzinfo=UTC),
                    number,
                    chance.randint(max(1, number - 100), number - 1) if number > 1 and chance.random() < 0.5 else None,
                )
                for number in range(start + 1, min(size, start + _AT_A_TIME) + 1)
            ],
        )
    rows = list(Comment.objects.filter(thread=thread).only("id").order_by("?")[: size // 10])
    for row in rows:
        row.up, row.down = chance.randint(0, 40), chance.randint(0, 10)
        row.best = best(row.up, row.down)
    Comment.objects.bulk_update(rows, ["up", "down", "best"], batch_size=500)


def _queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        body = client.get(address).content.decode()
    shown = body.count('<article class="comment')
    if shown != WINDOW:
        raise RuntimeError(f"{address} shows {shown} comments")
    return len(queries)


def _times(client: Client, addresses: Mapping[int, str], *, rounds: int) -> dict[int, float]:
    """Milliseconds, the median of the rounds."""
    taken: dict[int, list[float]] = {size: [] for size in addresses}
    for _round in range(rounds):
        for size, address in addresses.items():
            started = time.perf_counter()
            client.get(address)
            taken[size].append((time.perf_counter() - started) * 1000)
    return {size: statistics.median(found) for size, found in taken.items()}
