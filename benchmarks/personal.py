"""What a signed-in reader's own page costs: an article of 600 words with the first fifty comments of a long thread.

The whole page from Django, which keeps it for nobody, beside a bare view that
runs the same SQL through Django's cursor and answers a constant, without any
middleware. In turns; the median and the slowest hundredth. Then the same by the length of the thread, and
where the time goes: in the database, in templates, in the rest.
"""

import statistics
import time
from collections.abc import Callable
from unittest.mock import patch

from django.core.management import call_command
from django.db import connection
from django.template.base import Template
from django.template.context import Context
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString

from benchmarks.bare_page import bare_page
from benchmarks.papers import publish_threads
from benchmarks.report import line
from dragoman.conversation.queries import WINDOW
from dragoman.readers.actions import create_reader
from dragoman.readers.models import Reader

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def run(*, quick: bool) -> None:
    """Print milliseconds and queries."""
    call_command("collectstatic", verbosity=0, interactive=False)
    sizes = (100, 1000) if quick else (100, 10_000)
    paths = publish_threads(sizes)
    client = Client(SERVER_NAME="localhost")
    client.force_login(Reader.objects.get(pk=create_reader(nickname="Ada").pk), backend=_BACKEND)
    counts = {size: len(_statements(client, address)) for size, address in paths.items()}
    line("personal", "queries", counts[sizes[1]], "queries", reference=counts[sizes[0]], goal="ratio <= 1")
    bare = bare_page(_statements(client, paths[sizes[1]]))
    taken = _rounds(
        {
            "page": lambda: client.get(paths[sizes[1]]),
            "bare": bare,
            "short": lambda: client.get(paths[sizes[0]]),
        },
        rounds=20 if quick else 150,
    )
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        ours, reference = (_percentile(taken[side], share) for side in ("page", "bare"))
        line("personal", name, ours, "ms", reference=reference, goal="ratio <= 3")
    longer, shorter = (statistics.median(taken[side]) for side in ("page", "short"))
    line("personal", "by_length", longer, "ms", reference=shorter, goal="ratio <= 1.3")
    _report_shares(client, paths[sizes[1]], rounds=10 if quick else 40)


def _statements(client: Client, address: str) -> list[str]:
    """The SQL of a page, which must be a whole one."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(address).content.decode()
    if body.count('<article class="comment') != WINDOW or "composer" not in body:
        raise RuntimeError(f"{address} is not a signed-in reader's page")
    return [query["sql"] for query in queries.captured_queries if query["sql"].startswith("SELECT")]


def _rounds(sides: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each side, the sides in turn."""
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(rounds):
        for name, side in sides.items():
            began = time.perf_counter()
            side()
            taken[name].append((time.perf_counter() - began) * 1000)
    return taken


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * len(values)))]


def _report_shares(client: Client, address: str, *, rounds: int) -> None:
    """How much of the page's time is spent in templates, and how much in statements."""
    spent = {"templates": 0.0, "database": 0.0}
    render = Template.render
    within: list[Template] = []

    def timed(self: Template, context: Context) -> SafeString:
        began = time.perf_counter()
        within.append(self)
        try:
            return render(self, context)
        finally:
            within.pop()
            spent["templates"] += 0 if within else time.perf_counter() - began

    def execute(run: Callable[..., object], *rest: object) -> object:
        began = time.perf_counter()
        try:
            return run(*rest)
        finally:
            spent["database"] += time.perf_counter() - began

    began = time.perf_counter()
    with patch.object(Template, "render", timed), connection.execute_wrapper(execute):
        for _round in range(rounds):
            client.get(address)
    whole = time.perf_counter() - began
    for name, seconds in spent.items():
        line("personal", f"share_{name}", seconds / whole, "of the page's time")
