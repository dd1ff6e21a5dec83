"""Profiles, and what concerns a reader."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import withdraw_comment
from dragoman.conversation.queries import WINDOW, access_numbered
from dragoman.foundation import clock
from dragoman.notifications.actions import note_bounce
from dragoman.notifications.gathering import gather
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from tests.conftest import NOON, MakeArticle, account_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Any:
    gather()
    return thread_of(make_article())


def _post(actor: Actor, thread: Any, text: str, language: str = "en", **draft: Any) -> None:
    post_comment(actor=actor, thread=thread, draft=Draft(text, language, **draft))


def test_a_profile_shows_comments_in_every_language_with_their_articles(
    ada: Actor, thread: Any, client: Client
) -> None:
    _post(ada, thread, "The lamps are green.")
    _post(ada, thread, "Las lámparas son verdes.", "es")
    Reader.objects.filter(nickname="Ada").update(languages=["en", "fr"])
    shown = client.get("/en/readers/Ada").content.decode()
    assert "Member since" in shown
    assert "English 1 · Spanish 1" in shown
    assert "English, French" in shown
    assert shown.count('class="comment') == 2
    assert shown.count("The library stays open at night") == 2


def test_a_long_profile_is_read_window_by_window(ada: Actor, thread: Any, client: Client) -> None:
    for number in range(WINDOW + 10):
        with clock.stopped_at(NOON + timedelta(minutes=number)):
            _post(ada, thread, f"Comment number {number}.")
    first = client.get("/en/readers/Ada").content.decode()
    assert first.count('class="comment') == WINDOW
    older = re.search(r'href="\?before=(\d+)"', first)
    assert older
    second = client.get(f"/en/readers/Ada?before={older[1]}").content.decode()
    assert second.count('class="comment') == 10
    assert "?before=" not in second


def test_a_profile_needs_the_same_queries_however_much_was_written(ada: Actor, thread: Any, client: Client) -> None:
    def queries_now() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/readers/Ada")
        return len(queries)

    _post(ada, thread, "Comment number 0.")
    few = queries_now()
    for number in range(1, 10):
        _post(ada, thread, f"Comment number {number}.")
    assert queries_now() == few


def test_the_list_of_what_concerns_one_marks_it_as_seen(ada: Actor, carmen: Actor, thread: Any, client: Client) -> None:
    _post(ada, thread, "The lamps are green.")
    _post(carmen, thread, "Son *azules*.", "es", reply_to=1)
    gather()
    client.force_login(account_of(ada), backend=BACKEND)
    assert '<span class="told-number">1</span>' in client.get("/en/notifications/bell").content.decode()
    shown = client.get("/en/notifications").content.decode()
    assert "Carmen answered your comment" in shown
    assert "#c2" in shown
    assert "<em>azules</em>" in shown
    assert "told-number" not in client.get("/en/notifications/bell").content.decode()


def test_what_concerns_one_is_shown_to_oneself_alone(client: Client, thread: Any) -> None:
    for address in ("/en/notifications", "/en/notifications/settings"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]
    assert client.post("/en/notifications/device", {}).status_code == 302


def test_a_reader_whose_mail_comes_back_is_told_so(ada: Actor, thread: Any, client: Client) -> None:
    client.force_login(account_of(ada), backend=BACKEND)
    assert "came back" not in client.get("/en/notifications/settings").content.decode()
    note_bounce("ada@example.org", is_lasting=True)
    assert "came back" in client.get("/en/notifications/settings").content.decode()
    client.post("/en/notifications/settings", {"works": "1"})
    assert "came back" not in client.get("/en/notifications/settings").content.decode()


def test_what_was_removed_before_one_looked_leaves_no_number_behind(
    ada: Actor, carmen: Actor, thread: Any, client: Client
) -> None:
    _post(ada, thread, "The lamps are green.")
    _post(carmen, thread, "Words to be taken back.", reply_to=1)
    gather()
    withdraw_comment(actor=carmen, comment=access_numbered(thread, 2))
    client.force_login(account_of(ada), backend=BACKEND)
    assert "taken back" not in client.get("/en/notifications").content.decode()
    assert "told-number" not in client.get("/en/notifications/bell").content.decode()


@pytest.mark.parametrize("begin", ["", "%", "_", "\0", "x" * 500])
def test_names_to_choose_are_those_of_the_thread_and_for_who_may_write(
    begin: str, ada: Actor, carmen: Actor, mina: Actor, thread: Any, client: Client
) -> None:
    _post(ada, thread, "The lamps are green.")
    address = f"/en/fragment/mentions/{thread.key.partition(':')[2]}"
    assert "Ada" not in client.get(address, {"begin": "a"}).content.decode()
    client.force_login(account_of(carmen), backend=BACKEND)
    shown = client.get(address, {"begin": "a"}).content.decode()
    assert 'data-nickname="Ada"' in shown
    assert "Mina" not in client.get(address, {"begin": "m"}).content.decode()
    assert "data-nickname" not in client.get(address, {"begin": begin}).content.decode()


def test_a_preview_stores_nothing_and_says_what_is_wrong(ada: Actor, thread: Any, client: Client) -> None:
    address = "/en/fragment/preview"
    assert client.post(address, {"text": "*green*"}).status_code == 401
    client.force_login(account_of(ada), backend=BACKEND)
    assert "<em>" in client.post(address, {"text": "*green*", "language": "en"}).content.decode()
    assert "at most" in client.post(address, {"text": "x" * 1_000_000}).content.decode()
    assert "&lt;script&gt;" in client.post(address, {"text": "<script>alert(1)</script>"}).content.decode()


def test_a_reply_to_a_removed_comment_stands_and_says_to_what(
    ada: Actor, carmen: Actor, thread: Any, client: Client
) -> None:
    _post(ada, thread, "The lamps are green.")
    withdraw_comment(actor=ada, comment=access_numbered(thread, 1))
    _post(carmen, thread, "What was here?", reply_to=1)
    page = client.get(f"/en/fragment/window/{thread.key.partition(':')[2]}?after=0").content.decode()
    assert "in reply to 1" in page
    assert "took this comment back" in page
