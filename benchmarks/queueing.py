"""The moderators' queue with very many cases: how many statements its page needs, and its time.

Reference: the same window of rows, read with plain SQL in the same run.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.conversation.actions import thread_at
from dragoman.conversation.importing import Imported, import_comments
from dragoman.foundation.clock import now
from dragoman.moderation.models import Case
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader
from dragoman.readers.models import Reader

_ROUNDS = 9
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_WINDOW = (
    "SELECT * FROM moderation_case c JOIN conversation_comment m ON m.id = c.subject"
    " WHERE c.queue = 'reported' AND c.closed_at IS NULL ORDER BY c.opened_at, c.id LIMIT 26"
)


def run(*, quick: bool) -> None:
    """Print the statements of a page with a thousand cases and with all of them, and its time beside the plain rows."""
    many = 10_000 if quick else 100_000
    settings.ALLOWED_HOSTS = ["*"]
    moderator, comments = _fill(many)
    client = Client()
    client.force_login(Reader.objects.get(pk=moderator), backend=_BACKEND)
    counts = []
    for size in (1_000, many):
        _cases(comments[:size])
        client.get("/admin/comments/?for=all")
        with CaptureQueriesContext(connection) as statements:
            assert client.get("/admin/comments/?for=all").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1], f"the queue's length matters: {counts}"
    line("queue", f"statements_at_{many}", counts[1], "statements", reference=counts[0])
    page, plain = [], []
    for _round in range(_ROUNDS):
        page.append(_milliseconds(lambda: client.get("/admin/comments/?for=all")))
        plain.append(_milliseconds(_rows))
    line("queue", f"page_at_{many}", statistics.median(page), "ms", reference=statistics.median(plain))


def _milliseconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def _rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WINDOW)
        assert len(cursor.fetchall()) == 26


def _fill(many: int) -> tuple[int, list[int]]:
    call_command("collectstatic", interactive=False, verbosity=0)
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", slug="town", language="en")
    article = publication.NewArticle("The bridge", "en", "", [("paragraph", "<p>It is there.</p>")])
    page = publication.publish(publication.create_article(section=section, article=article))
    writer = create_reader(nickname="Ada").pk
    texts = list(sentences(many, seed=3))
    thread, at, ids = thread_at(key=f"article:{page.number}"), now() - timedelta(days=3), []
    for start in range(0, many, 1000):
        some = [
            Imported(writer, text, "en", at, number)
            for number, text in enumerate(texts[start : start + 1000], start + 1)
        ]
        ids += [one.id for one in import_comments(thread=thread, comments=some)]
    return create_reader(nickname="Mina", roles=["moderator"]).pk, ids


def _cases(comments: list[int]) -> None:
    Case.objects.all().delete()
    at = now()
    Case.objects.bulk_create(
        (
            Case(
                kind="comment", subject=pk, queue="reported", opened_at=at, language="en", place="article:1", reports=1
            )
            for pk in comments
        ),
        batch_size=1000,
    )
