"""What is looked for in a thread costs the same, however many have written in it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dragoman.conversation.actions import thread_at
from dragoman.conversation.queries import names_in_thread, participants
from tests.conftest import MakeActor


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL plans by what is there")
def test_names_are_looked_for_among_readers_and_then_in_the_thread(db: None, make_actor: MakeActor) -> None:
    thread = thread_at(key="article:1")
    make_actor("Ada")
    with CaptureQueriesContext(connection) as captured:
        names_in_thread(thread.pk, "As Ada said.")
        participants(thread, "Ad")
    plans = []
    for one in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {one['sql']}")
            plans += [row[3] for row in cursor.fetchall() if "SEARCH" in row[3] and "comment_by" in row[3]]
    assert len(plans) == 2
    assert all("comment_by_participant (thread_id=? AND author_id=?)" in plan for plan in plans), plans
