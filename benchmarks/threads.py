"""What a page of a long thread costs beside the same page of a short one.

The whole page as an anonymous reader gets it from Django, without any cache:
the first window, the window of a permalink in the middle, the tree, and the
best. Texts are the corpus's where one is named, else generated; the tree is
generated: half of the comments answer one of the hundred before them. Each
figure is the median of so many rounds, the threads in turn.
"""

import statistics
import time
from collections.abc import Mapping

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.papers import publish_threads
from benchmarks.report import line
from dragoman.conversation.queries import WINDOW
from dragoman.website import recalled

_PAGES = {"first": "", "middle": "?from={middle}", "tree": "?order=tree", "best": "?order=best"}


def run(*, quick: bool) -> None:
    """Print queries and milliseconds of each page, the longest thread beside the shortest."""
    call_command("collectstatic", verbosity=0, interactive=False)
    sizes = (100, 10_000) if quick else (100, 10_000, 100_000)
    paths = publish_threads(sizes)
    client = Client(SERVER_NAME="localhost")
    for name, query in _PAGES.items():
        addresses = {size: paths[size] + query.format(middle=size // 2) for size in sizes}
        counts = {size: _queries(client, address) for size, address in addresses.items()}
        times = _times(client, addresses, rounds=5 if quick else 15)
        line("threads", f"{name}_queries", counts[sizes[-1]], "queries", reference=counts[100], goal="ratio <= 1")
        for size in sizes[1:]:
            goal = "ratio <= 1.3" if size == sizes[-1] else ""
            line("threads", f"{name}_{size}", times[size], "ms", reference=times[100], goal=goal)


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the first page of all asks for less: nothing has happened yet
    recalled.forget()
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
            recalled.forget()
            started = time.perf_counter()
            client.get(address)
            taken[size].append((time.perf_counter() - started) * 1000)
    return {size: statistics.median(found) for size, found in taken.items()}
