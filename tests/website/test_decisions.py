"""Statements of reasons, objections, and sanctions as readers see them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.appealing import object_to
from dragoman.conversation.editing import edit_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import access_comment
from dragoman.conversation.sanctions import impose
from dragoman.foundation.clock import now
from dragoman.moderation import rulebook
from dragoman.moderation.actions import Grounds
from dragoman.moderation.models import Appeal
from dragoman.moderation.rulebook import TypedList
from dragoman.notifications.gathering import gather
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation.models import Unit
from tests.conftest import MakeActor, MakeArticle, account_of, comments_wait

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
RUDE = Grounds("abuse", "It calls the baker names.")


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def comment(ada: Actor, mina: Actor, page: ArticlePage, thread_of: Callable[..., Any]) -> Comment:
    rulebook.save_list(actor=mina, typed=TypedList("Insults", "en", "word", "flag", "fool"))
    draft = Draft("The baker is a fool.", "en")
    return post_comment(actor=ada, thread=thread_of(page), draft=draft).comment


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(account_of(actor), backend=BACKEND)
    return client


def test_the_writer_reads_reason_rule_and_passage_and_objects_once(ada: Actor, mina: Actor, comment: Comment) -> None:
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    address, client = f"/es/comments/{comment.pk}/decision", signed_in(ada)
    html = client.get(address).content.decode()
    for words in ("insultos o acoso", "It calls the baker names.", '<q dir="auto">fool</q>', "The baker is a fool."):
        assert words in html
    assert client.post(address, {"words": " "}).status_code == 422
    assert client.post(address, {"words": "I meant the bread."}).headers["Location"] == address
    assert "I meant the bread." in client.get(address).content.decode()
    assert Appeal.objects.get().words == "I meant the bread."
    assert client.post(address, {"words": "Again."}).status_code == 409


def test_nobody_else_reads_a_statement(ada: Actor, carmen: Actor, mina: Actor, comment: Comment) -> None:
    address = f"/en/comments/{comment.pk}/decision"
    assert signed_in(ada).get(address).status_code == 404
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    assert signed_in(carmen).get(address).status_code == 404
    assert signed_in(mina).get(address).status_code == 404
    assert Client().get(address).status_code == 401
    assert signed_in(ada).get(address).headers["Cache-Control"] == "private, no-store"


def test_the_way_to_the_statement_stands_where_the_comment_was(
    ada: Actor, mina: Actor, page: Any, comment: Any
) -> None:
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    path = f"/en/town/{page.number}-the-library-stays-open-at-night"
    assert f"/en/comments/{comment.pk}/decision" in signed_in(ada).get(path).content.decode()
    assert f"/en/comments/{comment.pk}/decision" not in Client().get(path).content.decode()


def test_who_is_suspended_reads_why_and_until_when_and_keeps_the_text(
    ada: Actor, mina: Actor, page: ArticlePage
) -> None:
    impose(actor=mina, kind="suspend", grounds=RUDE, reader_id=ada.id, until=now() + timedelta(days=3))
    client = signed_in(ada)
    answer = client.post(f"/en/town/{page.number}/write", {"text": "Let me in.", "language": "en"})
    assert answer.status_code == 403
    assert "You cannot write here until" in answer.content.decode()
    assert "Let me in." in answer.content.decode()
    standing = client.get("/en/standing").content.decode()
    for words in ("suspended", "insult or harassment", "It calls the baker names."):
        assert words in standing
    assert "Nothing was decided about your account." in signed_in(mina).get("/en/standing").content.decode()
    assert Client().get("/en/standing").status_code == 302


def test_the_trap_is_not_for_people(ada: Actor, page: ArticlePage) -> None:
    client = signed_in(ada)
    address = f"/en/town/{page.number}-the-library-stays-open-at-night/write"
    assert 'name="website" tabindex="-1"' in client.get(address).content.decode()
    answer = client.post(address, {"text": "Buy lamps.", "language": "en", "website": "https://lamps.example"})
    assert answer.status_code == 422
    assert not Comment.objects.exists()


def test_words_between_staff_and_a_writer_are_on_no_translators_page(
    ada: Actor, carmen: Actor, mina: Actor, make_actor: MakeActor, comment: Comment
) -> None:
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=ada, comment=access_comment(comment.pk), decision_id=removal, words="I meant the bread.")
    impose(actor=mina, kind="warn", grounds=RUDE, reader_id=ada.id)
    units = Unit.objects.filter(owner_kind__in=["decision", "appeal", "sanction"]).values_list("pk", flat=True)
    assert len(units) == 3
    for actor in (carmen, make_actor("Thea", "translator")):
        for unit in units:
            assert signed_in(actor).get(f"/es/translations/{unit}").status_code == 404


def test_who_is_told_no_hears_of_it(ada: Actor, mina: Actor, make_actor: MakeActor, comment: Comment) -> None:
    gather()
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=ada, comment=access_comment(comment.pk), decision_id=removal, words="I meant the bread.")
    decide(actor=make_actor("Mo", "moderator"), comment=access_comment(comment.pk), act="uphold")
    gather()
    html = signed_in(ada).get("/en/notifications").content.decode()
    assert "Another moderator has looked at it: the decision stands." in html
    assert f"/en/comments/{comment.pk}/decision" in html


def test_who_is_suspended_takes_no_other_name_but_may_change_the_rest(ada: Actor, mina: Actor) -> None:
    impose(actor=mina, kind="suspend", grounds=RUDE, reader_id=ada.id, until=now() + timedelta(days=3))
    client, sent = signed_in(ada), {"nickname": "Ada2", "edition": "es", "languages": "en"}
    answer = client.post("/en/settings", sent)
    assert answer.status_code == 403
    assert "You cannot write here until" in answer.content.decode()
    assert client.post("/en/settings", sent | {"nickname": "Ada"}).status_code == 302
    assert (account_of(ada).nickname, account_of(ada).edition) == ("Ada", "es")


def test_words_that_were_changed_since_the_page_was_made_are_not_released_unread(
    ada: Actor, mina: Actor, page: ArticlePage, thread_of: Callable[..., Any]
) -> None:
    with comments_wait():
        held = post_comment(actor=ada, thread=thread_of(page), draft=Draft("Let us be friendly.", "en")).comment
    client = signed_in(mina)
    html = client.get(f"/en/town/{page.number}", follow=True).content.decode()
    form = re.search(rf'action="(/en/comments/{held.pk}/release)">.*?name="version" value="(\w+)"', html, re.DOTALL)
    assert form is not None
    edit_comment(actor=ada, comment=held, text="You are all fools.")
    answer = client.post(form[1], {"version": form[2]})
    assert (answer.status_code, Comment.objects.get().state) == (409, "held")
    html = client.get(f"/en/town/{page.number}", follow=True).content.decode()
    version = re.search(r'name="version" value="(\w+)"', html)
    assert version is not None
    assert client.post(form[1], {"version": version[1]}).status_code == 303
    assert Comment.objects.get().state == "visible"
