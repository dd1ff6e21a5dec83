"""Publications to be read: articles with threads of any length.

Texts of comments are the corpus's where one is named, else generated; the tree
is generated: half of the comments answer one of the hundred before them, a
tenth have votes.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F
from wagtail.models import Page

from benchmarks.corpus import comments
from benchmarks.sentences import sentences
from dragoman.conversation.actions import thread_at
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.models import Comment
from dragoman.conversation.rules.ordering import best
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage, Byline, SectionPage
from dragoman.readers.actions import create_reader
from dragoman.translation.models import Occurrence, Revision, Unit

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


def publish_articles(count: int) -> None:
    """So many articles beside those that there are, short ones, all alike but for their names.

    Made once by the product and copied row by row: Wagtail takes a hundredth of a second for each.
    """
    if count < 1:
        return
    section = SectionPage.objects.get()
    article = publication.NewArticle(
        "One of many", "en", "", [("paragraph", "<p>The ferry goes at night.</p>")], bylines=["Ilse Tavaro"]
    )
    first = publication.publish(publication.create_article(section=section, article=article))
    unit, page, number = Unit.objects.get(pk=first.unit_id), Page.objects.get(pk=first.pk), first.number or 0
    places = range(1, count)
    with transaction.atomic():
        _copy(
            page,
            ({"id": page.pk + at, "path": section.path + Page._int2str(number + at).rjust(Page.steplen, "0"),
              "slug": f"many-{at}", "url_path": f"/one/town/many-{at}/", "translation_key": uuid4()} for at in places),
        )  # fmt: skip
        _copy(unit, ({"id": unit.pk + at, "owner_id": page.pk + at} for at in places))
        own = ({"page_ptr_id": page.pk + at, "unit_id": unit.pk + at, "number": number + at} for at in places)
        _copy(first, own, model=ArticlePage)
        for row in Byline.objects.filter(page=first):
            _copy(row, ({"page_id": page.pk + at} for at in places))
        for revision in Revision.objects.filter(unit=unit):
            _copy(revision, ({"unit_id": unit.pk + at} for at in places))
        for occurrence in Occurrence.objects.filter(unit=unit):
            _copy(occurrence, ({"unit_id": unit.pk + at} for at in places))
        Page.objects.filter(pk=section.pk).update(numchild=F("numchild") + len(places))
    connection.cursor().execute("ANALYZE")


def _copy(row: Any, changes: Iterable[Mapping[str, Any]], *, model: Any = None) -> None:
    """Rows like this one but for the changes, by column; an id that is not named is the database's to give."""
    fields = (model or type(row))._meta.local_concrete_fields
    values = {one.column: (one, getattr(row, one.attname)) for one in fields}
    values.pop("id", None)

    def told() -> Iterator[list[Any]]:
        for change in changes:
            mine = {column: change.get(column, value) for column, (_field, value) in values.items()}
            spelled = [values[name][0].get_db_prep_save(value, connection) for name, value in mine.items()]
            yield ([change["id"]] if "id" in change else []) + spelled

    rows = list(told())
    if not rows:
        return
    names = ["id"] * (len(rows[0]) > len(values)) + list(values)
    table = (model or type(row))._meta.db_table
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


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
