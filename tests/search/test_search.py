"""Finding articles and comments."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import edit_comment, withdraw_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import ReaderView
from dragoman.foundation import clock
from dragoman.moderation.actions import Grounds
from dragoman.readers.policies import Actor
from dragoman.search.indexing import fill, index_events, rebuild
from dragoman.search.models import Entry
from dragoman.search.queries import Asked, search
from tests.conftest import NOON, MakeArticle, Script, Work, comments_wait

SPANISH = "Las lámparas azules me gustan mucho."
ENGLISH = "I like the blue lamps very much."


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Any:
    index_events()
    return thread_of(make_article())


def _post(actor: Actor, thread: Any, text: str, language: str = "en", **rest: Any) -> Comment:
    comment = post_comment(actor=actor, thread=thread, draft=Draft(text, language), **rest).comment
    _keep_up()
    return comment


def _keep_up() -> None:
    while index_events() or fill():
        pass


def _found(words: str, language: str = "en", **rest: Any) -> list[int | None]:
    """Numbers of the comments that are found; ``None`` for an article."""
    finds = search(Asked(words, **rest), ReaderView(language))
    return [one.comment.number if one.comment else None for one in finds.items]


def test_a_comment_is_found_by_its_words_and_by_those_of_the_readers_edition(
    carmen: Actor, thread: Any, engine: Script, work: Work
) -> None:
    engine(answers={f"en|{SPANISH}": ENGLISH})
    _post(carmen, thread, SPANISH, "es")
    assert _found("lamparas azules") == [1]
    assert _found("blue") == []
    work()
    _keep_up()
    assert _found("blue lamp") == [1]
    assert _found("lampara azul", "es") == [1]
    assert _found("blue", "es") == []
    (find,) = search(Asked("blue"), ReaderView("en")).items
    assert ("blue", True) in find.parts
    assert find.text is not None
    assert find.text.state == "machine"


def test_an_article_is_found_and_leads_to_its_page(thread: Any) -> None:
    _keep_up()
    (find,) = search(Asked("whispers loudly"), ReaderView("en")).items
    assert find.comment is None
    assert find.path == find.card.path
    assert find.parts[0] == ("Nobody ", False)


def test_a_text_that_is_hit_in_two_languages_is_there_once(
    carmen: Actor, thread: Any, engine: Script, work: Work
) -> None:
    engine(answers={"en|La casa de Borges es azul.": "The house of Borges is blue."})
    _post(carmen, thread, "La casa de Borges es azul.", "es")
    work()
    _keep_up()
    assert Entry.objects.filter(kind="comment").count() >= 2
    assert _found("Borges") == [1]


def test_what_is_held_or_was_taken_away_is_found_by_nobody(ada: Actor, carmen: Actor, mina: Actor, thread: Any) -> None:
    with comments_wait():
        held = _post(ada, thread, "The turquoise curtain is held.")
    assert _found("turquoise") == []
    decide(actor=mina, comment=held, act="release")
    _keep_up()
    assert _found("turquoise") == [1]
    decide(actor=mina, comment=held, act="remove", grounds=Grounds("spam"))
    assert _found("turquoise") == []  # at once, whatever the index still says
    _keep_up()
    assert not Entry.objects.filter(kind="comment").exists()
    other = _post(carmen, thread, "The turquoise curtain again.")
    withdraw_comment(actor=carmen, comment=other)
    assert _found("turquoise") == []


def test_an_edited_comment_is_found_by_its_new_words_alone(ada: Actor, thread: Any) -> None:
    comment = _post(ada, thread, "The turquoise curtain.")
    edit_comment(actor=ada, comment=comment, text="The crimson curtain.")
    _keep_up()
    assert _found("turquoise") == []
    assert _found("crimson") == [1]


def test_filters_narrow_what_is_found(ada: Actor, carmen: Actor, thread: Any) -> None:
    with clock.stopped_at(NOON):
        _post(ada, thread, "The Borges lamps.")
    with clock.stopped_at(NOON + timedelta(days=2)):
        _post(carmen, thread, "Las lámparas de Borges.", "es")
    assert set(_found("borges")) == {1, 2}
    assert _found("borges", author="carmen") == [2]
    assert _found("borges", author="nobody") == []
    assert _found("borges", written_in="es") == [2]
    assert _found("borges", since=NOON + timedelta(days=1)) == [2]
    assert _found("borges", until=NOON + timedelta(days=1)) == [1]
    assert _found("borges", section="town", newest_first=True) == [2, 1]
    assert _found("borges", section="nowhere") == []
    assert _found("borges", kind="article") == []


def test_what_was_there_before_is_found_after_a_rebuild(ada: Actor, thread: Any) -> None:
    for number in range(3):
        _post(ada, thread, f"Curtain number {number}.")
    rebuild()
    assert _found("curtain") == []
    _keep_up()
    assert sorted(number or 0 for number in _found("curtain")) == [1, 2, 3]
    assert _found("whispers") == [None]


@pytest.mark.parametrize(
    "words", ['horses" OR *) NEAR', "'; DROP TABLE search_entry; --", "a:b", "(", "½ cup", "ﷺ", "\0", "x" * 5000, "&|!"]
)
def test_signs_of_the_databases_own_language_are_no_more_than_signs(words: str, thread: Any, client: Client) -> None:
    assert client.get("/en/search", {"q": words}).status_code in (200, 422)


def test_a_search_needs_the_same_queries_whatever_it_finds(ada: Actor, thread: Any) -> None:
    def queries_now() -> int:
        with CaptureQueriesContext(connection) as queries:
            _found("curtain")
        return len(queries)

    _post(ada, thread, "Curtain number 0.")
    few = queries_now()
    for number in range(1, 15):
        _post(ada, thread, f"Curtain number {number}.")
    assert len(_found("curtain")) == 15
    assert queries_now() == few


def test_the_page_shows_finds_and_keeps_what_was_asked(ada: Actor, thread: Any, client: Client) -> None:
    for number in range(25):
        _post(ada, thread, f"Curtain number {number}.")
    page = client.get("/en/search", {"q": "curtain", "kind": "comment"})
    text = page.content.decode()
    assert text.count('<article class="find">') == 20
    assert "<mark>Curtain</mark>" in text
    assert "q=curtain&amp;kind=comment&amp;page=2" in text
    second = client.get("/en/search", {"q": "curtain", "kind": "comment", "page": "2"}).content.decode()
    assert second.count('<article class="find">') == 5
    assert "Nothing was found" in client.get("/en/search", {"q": "zeppelin"}).content.decode()
    for day in ("yesterday", "9999-12-31", "0001-01-01"):
        assert client.get("/en/search", {"q": "curtain", "since": day, "until": day}).status_code == 422


def test_articles_are_found_where_nobody_has_commented_yet(make_article: MakeArticle) -> None:
    make_article()
    rebuild()
    _keep_up()
    assert _found("whispers") == [None]
