"""Two writers at the same moment, on a database that lets them: PostgreSQL."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from dragoman.conversation import actions, errors
from dragoman.conversation.actions import Draft
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.moderating import decide
from dragoman.conversation.moving import move_branch
from dragoman.conversation.voting import cast_vote
from dragoman.moderation.actions import Grounds
from dragoman.moderation.models import Decision
from dragoman.readers.actions import create_reader
from dragoman.readers.policies import Actor
from dragoman.readers.queries import actor_of
from dragoman.translation import actions as translation
from dragoman.translation.memory import Stored, record
from dragoman.translation.models import Current, Segment, Translation
from dragoman.translation.rules import markdown
from tests.conftest import NOON

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]
ROUNDS = 15
SPAM = Grounds("spam")


def at_once(*works: Callable[[], Any]) -> list[BaseException]:
    """Run all from a barrier; what they raised."""
    barrier = threading.Barrier(len(works))
    raised: list[BaseException] = []

    def run(work: Callable[[], Any]) -> None:
        barrier.wait(10)
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def _actor(nickname: str, *roles: str) -> Actor:
    return actor_of(create_reader(nickname=nickname, roles=roles))


def _posted(actor: Actor, thread: Thread, text: str) -> Comment:
    return actions.post_comment(actor=actor, thread=thread, draft=Draft(text, "en")).comment


def test_posts_at_once_get_numbers_without_gaps_and_a_doubled_one_is_one() -> None:
    ada, thread = _actor("Ada"), actions.thread_at(key="race")
    for round_ in range(ROUNDS):
        draft = Draft(f"Post {round_} is here.", "en", key=f"k{round_}")
        assert at_once(*[partial(actions.post_comment, actor=ada, thread=thread, draft=draft)] * 3) == []
    numbers = sorted(number or 0 for number in Comment.objects.values_list("number", flat=True))
    assert numbers == list(range(1, ROUNDS + 1))


def test_a_removal_and_a_reply_do_not_wait_for_each_other() -> None:
    ada, mina, thread = _actor("Ada"), _actor("Mina", "moderator"), actions.thread_at(key="race")
    for _round in range(ROUNDS):
        comment = actions.post_comment(actor=ada, thread=thread, draft=Draft("Something to remove.", "en")).comment
        reply = Draft("A reply to it, at once.", "en", reply_to=comment.number)
        raised = at_once(
            partial(decide, actor=mina, comment=comment, act="remove", grounds=SPAM),
            partial(actions.post_comment, actor=ada, thread=thread, draft=reply),
        )
        assert raised == []


def test_a_vote_beside_a_move_is_counted_where_the_comment_stands_then() -> None:
    ada, bo, mina = _actor("Ada"), _actor("Bo"), _actor("Mina", "moderator")
    here, there = actions.thread_at(key="race"), actions.thread_at(key="elsewhere")
    for round_ in range(ROUNDS):
        comment = _posted(ada, here, f"Comment {round_} of this race.")
        raised = at_once(
            partial(cast_vote, actor=bo, comment=comment, value=1),
            partial(move_branch, actor=mina, comment=comment, to=there),
        )
        comment.refresh_from_db()
        assert (raised, comment.up, comment.thread_id) == ([], 1, there.pk)


def test_a_reply_beside_a_move_goes_along_or_finds_nothing_to_answer() -> None:
    ada, bo, mina = _actor("Ada"), _actor("Bo"), _actor("Mina", "moderator")
    here, there = actions.thread_at(key="race"), actions.thread_at(key="elsewhere")
    for round_ in range(ROUNDS):
        comment = _posted(ada, here, f"Comment {round_} of this race.")
        reply = Draft(f"A reply to comment {round_}.", "en", reply_to=comment.number)
        raised = at_once(
            partial(actions.post_comment, actor=bo, thread=here, draft=reply),
            partial(move_branch, actor=mina, comment=comment, to=there),
        )
        comment.refresh_from_db()
        replies = list(Comment.objects.exclude(state="moved").filter(reply_to=comment))
        assert comment.thread_id == there.pk
        assert [type(one) for one in raised] == ([] if replies else [errors.NoSuchComment])
        assert all(one.thread_id == there.pk and one.path.startswith(comment.path) for one in replies)


def test_a_decision_beside_a_move_is_taken_before_or_not_at_all() -> None:
    mina, moira = _actor("Mina", "moderator"), _actor("Moira", "moderator")
    here, there = actions.thread_at(key="race"), actions.thread_at(key="elsewhere")
    for round_ in range(ROUNDS):
        comment = _posted(_actor(f"Writer{round_}"), here, f"Comment {round_} of this race.")
        raised = at_once(
            partial(decide, actor=moira, comment=comment, act="remove", grounds=SPAM),
            partial(move_branch, actor=mina, comment=comment, to=there),
        )
        comment.refresh_from_db()
        acts = Decision.objects.filter(subject=comment.pk).order_by("id").values_list("act", flat=True)
        if raised:
            assert [type(one) for one in raised] == [errors.WrongState]
            assert (list(acts), comment.state) == (["move"], "visible")
        else:
            assert (sorted(acts), comment.state) == (["move", "remove"], "removed")
        assert comment.thread_id == there.pk


def test_a_person_and_a_machine_at_once_leave_the_persons_words_current() -> None:
    for round_ in range(ROUNDS):
        document = markdown.parse(f"Sentence number {round_} stands here alone.")
        translation.store_texts([translation.NewText("article", round_ + 1, "en", document)])
        segment = Segment.objects.latest("id")
        rows = [
            Stored(Translation(segment=segment, language="es", origin=origin, text=f"por {origin}", at=NOON))
            for origin in ("human", "machine")
        ]
        assert at_once(*[partial(record, [row]) for row in rows]) == []
        assert Current.objects.get(segment=segment, language="es").translation.origin == "human"
