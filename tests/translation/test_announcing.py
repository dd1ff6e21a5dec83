"""Open pages hear of new translations in pages, not in one burst."""

from pytest_django import DjangoAssertNumQueries

from dragoman.live.models import OutboxEvent
from dragoman.translation import actions
from dragoman.translation.announcing import AT_ONCE, PAGE, tell_a_page
from dragoman.translation.models import Telling
from dragoman.translation.rules import markdown
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import work_once, work_until_empty
from dragoman.translation.workshop import Workshop
from tests.conftest import Script
from tests.translation.shop import SOURCE, ask


def _told() -> int:
    return OutboxEvent.objects.filter(kind="translation", data__language="es").count()


def _many(texts: int) -> list[int]:
    units = actions.store_texts(
        [
            actions.NewText("comment", owner, "en", markdown.parse(SOURCE), topic=f"thread:{owner % 7}")
            for owner in range(1, texts + 1)
        ]
    )
    request_translations(units, priority=3, languages=["es"])
    return units


def test_a_sentence_of_a_few_texts_is_told_at_once(engine: Script) -> None:
    _many(AT_ONCE)
    work_until_empty()
    assert (_told(), Telling.objects.count()) == (AT_ONCE, 0)


def test_a_sentence_of_many_texts_is_told_a_page_at_a_time(engine: Script) -> None:
    texts = 2 * PAGE + 10
    _many(texts)
    workshop = Workshop()
    counts = []
    while work_once(workshop):
        counts.append(_told())
    assert counts == [PAGE, 2 * PAGE, texts]
    assert not tell_a_page()


def test_where_nothing_waits_to_be_told_there_is_no_transaction(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):  # every post wakes the worker, and SQLite's writers would wait for its look
        assert not tell_a_page()


def test_a_translation_for_one_text_is_told_to_that_one_alone(engine: Script) -> None:
    ask("Right.", owner=1, kind="comment", topic="thread:1")
    actions.store_texts([actions.NewText("comment", 2, "en", markdown.parse("Right."), topic="thread:1")])
    work_until_empty()
    assert [event.data["id"] for event in OutboxEvent.objects.filter(data__language="es")] == [1]


def test_held_texts_are_told_to_nobody(engine: Script) -> None:
    ask(kind="comment", topic="thread:1", is_released=False)
    work_until_empty()
    assert _told() == 0
