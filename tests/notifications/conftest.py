"""A thread that readers hear of."""

from collections.abc import Callable
from typing import Any

import pytest

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.models import Comment
from dragoman.notifications.gathering import gather
from dragoman.notifications.models import Notification
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, comments_wait

Post = Callable[..., Comment]
Told = Callable[[Actor], list[str]]


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Any:
    """An article's thread; what happened before is nobody's news."""
    found = thread_of(make_article())
    gather()
    return found


@pytest.fixture
def post(thread: Any) -> Post:
    """Post a comment, and let the worker hear of it."""

    def write(actor: Actor, text: str, language: str = "en", *, hold: bool = False, **draft: Any) -> Comment:
        with comments_wait(wait=hold):
            comment = post_comment(actor=actor, thread=thread, draft=Draft(text, language, **draft)).comment
        gather()
        return comment

    return write


@pytest.fixture
def told(db: None) -> Told:
    """The kinds of what a reader was told, the oldest first."""
    return lambda actor: list(
        Notification.objects.filter(reader=actor.id).order_by("id").values_list("kind", flat=True)
    )
