"""How fast one reader may post."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dragoman.conversation import actions
from dragoman.conversation.actions import Draft
from dragoman.conversation.errors import TooFast
from dragoman.conversation.models import Comment
from dragoman.conversation.rules.pacing import LIMITS, MOST, wait_before_next
from dragoman.publication.models import ArticlePage
from dragoman.readers.actions import create_token
from dragoman.readers.policies import Actor
from tests.conftest import NOON, MakeArticle, account_of

ThreadOf = Callable[[ArticlePage], Any]
MOMENTS = st.lists(st.integers(0, 90_000), max_size=200).map(
    lambda seconds: sorted((NOON - timedelta(seconds=one) for one in seconds), reverse=True)
)


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits are on, as in a real publication."""
    monkeypatch.setattr("dragoman.config.home.Home.has_limits", True)


@given(MOMENTS)
def test_after_the_wait_the_next_may_come_and_not_before(posted: list[datetime]) -> None:
    wait = wait_before_next(posted[:MOST], NOON)
    assert wait_before_next(posted, NOON) == wait
    assert not wait_before_next(posted, NOON + wait)
    if wait:
        assert wait_before_next(posted, NOON + wait - timedelta(seconds=1))


@given(MOMENTS, st.integers(1, 10**6))
def test_a_clock_that_was_set_back_makes_nobody_wait_for_ever(posted: list[datetime], seconds: int) -> None:
    assert wait_before_next(posted, NOON - timedelta(seconds=seconds)) <= max(span for _most, span in LIMITS)


def test_the_sixth_comment_of_a_minute_is_refused_with_the_time_to_wait_and_not_stored(
    ada: Actor, carmen: Actor, make_article: MakeArticle, thread_of: ThreadOf, limited: None
) -> None:
    threads = [thread_of(make_article(f"Article {number}")) for number in (1, 2)]
    for number in range(5):
        actions.post_comment(actor=ada, thread=threads[number % 2], draft=Draft(f"Comment {number} is here.", "en"))
    with pytest.raises(TooFast) as raised:
        actions.post_comment(actor=ada, thread=threads[0], draft=Draft("One too many.", "en"))
    assert 50 <= raised.value.seconds <= 60
    assert "second" in str(raised.value)
    assert Comment.objects.count() == 5
    actions.post_comment(actor=carmen, thread=threads[0], draft=Draft("I may.", "en"))


def test_a_doubled_submit_is_answered_with_its_twin_however_fast_it_comes(
    ada: Actor, make_article: MakeArticle, thread_of: ThreadOf, limited: None
) -> None:
    thread = thread_of(make_article())
    drafts = [Draft(f"Comment {number} is here.", "en", key=f"k{number}") for number in range(5)]
    posted = [actions.post_comment(actor=ada, thread=thread, draft=draft).comment.pk for draft in drafts]
    assert actions.post_comment(actor=ada, thread=thread, draft=drafts[4]).comment.pk == posted[4]


def test_the_form_keeps_the_draft_and_a_program_is_told_when_to_come_back(
    client: Client, ada: Actor, make_article: MakeArticle, thread_of: ThreadOf, limited: None
) -> None:
    page = make_article()
    for number in range(5):
        draft = Draft(f"Comment {number} is here.", "en")
        actions.post_comment(actor=ada, thread=thread_of(page), draft=draft)
    client.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    address = f"/en/town/{page.number}-the-library-stays-open-at-night/write"
    answer = client.post(address, {"text": "One too many for now.", "language": "en"})
    assert answer.status_code == 429
    assert "One too many for now." in answer.content.decode()
    answer = client.post(
        f"/api/v1/articles/{page.number}/comments",
        json.dumps({"text": "One too many for now.", "language": "en"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {create_token(reader_id=ada.id or 0)}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (429, "too-fast")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
