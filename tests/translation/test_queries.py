"""What is read of the memory stays small, in however many texts a sentence stands."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dragoman.translation.models import Current
from dragoman.translation.worker import work_until_empty
from tests.conftest import Script
from tests.translation.shop import ask, show

_SHORT = "Right you are."  # under four words: each comment has a translation of its own


def _plans(captured: CaptureQueriesContext) -> list[str]:
    """How SQLite looks into the table of current translations, for each look."""
    found = []
    for one in captured.captured_queries:
        if " UNION ALL " in one["sql"] and 'FROM "translation_current"' in one["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}")
                found += [row[3] for row in cursor.fetchall() if "translation_current" in row[3]]
    return found


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by what is there")
def test_no_look_walks_through_all_texts_that_have_the_sentence_too(engine: Script) -> None:
    for number in range(3):
        ask(_SHORT, kind="comment", owner=number)
    work_until_empty()
    assert Current.objects.filter(unit__isnull=False).count() == 3
    with CaptureQueriesContext(connection) as captured:
        unit = ask(_SHORT, kind="comment", owner=9)
        work_until_empty()
        show(unit)
    plans = _plans(captured)
    assert len(plans) > 4
    assert [one for one in plans if not re.search(r"current_once_(everywhere|per_unit)", one)] == []
