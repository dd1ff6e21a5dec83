"""No table that grows is walked through from one end to the other for what readers do all day."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.notifications.gathering import gather
from dragoman.publication.models import ArticlePage
from dragoman.readers.actions import create_token
from dragoman.readers.policies import Actor
from dragoman.search.indexing import fill, index_events
from tests.conftest import MakeArticle, Script, Work, account_of
from tests.website.test_pages import _path

# They have a row for each engine, section, edition, member of the staff or open wish, however much is written.
_SMALL = {
    "translation_engine", "translation_spending", "translation_routing", "translation_pairrecord",
    "translation_telling", "translation_recheck",
    "publication_sectionpage", "readers_rolegrant", "live_follower",
    "django_content_type", "wagtailcore_locale", "wagtailcore_site",
}  # fmt: skip


# A list begins with the first rows of these, nearly all of which it shows.
_IN_ORDER = {"article_newest", "sqlite_autoindex_publication_articlepage_1"}
# A table of its own; not one that a statement has made, nor the index of words.
_WALKED = re.compile(
    r"SCAN (?!qualify|subquery|CONSTANT|\d+ CONSTANT|\(|\w+ VIRTUAL)(\w+)(?: USING (?:COVERING )?INDEX (\w+))?"
)


def _walks(captured: CaptureQueriesContext) -> list[str]:
    """Where SQLite reads a table from one end; the first rows of a list that an index has in order are no harm."""
    found = []
    for one in captured.captured_queries:
        sql = one["sql"]
        if not sql.startswith(("SELECT", "UPDATE", "DELETE")):
            continue
        aliases = {alias: table for table, alias in re.findall(r'"(\w+)" (?:AS )?"?([A-Z]\d+)"?', sql)}
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            for row in cursor.fetchall():
                walked = _WALKED.match(row[3])
                is_short = walked is not None and walked[2] in _IN_ORDER and " LIMIT " in sql
                if walked is not None and not is_short and aliases.get(walked[1], walked[1]) not in _SMALL:
                    found.append(f"{row[3]}: {sql}")
    return found


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by what is there")
def test_writing_translating_telling_and_reading_look_up_what_they_need(
    client: Client, make_article: MakeArticle, ada: Actor, engine: Script, work: Work
) -> None:
    page: ArticlePage = make_article()
    headers = {"authorization": f"Bearer {create_token(reader_id=ada.id or 0)}"}
    account = account_of(ada)
    with CaptureQueriesContext(connection) as captured:
        for number in range(3):
            body = {"text": f"Right. As @Ada said, the ferry number {number} goes at night.", "language": "en"}
            answer = client.post(
                "/api/v1/articles/1/comments", body, content_type="application/json",
                headers={**headers, "idempotency-key": str(number)},
            )  # fmt: skip
            assert answer.status_code == 201
        work()
        gather()
        index_events()
        fill()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        for language in ("en", "es"):
            for order in ("", "?order=newest", "?order=best", "?order=replied", "?order=tree"):
                assert client.get(_path(page, language) + order, follow=True).status_code == 200
        assert client.get("/en/").status_code == client.get("/en/town/").status_code == 200
        assert client.get("/en/search?q=ferry").status_code == 200
        assert client.get("/en/readers/Ada").status_code == 200
        assert client.get(f"/en/comments/1/{answer.json()['id']}", follow=True).status_code == 200
    assert len(captured) > 150
    assert _walks(captured) == []
