"""Parts of pages that are remembered as HTML."""

import re
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation import actions as conversation
from dragoman.conversation.actions import Draft
from dragoman.conversation.queries import ReaderView, ShownComment, comment_by_id
from dragoman.conversation.voting import cast_vote
from dragoman.foundation.remembered import Remembered
from dragoman.readers.policies import Actor
from dragoman.website import rendered
from tests.conftest import MakeArticle, account_of


@pytest.fixture
def comment(ada: Actor, make_article: MakeArticle) -> ShownComment:
    thread = conversation.thread_at(key=f"article:{make_article().number}")
    made = conversation.post_comment(actor=ada, thread=thread, draft=Draft("The lamps are green.", "en")).comment
    return comment_by_id(made.pk, ReaderView("en"))[0]


def test_a_page_of_remembered_comments_is_the_page_that_is_rendered_anew(
    client: Client, comment: ShownComment, ada: Actor, carmen: Actor, monkeypatch: Any
) -> None:
    address = "/en/town/1-the-library-stays-open-at-night"
    client.get(address)
    thread = conversation.thread_at(key="article:1")
    conversation.post_comment(actor=carmen, thread=thread, draft=Draft("So are the doors.", "en", reply_to=1))
    cast_vote(actor=carmen, comment=conversation.thread_at(key="article:1").comments.get(number=1), value=1)
    remembered = client.get(address).content
    monkeypatch.setattr(rendered, "comments", Remembered(1))
    monkeypatch.setattr(rendered, "articles", Remembered(1))
    assert client.get(address).content == remembered


def test_each_reader_has_own_buttons_and_an_own_token_against_forgery(
    client: Client, comment: ShownComment, ada: Actor, carmen: Actor, mina: Actor
) -> None:
    address = "/en/town/1-the-library-stays-open-at-night"
    shown: dict[str, str] = {}
    tokens: set[str] = set()
    for actor in (ada, carmen, mina, None, ada):
        browser = Client()
        if actor is not None:
            browser.force_login(account_of(actor), backend="allauth.account.auth_backends.AuthenticationBackend")
        words = browser.get(address).content.decode().split('id="comments"')[1].split("</article>")[0]
        found = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', words))
        assert len(found) == (0 if actor is None else 1)
        assert all(len(token) == 64 for token in found)
        assert not found & tokens
        tokens |= found
        shown[actor.nickname if actor else ""] = re.sub(r'value="\w{64}"', "", words)
    assert [name for name, words in shown.items() if "take back" in words] == ["Ada"]
    assert [name for name, words in shown.items() if "/decide/remove" in words] == ["Mina"]
    assert [name for name, words in shown.items() if "mute this reader" in words] == ["Carmen", "Mina"]


def test_an_article_says_what_it_says_now(client: Client, ada: Actor, make_article: MakeArticle, db: None) -> None:
    page = make_article()
    address = "/en/town/1-the-library-stays-open-at-night"
    client.get(address)
    page.bylines.all().delete()
    changed = page.specific_class.objects.get(pk=page.pk)
    changed.comments_open = False
    changed.save_revision().publish()
    assert "quote-link" not in client.get(address).content.decode()
