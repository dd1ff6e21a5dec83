"""Whom a comment concerns."""

from collections.abc import Callable
from typing import Any

import pytest

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.audience import MOST_MENTIONED, audience, mentioned_in
from dragoman.conversation.following import follow
from dragoman.readers.actions import rename_reader
from dragoman.readers.policies import Actor
from tests.conftest import MakeActor, MakeArticle


def test_those_who_are_called_by_their_nicknames_are_mentioned(make_actor: MakeActor) -> None:
    lund, short, jose = make_actor("Ada Lund"), make_actor("Ada"), make_actor("José")
    assert mentioned_in("Thanks, @Ada Lund, and @josé!") == {lund.id, jose.id}
    assert mentioned_in("Thanks, @ada.") == {short.id}
    assert mentioned_in("@Ada\n@Ada Lund") == {short.id, lund.id}


@pytest.mark.parametrize("text", ["@nobody is here", "write to ada@example.org", "`@Ada`", "@@Ada", "", "@"])
def test_who_is_not_called_is_not_mentioned(text: str, make_actor: MakeActor) -> None:
    make_actor("Ada")
    assert mentioned_in(text) == frozenset()


def test_a_comment_calls_only_so_many(make_actor: MakeActor) -> None:
    names = [f"reader{number}" for number in range(MOST_MENTIONED + 5)]
    for name in names:
        make_actor(name)
    assert len(mentioned_in(" ".join(f"@{name}" for name in names))) == MOST_MENTIONED


def test_an_earlier_nickname_still_calls_its_reader(ada: Actor) -> None:
    rename_reader(actor=ada, nickname="Adelaide")
    assert mentioned_in("@Ada @Adelaide") == {ada.id}


def test_who_is_answered_and_who_follows_is_known(
    ada: Actor, carmen: Actor, mina: Actor, make_article: MakeArticle, thread_of: Callable[..., Any]
) -> None:
    thread = thread_of(make_article())
    first = post_comment(actor=ada, thread=thread, draft=Draft("The lamps are green.", "en")).comment
    follow(actor=mina, thread=thread, follows=True)
    answer = post_comment(actor=carmen, thread=thread, draft=Draft("Son azules.", "es", reply_to=first.number)).comment
    whom = audience(answer.pk)
    assert whom is not None
    assert set(whom.answered) == {ada.id}
    assert set(whom.following) == {mina.id}
    assert whom.author == carmen.id
    assert audience(0) is None
