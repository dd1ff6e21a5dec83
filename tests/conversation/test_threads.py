"""Keeping order in a whole thread."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from dragoman.conversation import errors
from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.moderating import remove_branch, undo
from dragoman.conversation.threads import Order, keep_order, order_of
from dragoman.foundation.clock import now
from dragoman.foundation.errors import NotAllowed
from dragoman.moderation.actions import Grounds
from dragoman.moderation.errors import BadRule
from dragoman.moderation.rulebook import set_mode
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, Script, Work, account_of
from tests.desk.conftest import BACKEND

Post = Callable[..., Comment]
_texts = iter(range(10_000))


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def thread(page: ArticlePage, thread_of: Callable[..., Any]) -> Thread:
    found: Thread = thread_of(page)
    return found


@pytest.fixture
def post(thread: Thread) -> Post:
    def write(actor: Actor, **draft: Any) -> Comment:
        draft = {"text": f"Text number {next(_texts)}.", "language": "en"} | draft
        return post_comment(actor=actor, thread=Thread.objects.get(pk=thread.pk), draft=Draft(**draft)).comment

    return write


def page_of(page: ArticlePage, edition: str = "en", client: Client | None = None) -> str:
    return (client or Client()).get(f"/{edition}/town/{page.number}", follow=True).content.decode()


def test_a_closed_thread_takes_no_comments_and_its_page_says_so(
    ada: Actor, mina: Actor, page: ArticlePage, thread: Thread, post: Post
) -> None:
    keep_order(actor=mina, thread_id=thread.pk, order=Order(is_open=False))
    with pytest.raises(errors.ThreadClosed):
        post(ada)
    assert "Comments on this article are closed." in page_of(page)
    keep_order(actor=mina, thread_id=thread.pk, order=Order())
    assert post(ada).number == 1


def test_a_thread_closes_by_itself(ada: Actor, mina: Actor, thread: Thread, post: Post) -> None:
    keep_order(actor=mina, thread_id=thread.pk, order=Order(closes_at=now() + timedelta(hours=1)))
    assert post(ada).number == 1
    with time_machine.travel(now() + timedelta(hours=2), tick=False), pytest.raises(errors.ThreadClosed):
        post(ada)


def test_a_slowed_thread_lets_each_reader_wait(
    ada: Actor, carmen: Actor, mina: Actor, thread: Thread, post: Post
) -> None:
    keep_order(actor=mina, thread_id=thread.pk, order=Order(slow_seconds=600))
    with time_machine.travel(now(), tick=False) as clock:
        post(ada)
        clock.shift(timedelta(minutes=9))
        post(carmen)
        with pytest.raises(errors.SlowMode) as caught:
            post(ada)
        assert caught.value.seconds == 60
        clock.shift(timedelta(minutes=1))
        assert post(ada).number == 3


def test_an_announcement_is_pinned_in_every_language(
    mina: Actor, page: ArticlePage, thread: Thread, engine: Script, work: Work
) -> None:
    engine(answers={"es|Please be kind.": "Sed amables, por favor."})
    keep_order(actor=mina, thread_id=thread.pk, order=Order(announcement="Please be kind.", language="en"))
    work()
    assert "Please be kind." in page_of(page)
    assert "Sed amables, por favor." in page_of(page, "es")
    assert order_of(thread.pk)[1].announcement == "Please be kind."
    keep_order(actor=mina, thread_id=thread.pk, order=Order())
    assert "amables" not in page_of(page, "es")


@pytest.mark.parametrize(
    "order", [Order(slow_seconds=-1), Order(slow_seconds=90_000), Order(announcement="x" * 1001, language="en")]
)
def test_an_impossible_order_is_refused_and_nothing_is_changed(mina: Actor, thread: Thread, order: Order) -> None:
    with pytest.raises((errors.TooSlow, errors.CommentTooLong)):
        keep_order(actor=mina, thread_id=thread.pk, order=order)
    assert order_of(thread.pk)[1] == Order()


def test_only_staff_keep_order(ada: Actor, mina: Actor, thread: Thread) -> None:
    with pytest.raises(NotAllowed):
        keep_order(actor=ada, thread_id=thread.pk, order=Order(is_open=False))
    with pytest.raises(errors.NoSuchThread):
        keep_order(actor=mina, thread_id=999, order=Order(is_open=False))


@pytest.mark.parametrize("scope", ["site", "section", "place"])
def test_comments_are_switched_off_whatever_else_is_said_and_on_again(
    ada: Actor, mina: Actor, page: ArticlePage, section: Any, post: Post, scope: str
) -> None:
    key = {"site": "", "section": str(section.pk), "place": f"article:{page.number}"}[scope]
    set_mode(actor=mina, scope="reader", key=str(ada.id), mode="after")
    set_mode(actor=mina, scope=scope, key=key, mode="closed")
    with pytest.raises(errors.CommentsOff):
        post(ada)
    assert "Comments on this article are closed." in page_of(page)
    set_mode(actor=mina, scope=scope, key=key, mode="")
    assert post(ada).number == 1


def test_nobody_is_shut_out_for_a_language(mina: Actor) -> None:
    with pytest.raises(BadRule):
        set_mode(actor=mina, scope="language", key="ar", mode="closed")


def test_a_branch_is_removed_with_one_click_and_taken_back(ada: Actor, carmen: Actor, mina: Actor, post: Post) -> None:
    first = post(ada)
    answer = post(carmen, reply_to=1)
    deep = post(ada, reply_to=2)
    beside = post(carmen)
    done = remove_branch(actor=mina, comment=first, grounds=Grounds("off-topic"))
    states = dict(Comment.objects.values_list("pk", "state"))
    assert states == {first.pk: "removed", answer.pk: "removed", deep.pk: "removed", beside.pk: "visible"}
    for decision, pk in done:
        undo(actor=mina, comment=Comment.objects.get(pk=pk), decision=decision)
    assert set(Comment.objects.values_list("state", flat=True)) == {"visible"}


def test_the_desk_keeps_order(client: Client, mina: Actor, thread: Thread, page: ArticlePage) -> None:
    client.force_login(account_of(mina), backend=BACKEND)
    address = f"/admin/comments/thread/{thread.pk}/"
    assert f'href="{address}"' in page_of(page, client=client)
    told = {"slow_seconds": 60, "closes_at": "2026-12-01T10:00", "announcement": "Be kind.", "language": "en"}
    assert client.post(address, told).status_code == 302
    row = Thread.objects.get(pk=thread.pk)
    assert (row.is_open, row.slow_seconds, row.closes_at is not None) == (False, 60, True)
    assert "Be kind." in client.get(address).content.decode()
    assert client.post(address, told | {"slow_seconds": 10**9}).status_code == 200
    assert client.get("/admin/comments/thread/999/").status_code == 404
