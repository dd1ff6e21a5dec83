"""Buttons and forms under a comment, as a browser without scripts sends them."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation import actions
from dragoman.conversation.actions import Draft
from dragoman.conversation.models import Comment, Follow, Visit
from dragoman.conversation.policies import EDIT_WINDOW
from dragoman.foundation import clock
from dragoman.moderation.models import Report
from dragoman.publication.models import ArticlePage
from dragoman.readers.actions import verify_reader
from dragoman.readers.errors import NoSuchReader
from dragoman.readers.models import Mute
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, account_of, comments_wait

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ThreadOf = Callable[[ArticlePage], Any]


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def comment(ada: Actor, page: ArticlePage, thread_of: ThreadOf) -> Comment:
    draft = Draft("The lamps are green tonight.", "en")
    return actions.post_comment(actor=ada, thread=thread_of(page), draft=draft).comment


def _as(actor: Actor) -> Client:
    client = Client()
    client.force_login(account_of(actor), backend=BACKEND)
    return client


def _shown(client: Client, page: ArticlePage, query: str = "") -> str:
    return client.get(f"/en/town/{page.number}-the-library-stays-open-at-night{query}").content.decode()


def test_a_vote_brings_the_reader_back_to_the_comment(carmen: Actor, page: ArticlePage, comment: Comment) -> None:
    client = _as(carmen)
    answer = client.post(f"/en/comments/{comment.pk}/vote/up")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#c1")
    shown = _shown(client, page)
    assert 'aria-pressed="true">agree <span data-votes="up">1</span>' in shown
    assert f"/en/comments/{comment.pk}/vote/none" in shown


def test_our_script_gets_the_comment_alone(carmen: Actor, comment: Comment) -> None:
    answer = _as(carmen).post(f"/en/comments/{comment.pk}/vote/up", headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert text.lstrip().startswith("<article")
    assert 'data-votes="up">1<' in text


def test_who_is_not_signed_in_is_sent_to_sign_in_and_nothing_is_counted(client: Client, comment: Comment) -> None:
    answer = client.post(f"/en/comments/{comment.pk}/vote/up")
    assert "/account/login" in answer.headers["Location"]
    comment.refresh_from_db()
    assert comment.up == 0


@pytest.mark.parametrize("address", ["vote/sideways", "decide/burn", "decide/hold", "burn", "keep/x"])
def test_what_is_no_act_is_not_found(carmen: Actor, comment: Comment, address: str) -> None:
    assert _as(carmen).post(f"/en/comments/{comment.pk}/{address}", {"reason": "spam"}).status_code == 404


@pytest.mark.parametrize("address", ["vote/up", "withdraw", "report", "edit", "history", "pick", "language"])
def test_a_comment_that_never_was_is_not_found(carmen: Actor, page: ArticlePage, address: str) -> None:
    answer = _as(carmen).post(f"/en/comments/99999/{address}", {"reason": "spam"})
    assert answer.status_code in (404, 405)


def test_an_edit_is_previewed_saved_and_shown_with_its_history(ada: Actor, page: ArticlePage, comment: Comment) -> None:
    client = _as(ada)
    address = f"/en/comments/{comment.pk}/edit"
    assert "The lamps are green tonight." in client.get(address).content.decode()
    preview = client.post(address, {"text": "The lamps are **blue** tonight.", "preview": "1"})
    assert "<strong>blue</strong>" in preview.content.decode()
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "The lamps are blue tonight."}).status_code == 303
    assert "The lamps are blue tonight." in _shown(client, page)
    history = Client().get(f"/en/comments/{comment.pk}/history").content.decode()
    assert history.index("blue tonight") < history.index("green tonight")


def test_after_the_edit_window_the_form_is_gone(ada: Actor, comment: Comment, page: ArticlePage) -> None:
    Comment.objects.update(released_at=clock.now() - EDIT_WINDOW - timedelta(seconds=1))
    client = _as(ada)
    assert client.get(f"/en/comments/{comment.pk}/edit").status_code == 404
    assert f"/en/comments/{comment.pk}/edit" not in _shown(client, page)


def test_a_removed_comments_history_is_gone(ada: Actor, mina: Actor, comment: Comment) -> None:
    _as(ada).post(f"/en/comments/{comment.pk}/edit", {"text": "The lamps are blue tonight."})
    moderator = _as(mina)
    moderator.post(f"/en/comments/{comment.pk}/decide/remove", {"reason": "spam"})
    for client in (Client(), moderator):
        assert client.get(f"/en/comments/{comment.pk}/history").status_code == 404


def test_a_held_comment_shows_its_words_to_its_writer_and_staff_only(
    ada: Actor, carmen: Actor, mina: Actor, page: ArticlePage, comment: Comment
) -> None:
    _as(mina).post(f"/en/comments/{comment.pk}/decide/hold", {"reason": "abuse"})
    for actor, sees in ((ada, True), (mina, True), (carmen, False)):
        client = _as(actor)
        assert ("green tonight" in _shown(client, page)) is sees
        fragment = client.get(f"/en/fragment/comment/{comment.pk}@held")
        assert ("green tonight" in fragment.content.decode()) is sees
    assert "A moderator is looking at this comment." in _shown(Client(), page)


def test_a_report_is_thanked_for(carmen: Actor, comment: Comment) -> None:
    client = _as(carmen)
    address = f"/en/comments/{comment.pk}/report"
    assert "insult or harassment" in client.get(address).content.decode()
    assert client.post(address, {}).status_code == 422
    assert "Thank you." in client.post(address, {"reason": "abuse", "note": "Rude."}).content.decode()
    assert Report.objects.get().note == "Rude."


def test_a_muted_readers_words_are_folded_away_and_come_back(
    carmen: Actor, page: ArticlePage, comment: Comment
) -> None:
    client = _as(carmen)
    back = f"/en/town/{page.number}-the-library-stays-open-at-night#c1"
    answer = client.post("/en/readers/Ada/mute", {"muted": "yes", "back": back})
    assert answer.headers["Location"] == back
    assert "You have muted this reader." in _shown(client, page)
    assert "You have muted this reader." not in _shown(Client(), page)
    client.post("/en/readers/Ada/mute", {"muted": "no"})
    assert not Mute.objects.exists()


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)"])
def test_nobody_is_sent_elsewhere_after_muting(carmen: Actor, ada: Actor, back: str) -> None:
    answer = _as(carmen).post("/en/readers/Ada/mute", {"muted": "yes", "back": back})
    assert answer.headers["Location"] == "/en/readers/Ada"


def test_nobody_mutes_himself(ada: Actor, comment: Comment) -> None:
    assert _as(ada).post("/en/readers/Ada/mute", {"muted": "yes"}).status_code == 422


def test_a_conversation_is_followed_and_left(carmen: Actor, page: ArticlePage, comment: Comment) -> None:
    client = _as(carmen)
    address = f"/en/conversations/{page.number}/follow"
    assert client.post(address, {"follows": "yes"}).status_code == 303
    assert "stop following" in _shown(client, page)
    client.post(address, {"follows": "no"})
    assert not Follow.objects.exists()
    assert Client().post(address, {"follows": "yes"}).status_code == 401


def test_how_far_one_has_read_is_kept(carmen: Actor, page: ArticlePage, comment: Comment) -> None:
    client = _as(carmen)
    address = f"/en/conversations/{page.number}/seen"
    assert client.post(address, {"up_to": "1"}).status_code == 204
    assert Visit.objects.get().read_up_to == 1
    for bad in ("", "-1", "x", "9" * 40):
        assert client.post(address, {"up_to": bad}).status_code == 404


def test_badges_tell_staff_and_those_whom_the_newsroom_knows(
    mina: Actor, ada: Actor, page: ArticlePage, comment: Comment, thread_of: ThreadOf
) -> None:
    actions.post_comment(actor=mina, thread=thread_of(page), draft=Draft("I read this thread.", "en"))
    verify_reader(nickname="ADA", verified=True)
    shown = _shown(Client(), page)
    assert shown.index("badge-verified") < shown.index("green tonight") < shown.index("badge-staff")
    verify_reader(nickname="Ada", verified=False)
    assert "badge-verified" not in _shown(Client(), page)
    with pytest.raises(NoSuchReader):
        verify_reader(nickname="Nobody", verified=True)


@pytest.mark.parametrize("order", ["newest", "best", "replied", "tree", "sideways", ""])
def test_every_order_shows_the_comment_and_says_which_it_is(page: ArticlePage, comment: Comment, order: str) -> None:
    shown = _shown(Client(), page, f"?order={order}&from=1")
    assert 'id="c1"' in shown
    current = order if order in ("newest", "best", "replied", "tree") else ""
    assert (f'?order={current}#conversation" aria-current="true"' in shown) is bool(current)


def test_a_picked_comment_is_pinned_and_its_number_leads_to_one_place(
    mina: Actor, page: ArticlePage, comment: Comment
) -> None:
    _as(mina).post(f"/en/comments/{comment.pk}/pick")
    shown = _shown(Client(), page)
    assert shown.count(f'data-comment="{comment.pk}"') == 2
    assert shown.count('id="c1"') == 1


def test_staff_find_what_was_reported_and_what_is_held_and_readers_do_not(
    carmen: Actor, mina: Actor, page: ArticlePage, comment: Comment, thread_of: ThreadOf
) -> None:
    draft = Draft("Held words about bread.", "en")
    with comments_wait():
        actions.post_comment(actor=carmen, thread=thread_of(page), draft=draft)
    _as(carmen).post(f"/en/comments/{comment.pk}/report", {"reason": "hate", "note": "I am hurt by this."})
    moderator = _as(mina)
    assert moderator.get("/en/waiting").headers["Location"] == "/admin/comments/"
    reported = moderator.get("/admin/comments/").content.decode()
    for words in ("hatred against a group", "I am hurt by this.", "green tonight"):
        assert words in reported
    assert "Held words about bread." in moderator.get("/admin/comments/held/").content.decode()
    moderator.post(f"/en/comments/{comment.pk}/keep")
    assert "green tonight" not in moderator.get("/admin/comments/").content.decode()
    assert _as(carmen).get("/en/waiting").status_code == 403
    assert Client().get("/en/waiting").status_code == 401


def test_a_reported_comment_of_an_unpublished_article_is_still_to_be_decided(
    carmen: Actor, mina: Actor, page: ArticlePage, comment: Comment
) -> None:
    _as(carmen).post(f"/en/comments/{comment.pk}/report", {"reason": "spam"})
    page.unpublish()
    moderator = _as(mina)
    assert "green tonight" in moderator.get("/admin/comments/").content.decode()
    address = f"/en/comments/{comment.pk}/decide/remove"
    assert moderator.get(address).status_code == 200
    assert moderator.post(address, {"reason": "spam"}).headers["Location"] == "/en/waiting"


def _quote_first_sentence(client: Client, page: ArticlePage, query: str, text: str) -> None:
    """By the form that a browser without scripts gets."""
    address = f"/en/town/{page.number}-the-library-stays-open-at-night/write"
    form = client.get(address + query).content.decode()
    found = re.search(r'name="quote" value="([^"]+)"', form)
    assert found
    assert client.post(address, {"text": text, "language": "en", "quote": found[1]}).status_code == 303


def test_a_sentence_of_a_comment_is_quoted_without_scripts(carmen: Actor, page: ArticlePage, comment: Comment) -> None:
    client = _as(carmen)
    _quote_first_sentence(client, page, "?reply_to=1&quote_of=1", "I have seen them too.")
    shown = _shown(Client(), page)
    answer = shown[shown.index('id="c2"') :]
    assert "The lamps are green tonight." in answer
    assert "from comment 1" in answer


@pytest.mark.parametrize("number", ["99", "0", "x", "9" * 30])
def test_of_a_comment_that_is_not_there_nothing_can_be_quoted(carmen: Actor, page: ArticlePage, number: str) -> None:
    address = f"/en/town/{page.number}-the-library-stays-open-at-night/write?quote_of={number}"
    answer = _as(carmen).get(address)
    assert (answer.status_code in (200, 404), "Which sentence" in answer.content.decode()) == (True, False)


def test_what_was_removed_cannot_be_quoted_and_is_no_longer_shown_where_it_was(
    carmen: Actor, mina: Actor, page: ArticlePage, comment: Comment
) -> None:
    client = _as(carmen)
    _quote_first_sentence(client, page, "?quote_of=1", "I have seen them too.")
    _as(mina).post(f"/en/comments/{comment.pk}/decide/remove", {"reason": "spam"})
    assert "The lamps are green tonight." not in _shown(client, page)
    form = client.get(f"/en/town/{page.number}-the-library-stays-open-at-night/write?quote_of=1").content.decode()
    assert "Which sentence" not in form


def test_a_quoted_passage_is_marked_and_opens_exactly_the_comments_that_quote_it(
    carmen: Actor, page: ArticlePage, comment: Comment
) -> None:
    client = _as(carmen)
    block = re.findall(r'/write\?block=([^"]+)"', _shown(client, page))[0]
    _quote_first_sentence(client, page, f"?block={block}", "Green is a good colour.")
    shown = _shown(Client(), page)
    assert shown.count("quoted-here") == 1
    assert "quoted in 1 comment" in shown
    opened = _shown(Client(), page, f"?quoting={block}")
    assert re.findall(r'id="(c\d+)"', opened) == ["c2"]
    other = re.findall(r'/write\?block=([^"]+)"', shown)[1]
    assert re.findall(r'id="(c\d+)"', _shown(Client(), page, f"?quoting={other}")) == []
    assert len(re.findall(r'id="(c\d+)"', _shown(Client(), page, "?quoting=nothing"))) == 2
