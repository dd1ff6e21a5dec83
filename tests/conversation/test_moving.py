"""A branch that moves below another comment or into another conversation."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.conversation import errors
from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import withdraw_comment
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.moderating import decide, report_comment
from dragoman.conversation.moving import move_branch
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.rules.ordering import path_below
from dragoman.conversation.rules.quoting import Passage
from dragoman.conversation.windows import window
from dragoman.foundation.errors import NotAllowed
from dragoman.live.models import OutboxEvent
from dragoman.moderation.actions import Grounds
from dragoman.moderation.cases import claim
from dragoman.moderation.errors import CaseClaimed
from dragoman.moderation.models import Case, Decision
from dragoman.notifications.gathering import gather
from dragoman.notifications.models import Notification
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.search.indexing import fill, index_events
from dragoman.search.models import Entry
from dragoman.translation.models import Unit
from dragoman.translation.passages import sentences_of
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of, comments_wait, rules_off
from tests.desk.conftest import BACKEND

Post = Callable[..., Comment]
_texts = iter(range(100_000))


@pytest.fixture
def pages(make_article: MakeArticle) -> tuple[ArticlePage, ArticlePage]:
    return make_article("The library stays open"), make_article("The bridge is closed")


@pytest.fixture
def threads(pages: tuple[ArticlePage, ArticlePage], thread_of: Callable[..., Any]) -> tuple[Thread, Thread]:
    return thread_of(pages[0]), thread_of(pages[1])


@pytest.fixture
def post(threads: tuple[Thread, Thread]) -> Post:
    def write(actor: Actor, *, in_thread: int = 0, waits: bool = False, **draft: Any) -> Comment:
        draft = {"text": f"Text number {next(_texts)}.", "language": "en"} | draft
        with comments_wait(wait=waits):
            return post_comment(actor=actor, thread=threads[in_thread], draft=Draft(**draft)).comment

    return write


def again(comment: Comment) -> Comment:
    return Comment.objects.select_related("thread", "reply_to").get(pk=comment.pk)


def test_a_branch_takes_new_numbers_elsewhere_and_leaves_signposts_with_the_old_ones(
    ada: Actor, carmen: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    home, away = threads
    for _time in range(2):
        post(carmen, in_thread=1)
    parent, root = post(ada), post(carmen, reply_to=1)
    answer, other = post(ada, reply_to=2), post(ada)
    assert move_branch(actor=mina, comment=root, to=away) == 2
    root, answer = again(root), again(answer)
    assert [(one.thread_id, one.number, one.path) for one in (root, answer)] == [
        (away.pk, 3, "00000003"),
        (away.pk, 4, "0000000300000004"),
    ]
    assert (root.reply_to, answer.reply_to_id) == (None, root.pk)
    shown = window(home, ReaderView("en")).comments
    assert [(one.number, one.state, one.moved_to) for one in shown] == [
        (1, "visible", None),
        (2, "moved", (away.key, 3)),
        (3, "moved", (away.key, 4)),
        (4, "visible", None),
    ]
    assert [one.depth for one in shown] == [0, 1, 2, 0]
    assert [one.reply_to for one in shown] == [None, 1, 2, None]
    assert (again(parent).reply_count, again(root).reply_count, again(other).reply_count) == (0, 1, 0)
    assert post(ada, in_thread=1).number == 5


def test_back_home_comments_have_the_numbers_that_they_had(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    home, away = threads
    parent, root = post(ada), post(ada, reply_to=1)
    answer = post(ada, reply_to=2)
    move_branch(actor=mina, comment=root, to=away)
    late = post(ada, in_thread=1, reply_to=2)
    with pytest.raises(errors.WrongState):
        move_branch(actor=mina, comment=root, to=home, below=1)  # as it was: somebody has moved it since
    move_branch(actor=mina, comment=again(root), to=home, below=1)
    assert [(again(one).number, again(one).path[-8:]) for one in (parent, root, answer, late)] == [
        (1, "00000001"),
        (2, "00000002"),
        (3, "00000003"),
        (4, "00000004"),
    ]
    assert not Comment.objects.filter(thread=home, state="moved").exists()
    assert [one.state for one in window(away, ReaderView("en")).comments] == ["moved", "moved", "moved"]
    assert again(parent).reply_count == 1


def test_within_a_conversation_numbers_stay_and_the_tree_changes(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    first, second, answer = post(ada), post(ada), post(ada, reply_to=2)
    move_branch(actor=mina, comment=second, to=threads[0], below=1)
    assert [(again(one).number, again(one).path) for one in (first, second, answer)] == [
        (1, "00000001"),
        (2, "0000000100000002"),
        (3, "000000010000000200000003"),
    ]
    assert again(first).reply_count == 1
    move_branch(actor=mina, comment=answer, to=threads[0])
    assert (again(answer).path, again(answer).reply_to) == ("00000003", None)


def test_what_leads_nowhere_is_refused(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, away = threads
    root, answer = post(ada), post(ada, reply_to=1)
    with pytest.raises(errors.MovedIntoItself):
        move_branch(actor=mina, comment=root, to=home, below=2)
    with pytest.raises(errors.MovedIntoItself):
        move_branch(actor=mina, comment=root, to=home, below=1)
    with pytest.raises(errors.StandsThere):
        move_branch(actor=mina, comment=answer, to=home, below=1)
    with pytest.raises(errors.NoSuchComment):
        move_branch(actor=mina, comment=root, to=away, below=1)
    with pytest.raises(NotAllowed):
        move_branch(actor=ada, comment=root, to=away)
    with pytest.raises(errors.WrongState):
        move_branch(actor=mina, comment=post(ada, waits=True), to=away)
    monkeypatch.setattr("dragoman.conversation.moving.MOST_OF_A_BRANCH", 1)
    with pytest.raises(errors.BranchTooLarge):
        move_branch(actor=mina, comment=root, to=away)
    assert not Comment.objects.filter(state="moved").exists()
    assert not Decision.objects.exists()


def test_a_signpost_is_neither_answered_nor_moved_nor_decided_about(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    move_branch(actor=mina, comment=post(ada), to=threads[1])
    signpost = Comment.objects.select_related("thread").get(state="moved")
    with pytest.raises(errors.NoSuchComment):
        post(ada, reply_to=1)
    with pytest.raises(errors.WrongState):
        move_branch(actor=mina, comment=signpost, to=threads[1])
    with pytest.raises(errors.WrongState):
        decide(actor=mina, comment=signpost, act="remove", grounds=Grounds("spam"))
    with pytest.raises(errors.WrongState):
        withdraw_comment(actor=ada, comment=signpost)
    with pytest.raises(errors.NoSuchComment):
        move_branch(actor=mina, comment=post(ada), to=threads[0], below=1)


def test_what_waits_below_it_and_its_case_come_along(
    ada: Actor, carmen: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    root = post(ada)
    waiting = post(carmen, waits=True, reply_to=1)
    report_comment(actor=carmen, comment=root, grounds=Grounds("off-topic"))
    move_branch(actor=mina, comment=root, to=threads[1])
    assert set(Case.objects.values_list("place", "closed_at")) == {(threads[1].key, None)}
    decide(actor=mina, comment=waiting, act="release")
    assert (again(waiting).thread_id, again(waiting).number) == (threads[1].pk, 2)
    assert again(waiting).path == "0000000100000002"
    assert list(Decision.objects.order_by("id").values_list("act", flat=True)) == ["move", "move", "release"]


def test_nobody_moves_what_another_has_in_hand(
    ada: Actor, carmen: Actor, mina: Actor, make_actor: MakeActor, threads: tuple[Thread, Thread], post: Post
) -> None:
    root, answer = post(ada), post(ada, reply_to=1)
    report_comment(actor=carmen, comment=answer, grounds=Grounds("off-topic"))
    claim(make_actor("Otto", "moderator"), [Case.objects.get().pk])
    with pytest.raises(CaseClaimed):
        move_branch(actor=mina, comment=root, to=threads[1])
    assert again(root).thread_id == threads[0].pk


def test_pages_lead_on_and_quotes_find_what_they_quote(
    ada: Actor,
    carmen: Actor,
    mina: Actor,
    pages: tuple[ArticlePage, ArticlePage],
    threads: tuple[Thread, Thread],
    post: Post,
) -> None:
    def passage(unit: int) -> Passage:
        said = sentences_of(unit)[-1]
        return Passage(said.unit, said.block, said.occurrence, said.revision, 0, len(said.text), said.text)

    first = post(ada, quote=passage(pages[0].unit_id or 0))
    post(carmen, quote=passage(first.unit_id or 0))
    move_branch(actor=mina, comment=first, to=threads[1])
    home, away = (Client().get(f"/en/town/{page.number}", follow=True).content.decode() for page in pages)
    permalink = f"/en/comments/{pages[1].number}/1"
    assert f'<a href="{permalink}">A moderator moved this comment to another conversation.</a>' in home
    assert f'<a href="{permalink}">from another conversation</a>' in home
    assert f'href="/en/article/{pages[0].number}#b-' in away
    assert "from another article" in away
    assert Client().get(permalink)["Location"].endswith("#c1")
    assert Client().get(f"/en/article/{pages[0].number}", follow=True).status_code == 200
    signpost = Comment.objects.get(state="moved")
    assert permalink in Client().get(f"/en/fragment/comment/{signpost.pk}@moved").content.decode()
    told = Client().get(f"/api/v1/articles/{pages[0].number}/comments").json()["items"][0]
    assert (told["state"], told["moved_to"]) == ("moved", {"article": pages[1].number, "number": 1})


def test_a_signpost_stands_below_what_its_comment_had_answered_wherever_that_goes(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    home, away = threads
    first, answer = post(ada), post(ada, reply_to=1)
    deep, third = post(ada, reply_to=2), post(ada)
    move_branch(actor=mina, comment=answer, to=away)
    move_branch(actor=mina, comment=first, to=home, below=third.number)
    assert [one.number for one in window(home, ReaderView("en"), order="tree").comments] == [4, 1, 2, 3]
    assert [one.depth for one in window(home, ReaderView("en"), order="tree").comments] == [0, 1, 2, 3]
    assert again(deep).thread_id == away.pk


def test_open_pages_hear_of_what_comes_back_by_its_signpost(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    root = post(ada)
    post(ada)
    move_branch(actor=mina, comment=root, to=threads[1])
    signpost = Comment.objects.get(state="moved")
    OutboxEvent.objects.all().delete()
    move_branch(actor=mina, comment=again(root), to=threads[0])
    told = [
        (one.topic, one.kind, one.data["id"], one.data.get("instead")) for one in OutboxEvent.objects.order_by("id")
    ]
    there = Comment.objects.get(state="moved").pk
    assert told == [
        (threads[1].topic, "changed", root.pk, there),
        (threads[0].topic, "changed", signpost.pk, root.pk),
    ]


def test_only_writers_of_what_moved_are_told_and_of_the_move_alone(
    ada: Actor, carmen: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post
) -> None:
    post(ada)
    waiting = post(carmen, waits=True, reply_to=1)
    decide(actor=mina, comment=waiting, act="release")
    gather()  # what was before is nobody's news
    move_branch(actor=mina, comment=waiting, to=threads[1])
    while gather():
        pass
    assert list(Notification.objects.values_list("reader", "kind", "act")) == [(carmen.id, "decision", "move")]


def test_a_signpost_is_no_post_of_its_writer(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(django_settings.DRAGOMAN.values, "limits.enabled", True)
    for _time in range(4):
        move_branch(actor=mina, comment=post(ada), to=threads[1])
    assert post(ada).number == 5
    with pytest.raises(errors.TooFast):
        post(ada)


def test_a_form_that_is_sent_twice_leads_to_where_its_comment_stands_now(
    ada: Actor, mina: Actor, pages: tuple[ArticlePage, ArticlePage], threads: tuple[Thread, Thread], client: Client
) -> None:
    client.force_login(account_of(ada), backend=BACKEND)
    form = {"text": "About the bridge.", "language": "en", "key": "k" * 20}
    address = f"/en/town/{pages[0].number}/write"
    assert client.post(address, form).headers["Location"].endswith("#c1")
    move_branch(actor=mina, comment=Comment.objects.get(), to=threads[1])
    assert client.post(address, form).headers["Location"] == f"/en/comments/{pages[1].number}/1"


def test_its_writer_is_told_and_search_finds_it_at_its_new_place(
    ada: Actor,
    mina: Actor,
    pages: tuple[ArticlePage, ArticlePage],
    threads: tuple[Thread, Thread],
    post: Post,
    engine: Script,
    work: Work,
) -> None:
    root = post(ada, text="The lanterns were painted yesterday.")
    gather()  # what was before is nobody's news
    while fill() or index_events():
        pass
    move_branch(actor=mina, comment=root, to=threads[1])
    work()
    while gather():
        pass
    while index_events():
        pass
    told = Notification.objects.get(reader=ada.id)
    assert (told.kind, told.act, told.comment_id) == ("decision", "move", root.pk)
    assert set(Entry.objects.filter(kind="comment").values_list("article", flat=True)) == {pages[1].number}
    assert Unit.objects.get(pk=root.unit_id or 0).topic == threads[1].topic
    signpost = Comment.objects.get(state="moved")
    events = OutboxEvent.objects.filter(data__id=root.pk).order_by("id").values_list("topic", "kind", "data__instead")
    assert (threads[0].topic, "changed", signpost.pk) in list(events)
    assert (threads[1].topic, "comment", None) in list(events)
    # Pages of an article without a conversation know its place alone.
    opened = OutboxEvent.objects.get(topic=threads[1].key, kind="opened")
    assert opened.data == {"thread": threads[1].topic, "number": 1}


class Undone(Exception):
    """Takes back what a sequence did."""


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["post", "wait", "reply", "move", "move", "remove", "release", "withdraw"]),
        st.integers(0, 9),
        st.integers(0, 9),
        st.integers(0, 1),
    ),
    min_size=3,
    max_size=16,
)


def _act(ada: Actor, mina: Actor, post: Post, threads: tuple[Thread, Thread], step: tuple[str, int, int, int]) -> None:
    act, choice, other, place = step
    rows = list(Comment.objects.select_related("thread").order_by("id"))
    if act in ("post", "wait") or not rows:
        post(ada, in_thread=place, waits=act == "wait")
        return
    one, goal = rows[choice % len(rows)], rows[other % len(rows)]
    if act == "reply":
        post(ada, in_thread=threads.index(one.thread), reply_to=one.number, waits=other % 3 == 0)
    elif act == "move":
        below = goal.number if other % 3 else None
        move_branch(actor=mina, comment=one, to=goal.thread if other % 3 else threads[place], below=below)
    elif act == "withdraw":
        withdraw_comment(actor=ada, comment=one)
    else:
        decide(actor=mina, comment=one, act=act, grounds=Grounds("spam"))


def _check(threads: tuple[Thread, Thread], given_before: dict[tuple[int, int], int]) -> None:
    for thread in threads:
        thread.refresh_from_db()
        rows = list(Comment.objects.filter(thread=thread, number__isnull=False).select_related("reply_to"))
        assert sorted(row.number or 0 for row in rows) == list(range(1, thread.last_number + 1))
        for row in rows:
            spot = (thread.pk, row.number or 0)
            means = row.moved_to_id or row.pk
            assert given_before.setdefault(spot, means) == means, "a number means another comment"
            assert row.path == path_below(row.reply_to.path if row.reply_to else "", row.number or 0)
        ordered = window(thread, ReaderView("en"), order="tree").comments
        assert [one.number for one in ordered] == [row.number for row in sorted(rows, key=lambda row: row.path)]
    for row in Comment.objects.select_related("reply_to"):
        assert row.reply_to is None or row.reply_to.thread_id == row.thread_id
        assert row.reply_count == Comment.objects.filter(reply_to=row, state="visible").count()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_moves_where_a_number_means_one_comment_for_life_and_the_tree_is_whole(
    ada: Actor, mina: Actor, threads: tuple[Thread, Thread], post: Post, steps: list[tuple[str, int, int, int]]
) -> None:
    rules_off("newcomers", "repetition", "flood")
    known: dict[tuple[int, int], int] = {}
    with suppress(Undone), transaction.atomic():
        for step in steps:
            with suppress(errors.WrongState, errors.NoSuchComment, errors.MovedIntoItself, errors.StandsThere):
                _act(ada, mina, post, threads, step)
            _check(threads, known)
        raise Undone
