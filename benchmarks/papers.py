"""Publications to be read: articles with threads of any length.

Texts of comments are the corpus's where one is named, else generated; the tree
is generated: half of the comments answer one of the hundred before them, a
tenth have votes.
"""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection

from benchmarks.corpus import comments
from benchmarks.sentences import sentences
from dragoman.conversation.actions import thread_at
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.models import Comment
from dragoman.conversation.rules.ordering import best
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader

_AT_A_TIME = 1000


def publish_threads(sizes: Sequence[int], *, writers: int = 200) -> Mapping[int, str]:
    """An article for each size, with its thread; size → address."""
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    authors = [create_reader(nickname=f"reader{number}").pk for number in range(writers)]
    paths = {}
    for size in sizes:
        page = publication.publish(
            publication.create_article(
                section=section,
                article=publication.NewArticle(
                    headline=f"Thread of {size}",
                    language="en",
                    lead="A lead.",
                    body=[("paragraph", f"<p>{text}</p>") for text in _paragraphs()],
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


def _paragraphs() -> list[str]:
    """Of more than 600 words in all."""
    texts = sentences(60, seed=9)
    return [" ".join(texts[start : start + 6]) for start in range(0, len(texts), 6)]


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
