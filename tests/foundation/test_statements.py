"""Statements that are compiled once say what Django's own would."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, NotSupportedError, connection, connections, transaction
from django.db.models import Exists, F, OuterRef
from django.db.transaction import TransactionManagementError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dragoman.foundation.clock import now
from dragoman.foundation.sqlite.base import DatabaseWrapper
from dragoman.foundation.statements import Select, SelectModels, insert, update
from dragoman.live.models import Follower, OutboxEvent
from dragoman.readers.models import Presence, Reader
from dragoman.translation.models import Segment


def _event(topic: str, **data: Any) -> OutboxEvent:
    return OutboxEvent(topic=topic, kind="comment", data=data, at=now())


def test_rows_come_back_as_python_has_them(db: None) -> None:
    rows = [_event("a", number=1, words="“¿qué?”"), _event("b", number=2)]
    insert(rows)
    query = Select(lambda topic: OutboxEvent.objects.filter(topic=topic).values_list("id", "topic", "data", "at"))
    assert query("a") == [(rows[0].pk, "a", rows[0].data, rows[0].at)]
    assert query("c") == []
    assert query.first("b") == (rows[1].pk, "b", {"number": 2}, rows[1].at)
    assert query.first("c") is None


def test_a_query_is_compiled_once_however_often_it_is_asked(db: None) -> None:
    made: list[object] = []

    def query(topics: Any) -> Any:
        made.append(topics)
        return OutboxEvent.objects.filter(topic__in=topics).values_list("topic")

    ask = Select(query)
    insert([_event(name) for name in "abcde"])
    ask(["a", "b", "c"])
    before = len(made)
    for topics in (["a", "b", "c", "d"], ["c", "d", "e"], ["x", "y", "z"]):
        assert {one for (one,) in ask(topics)} == set(topics) & set("abcde")
    assert len(made) == before


def test_moments_and_nested_queries_are_asked_with_their_values(db: None) -> None:
    ada = Reader.objects.create(nickname="Ada", nickname_key="ada", nickname_skeleton="ada")
    Presence.objects.create(reader=ada, until=now() + timedelta(minutes=1), process="here")
    here = Select(
        lambda ids, at: (
            Reader.objects.filter(pk__in=ids)
            .annotate(here=Exists(Presence.objects.filter(reader=OuterRef("pk"), until__gt=at)))
            .values_list("nickname", "here")
        )
    )
    assert here([ada.pk], now()) == [("Ada", True)]
    assert here([ada.pk], now() + timedelta(hours=1)) == [("Ada", False)]


def test_constants_of_a_query_keep_their_places(db: None) -> None:
    insert([OutboxEvent(topic="t", kind=kind, data={}, at=now()) for kind in ("one", "two")])
    query = Select(
        lambda topic, number: (
            OutboxEvent.objects.filter(kind="two", topic=topic, id__gt=number)
            .annotate(next=F("id") + 1)
            .values_list("kind", "next")
        )
    )
    row = OutboxEvent.objects.get(kind="two")
    assert query("t", 0) == [("two", row.pk + 1)]
    assert query("t", row.pk) == []


def test_an_update_writes_the_named_fields_alone(db: None) -> None:
    row = Follower(name="search", last_event=1)
    insert([row])
    row.name, row.last_event = "other", 7
    update(row, "last_event")
    assert Follower.objects.get(pk=row.pk).name == "search"
    assert Follower.objects.get(pk=row.pk).last_event == 7
    Follower.objects.all().delete()
    with pytest.raises(Follower.DoesNotExist):
        update(row, "last_event")


def test_what_is_there_already_tells_its_id(db: None) -> None:
    first = Segment(language="en", kind="sentence", key="k1", text="One.")
    insert([first], known_by=("language", "key"))
    again = [Segment(language="en", kind="sentence", key=key, text="One.") for key in ("k1", "k2")]
    insert(again, known_by=("language", "key"))
    assert again[0].pk == first.pk
    assert Segment.objects.count() == 2


def test_more_rows_than_one_statement_takes_are_written_by_several(db: None) -> None:
    rows = [_event(f"t{number}") for number in range(9000)]
    with connection.execute_wrapper(_counting(counted := [])):  # type: ignore[var-annotated]
        insert(rows)
    assert len(counted) > 1
    assert [row.topic for row in OutboxEvent.objects.order_by("id")] == [row.topic for row in rows]
    assert [row.pk for row in rows] == list(OutboxEvent.objects.order_by("id").values_list("id", flat=True))


def _counting(counted: list[str]) -> Any:
    def run(execute: Any, sql: str, *rest: Any) -> Any:
        counted.append(sql)
        return execute(sql, *rest)

    return run


class Alike(TestCase):
    """Hypothesis rolls the database back after each example."""

    @given(
        st.lists(st.tuples(st.text("ab", max_size=2), st.integers(0, 2**31 - 1)), max_size=6),
        st.lists(st.text("ab", max_size=2), min_size=1, max_size=5),
    )
    def test_it_finds_what_the_queryset_finds(self, there: list[tuple[str, int]], asked: list[str]) -> None:
        insert([_event(topic, number=number) for topic, number in there])

        def query(topics: Any) -> Any:
            return OutboxEvent.objects.filter(topic__in=topics).order_by("id").values_list("id", "topic", "data")

        assert Select(query)(asked) == list(query(asked))


def test_a_number_that_no_column_holds_finds_nothing(db: None) -> None:
    query = Select(lambda number: OutboxEvent.objects.filter(pk=number).values_list("id"))
    assert query(10**20) == query(-(10**20)) == []


def test_instances_come_with_those_that_they_belong_to(db: None) -> None:
    ada = Reader.objects.create(nickname="Ada", nickname_key="ada", nickname_skeleton="ada")
    Presence.objects.create(reader=ada, until=now(), process="here")
    query = SelectModels[Presence](lambda reader: Presence.objects.filter(reader=reader).select_related("reader"))
    (found,) = query(ada.pk)
    assert (found, found.reader, found.reader.nickname) == (Presence.objects.get(), ada, "Ada")
    assert found.until == Presence.objects.get().until
    assert not found._state.adding
    assert query.first(0) is None


def test_whoever_listens_to_statements_hears_them_and_is_answered_the_same(db: None) -> None:
    query = Select(lambda topic: OutboxEvent.objects.filter(topic=topic).values_list("id", "data", "at"))
    row = _event("100% sure", sign="%s ?")
    insert([row])
    with connection.execute_wrapper(_counting(counted := [])):  # type: ignore[var-annotated]
        heard = query("100% sure")
        insert([_event("b")])
        row.kind = "changed"
        update(row, "kind")
    assert [sql.split()[0] for sql in counted] == ["SELECT", "INSERT", "UPDATE"]
    assert heard == query("100% sure") == [(row.pk, {"sign": "%s ?"}, row.at)]
    assert OutboxEvent.objects.get(pk=row.pk).kind == "changed"


def test_what_the_database_refuses_is_said_as_django_says_it(db: None) -> None:
    ada = Reader(nickname="Ada", nickname_key="ada", nickname_skeleton="ada", email="ada@example.com")
    insert([ada])
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([Reader(nickname="Ada", nickname_key="ada", nickname_skeleton="ada", email="ada@example.com")])
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            insert([_event("a")])


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL prepares statements")
@pytest.mark.parametrize("has_pooler", [False, True])
def test_postgresql_prepares_what_is_asked_often_and_nothing_behind_a_pooler(
    db: None, monkeypatch: pytest.MonkeyPatch, has_pooler: bool
) -> None:
    assert connection.connection.prepare_threshold == 2
    monkeypatch.setattr(connection.connection, "prepare_threshold", None if has_pooler else 2)
    query = Select(lambda pk: Follower.objects.filter(pk=pk).order_by("last_event").values_list("name"))
    for pk in (1, 70_000, 2**40):  # two, four and eight bytes
        query(pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%live_follower%ORDER BY%'")
        assert cursor.fetchone()[0] == (0 if has_pooler else 1)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="only PostgreSQL prepares statements")
@pytest.mark.django_db(transaction=True)
def test_a_column_that_becomes_wider_meanwhile_is_read_on() -> None:
    query = Select(lambda name: Follower.objects.filter(name=name).values_list("name"))

    def widen(size: int) -> None:
        with closing(connections.create_connection("default")) as other, other.cursor() as cursor:
            cursor.execute(f"ALTER TABLE live_follower ALTER COLUMN name TYPE varchar({size})")

    Follower.objects.create(name="ear", last_event=1)
    try:
        for size in (50, 60):
            for _time in range(4):
                assert query("ear") == [("ear",)]
            widen(size)
            assert query("ear") == [("ear",)]
        for _time in range(4):
            query("ear")
        widen(70)
        with pytest.raises(NotSupportedError), transaction.atomic():
            query("ear")
        with transaction.atomic():
            assert query("ear") == [("ear",)]
    finally:
        widen(40)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
@pytest.mark.django_db(transaction=True)
def test_a_row_that_was_found_there_may_be_referred_to_by_others_meanwhile() -> None:
    first = Segment(language="en", kind="sentence", key="k1", text="One.")
    insert([first], known_by=("language", "key"))
    with closing(connections.create_connection("default")) as other, transaction.atomic():
        insert([Segment(language="en", kind="sentence", key="k1", text="One.")], known_by=("language", "key"))
        with other.cursor() as cursor:  # what a foreign key does; raises where it would have to wait
            cursor.execute("SELECT 1 FROM translation_segment WHERE id = %s FOR KEY SHARE NOWAIT", [first.pk])
            assert cursor.fetchone() == (1,)


@given(st.datetimes(timezones=st.just(UTC)))
def test_moments_of_sqlite_are_read_as_django_reads_them(at: datetime) -> None:
    operations = DatabaseWrapper({**connection.settings_dict, "TIME_ZONE": None}).ops
    written = operations.adapt_datetimefield_value(at)
    ours = operations.convert_datetimefield_value(written, None, operations.connection)
    assert ours == at
    assert ours == super(type(operations), operations).convert_datetimefield_value(written, None, operations.connection)
