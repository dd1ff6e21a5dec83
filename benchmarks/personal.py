"""What a signed-in reader's own page costs: an article of 600 words with the first fifty comments of a long thread.

The whole page from Django, which keeps it for nobody, beside a bare view that
runs the SQL of which such a page is made through Django's cursor and answers a constant, without any
middleware. In turns; the median and the slowest hundredth. What many readers see alike is recalled between two
pages, so that most of that SQL is not run again: the same beside those statements that are left, and with nothing
recalled. Then the same by the length of the thread, and where the time goes: in the database, in templates, in the
rest.
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
from dragoman.website import recalled

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def run(*, quick: bool) -> None:
    """Print milliseconds and queries."""
    call_command("collectstatic", verbosity=0, interactive=False)
    sizes = (100, 1000) if quick else (100, 10_000)
    paths = publish_threads(sizes)
    client = Client(SERVER_NAME="localhost")
    client.force_login(Reader.objects.get(pk=create_reader(nickname="Ada").pk), backend=_BACKEND)
    for name, is_anew in (("queries", False), ("queries_anew", True)):
        counts = {size: len(_statements(client, address, is_anew=is_anew)) for size, address in paths.items()}
        line("personal", name, counts[sizes[1]], "queries", reference=counts[sizes[0]], goal="ratio <= 1")
    page, rounds = paths[sizes[1]], 20 if quick else 150
    bare = bare_page(_statements(client, page, is_anew=True))
    left = bare_page(_statements(client, page, is_anew=False))
    short = paths[sizes[0]]
    sides: dict[str, Callable[[], object]] = {
        "page": lambda: client.get(page),
        "bare": bare,
        "left": left,
        "short": lambda: client.get(short),
    }
    taken = _rounds(sides, rounds=rounds)
    taken["anew"] = _rounds({"anew": lambda: _anew(client, page), "bare": bare}, rounds=rounds)["anew"]
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        ours, reference = (_percentile(taken[side], share) for side in ("page", "bare"))
        line("personal", name, ours, "ms", reference=reference, goal="ratio <= 3")
    for name, side, beside in (("p50_beside_what_is_left", "page", "left"), ("p50_anew", "anew", "bare")):
        line("personal", name, statistics.median(taken[side]), "ms", reference=statistics.median(taken[beside]))
    longer, shorter = (statistics.median(taken[side]) for side in ("page", "short"))
    line("personal", "by_length", longer, "ms", reference=shorter, goal="ratio <= 1.3")
    _report_shares(client, page, rounds=10 if quick else 40)


def _anew(client: Client, address: str) -> bytes:
    """The page, of which nothing is recalled."""
    recalled.forget()
    return client.get(address).content


def _statements(client: Client, address: str, *, is_anew: bool) -> list[str]:
    """The SQL of a page, which must be a whole one."""
    client.get(address)
    if is_anew:
        recalled.forget()
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
