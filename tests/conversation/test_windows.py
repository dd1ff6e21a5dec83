"""Windows of a thread in every order."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.conversation import actions
from dragoman.conversation.actions import Draft
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.rules.ordering import DEEPEST, ORDERS, STEP, Order, best, depth, path_below
from dragoman.conversation.voting import cast_vote
from dragoman.conversation.windows import window
from dragoman.moderation.actions import Grounds
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from tests.conftest import NOON, MakeActor, MakeArticle

ENGLISH = ReaderView("en")
ThreadOf = Callable[[ArticlePage], Any]


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: ThreadOf) -> Any:
    return thread_of(make_article())


def fill(thread: Any, author: int, count: int, replies: dict[int, int] | None = None) -> None:
    """Comments 1 to ``count``; ``replies``: number → the number that it answers."""
    import_comments(
        thread=thread,
        comments=[
            Imported(author, f"Comment {number} is here.", "en", NOON, number, (replies or {}).get(number))
            for number in range(1, count + 1)
        ],
    )
    thread.refresh_from_db()


def numbers(thread: Any, order: Order, *, limit: int = 5) -> list[int]:
    """All numbers, window after window."""
    found: list[int] = []
    start: int | None = None
    while True:
        part = window(thread, ENGLISH, first=start, order=order, limit=limit)
        found += [one.number or 0 for one in part.comments]
        if part.next is None:
            return found
        start = part.next


@pytest.mark.parametrize("order", ORDERS)
def test_windows_hold_every_comment_once_in_every_order(ada: Actor, thread: Any, order: Order) -> None:
    fill(thread, ada.id or 0, 23, {5: 1, 6: 5, 9: 1, 20: 6, 23: 2})
    assert sorted(numbers(thread, order)) == list(range(1, 24))


def test_the_tree_puts_answers_below_what_they_answer(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 8, {4: 1, 5: 4, 6: 2, 7: 1, 8: 5})
    assert numbers(thread, "tree") == [1, 4, 5, 8, 7, 2, 6, 3]
    shown = window(thread, ENGLISH, order="tree").comments
    assert [one.depth for one in shown] == [0, 1, 2, 3, 1, 0, 1, 0]


def test_the_newest_come_first_and_the_windows_before_lead_back(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 12)
    second = window(thread, ENGLISH, first=7, order="newest", limit=5)
    assert [one.number for one in second.comments] == [7, 6, 5, 4, 3]
    assert (second.previous, second.next) == (12, 2)


def test_best_goes_by_the_lower_bound_of_agreement(ada: Actor, thread: Any, make_actor: MakeActor) -> None:
    fill(thread, ada.id or 0, 4)
    voters = [make_actor(f"Voter{number}") for number in range(6)]
    by_number = {one.number: one for one in Comment.objects.filter(thread=thread)}
    for voter in voters:
        cast_vote(actor=voter, comment=by_number[3], value=1)
    cast_vote(actor=voters[0], comment=by_number[2], value=1)
    cast_vote(actor=voters[0], comment=by_number[4], value=-1)
    assert numbers(thread, "best", limit=2) == [3, 2, 1, 4]


def test_the_most_answered_come_first(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 6, {4: 2, 5: 2, 6: 3})
    assert numbers(thread, "replied", limit=2) == [2, 3, 1, 4, 5, 6]


def test_a_removed_answer_counts_no_more_and_leaves_a_tombstone_with_the_reason(
    ada: Actor, mina: Actor, thread: Any
) -> None:
    fill(thread, ada.id or 0, 3, {3: 1})
    decide(actor=mina, comment=Comment.objects.get(number=3), act="remove", grounds=Grounds("spam"))
    assert Comment.objects.get(number=1).reply_count == 0
    stone = window(thread, ENGLISH).comments[2]
    assert (stone.number, stone.text, stone.state, stone.reason) == (3, None, "removed", "spam")
    assert numbers(thread, "best") == [1, 2]
    decide(actor=mina, comment=Comment.objects.get(number=3), act="restore")
    assert Comment.objects.get(number=1).reply_count == 1
    assert window(thread, ENGLISH).comments[2].text is not None


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("first", [None, 2, 30])
def test_a_window_takes_the_same_queries_whatever_the_threads_size(
    ada: Actor, make_article: MakeArticle, thread_of: ThreadOf, order: Order, first: int | None
) -> None:
    counts = []
    for size in (40, 200):
        thread = thread_of(make_article(f"An article of {size}"))
        fill(thread, ada.id or 0, size, {number: number // 2 for number in range(2, size, 3)})
        with CaptureQueriesContext(connection) as queries:
            window(thread, ENGLISH, first=first, order=order, limit=8)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_beyond_the_end_there_is_nothing(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 3)
    assert window(thread, ENGLISH, first=4).comments == ()


def test_ten_thousand_levels_of_answers_cost_a_bounded_path() -> None:
    path = ""
    for number in range(1, 10_001):
        path = path_below(path, number)
    assert len(path) == DEEPEST * STEP
    assert depth(path) == DEEPEST - 1


def test_an_answer_in_the_deepest_level_stands_below_what_it_answers(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 40, {number: number - 1 for number in range(2, 41)})
    assert numbers(thread, "tree") == list(range(1, 41))


def test_picked_comments_are_pinned_above_the_first_window_only(ada: Actor, mina: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 12)
    decide(actor=mina, comment=Comment.objects.get(number=7), act="pick")
    assert [one.number for one in window(thread, ENGLISH).picked] == [7]
    assert window(thread, ENGLISH, first=6).picked == ()
    decide(actor=mina, comment=Comment.objects.get(number=7), act="unpick")
    assert window(thread, ENGLISH).picked == ()


def test_a_long_list_of_answers_is_cut(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 40, dict.fromkeys(range(2, 41), 1))
    shown = window(thread, ENGLISH).comments[0]
    assert (shown.replies, shown.reply_count) == (tuple(range(2, 22)), 39)


def test_a_reply_to_a_reply_that_was_posted_is_placed_as_an_imported_one_is(ada: Actor, thread: Any) -> None:
    fill(thread, ada.id or 0, 2)
    draft = Draft("I answer the first one.", "en", reply_to=1)
    actions.post_comment(actor=ada, thread=thread, draft=draft)
    assert numbers(thread, "tree") == [1, 3, 2]
    assert Comment.objects.get(number=1).reply_count == 1


VOTES = st.integers(0, 10**6)


@given(VOTES, VOTES)
@settings(max_examples=200)
def test_more_agreement_is_never_worse_and_more_dissent_never_better(up: int, down: int) -> None:
    assert best(up, down) <= best(up + 1, down)
    assert best(up, down + 1) <= best(up, down)
    assert 0 <= best(up, down) <= 1_000_000


def test_many_voices_count_more_than_one() -> None:
    assert best(90, 10) > best(1, 0) > best(0, 0) == 0
