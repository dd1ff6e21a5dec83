"""In which language a comment is: asked, never overruled, and put right later."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation import actions, queries
from dragoman.conversation.actions import Draft, language_to_ask_about
from dragoman.conversation.editing import change_language
from dragoman.conversation.errors import NoSuchComment
from dragoman.conversation.models import Comment
from dragoman.conversation.rules.quoting import Passage
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation.passages import sentences_of
from tests.conftest import MakeArticle, Script, Work, account_of

SPANISH = "Nadie preguntó a los conductores del autobús nocturno qué opinan de esto."
SAID_LATER = "Me parece muy bien."


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: Callable[[ArticlePage], Any]) -> Any:
    return thread_of(make_article())


def _post(actor: Actor, thread: Any, text: str = f"{SPANISH} {SAID_LATER}", language: str = "pt") -> Comment:
    return actions.post_comment(actor=actor, thread=thread, draft=Draft(text, language)).comment


def test_what_looks_like_another_language_than_was_said_is_asked_about() -> None:
    assert language_to_ask_about(Draft(SPANISH, "pt")) == "es"
    assert language_to_ask_about(Draft(SPANISH, "es")) is None
    assert language_to_ask_about(Draft(SPANISH, "")) is None, "nothing was said: detection answers by itself"
    assert language_to_ask_about(Draft("Ok!", "pt")) is None


def test_a_changed_language_keeps_number_and_sentences_and_is_translated_anew(
    carmen: Actor, thread: Any, engine: Script, work: Work
) -> None:
    comment = _post(carmen, thread)
    work()
    before = {one.text: one.occurrence for one in sentences_of(comment.unit_id or 0)}
    number = comment.number
    change_language(actor=carmen, comment=comment, language="es")
    comment.refresh_from_db()
    assert (comment.number, comment.language, comment.language_by) == (number, "es", "declared")
    assert {one.text: one.occurrence for one in sentences_of(comment.unit_id or 0)} == before
    shown = queries.comment_by_id(comment.pk, queries.ReaderView("fr"))[0]
    assert shown.text is not None
    assert (shown.text.state, shown.text.source_language) == ("pending", "es")
    work()
    shown = queries.comment_by_id(comment.pk, queries.ReaderView("fr"))[0]
    assert shown.text is not None
    assert shown.text.state in ("machine", "rough", "failed")
    assert queries.comment_by_id(comment.pk, queries.ReaderView("es"))[0].text.state == "original"  # type: ignore[union-attr]


def test_a_quote_of_the_comment_stays_where_it_was(ada: Actor, carmen: Actor, thread: Any, engine: Script) -> None:
    comment = _post(carmen, thread)
    sentence = sentences_of(comment.unit_id or 0)[0]
    passage = Passage(comment.unit_id or 0, sentence.block, sentence.occurrence, 1, 0, len(SPANISH), SPANISH)
    answer = actions.post_comment(actor=ada, thread=thread, draft=Draft("Exactly.", "en", quote=passage)).comment
    change_language(actor=carmen, comment=comment, language="es")
    (quote,) = queries.comment_by_id(answer.pk, queries.ReaderView("es"))[0].quotes
    assert quote.passage.exact == SPANISH
    assert quote.passage.source_language == "es"


def test_a_moderator_may_put_a_language_right_and_a_stranger_may_not(
    ada: Actor, carmen: Actor, mina: Actor, thread: Any
) -> None:
    comment = _post(carmen, thread)
    with pytest.raises(NoSuchComment):
        change_language(actor=ada, comment=comment, language="es")
    change_language(actor=mina, comment=comment, language="es")
    comment.refresh_from_db()
    assert (comment.language, comment.language_by) == ("es", "moderator")


@pytest.fixture
def carmens(client: Client, carmen: Actor) -> Client:
    client.force_login(account_of(carmen), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_form_asks_with_two_buttons_and_posts_what_is_answered(carmens: Client, make_article: MakeArticle) -> None:
    address = f"/en/town/{make_article().number}/write"
    sent = {"text": SPANISH, "language": "pt", "key": "one"}
    asked = carmens.post(address, sent)
    assert asked.status_code == 422
    assert 'name="sure" value="es"' in asked.content.decode()
    assert SPANISH in asked.content.decode(), "nothing that was written is lost"
    assert not Comment.objects.exists()
    assert carmens.post(address, {**sent, "sure": "pt"}).status_code == 303
    assert Comment.objects.get().language == "pt", "asked, never overruled"


def test_a_comments_language_is_changed_on_a_page_of_its_own(
    carmens: Client, carmen: Actor, thread: Any, mina: Actor
) -> None:
    comment = _post(carmen, thread)
    address = f"/en/comments/{comment.pk}/language"
    assert "change language" in carmens.get("/en/town/1", follow=True).content.decode()
    assert carmens.get(address).status_code == 200
    assert carmens.post(address, {"language": "klingon"}).status_code == 422
    assert carmens.post(address, {"language": "es"}).status_code == 303
    comment.refresh_from_db()
    assert comment.language == "es"
    carmens.logout()
    assert carmens.get(address).status_code == 404
