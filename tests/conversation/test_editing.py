"""Editing, voting, reading marks."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dragoman.conversation import actions, errors, queries
from dragoman.conversation.actions import Draft
from dragoman.conversation.editing import change_language, edit_comment, withdraw_comment
from dragoman.conversation.following import follow, mark_read
from dragoman.conversation.models import Comment, EarlierVersion, Visit, Vote
from dragoman.conversation.moderating import decide
from dragoman.conversation.policies import EDIT_WINDOW
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.voting import cast_vote
from dragoman.conversation.windows import window
from dragoman.foundation import clock
from dragoman.foundation.errors import NotAllowed, SignInNeeded
from dragoman.live.models import OutboxEvent
from dragoman.moderation.actions import Grounds
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import ANONYMOUS, Actor
from dragoman.translation.models import Job
from tests.conftest import MakeArticle, Script, comments_wait

ThreadOf = Callable[[ArticlePage], Any]


@pytest.fixture
def thread(make_article: MakeArticle, thread_of: ThreadOf) -> Any:
    return thread_of(make_article())


@pytest.fixture
def comment(ada: Actor, thread: Any) -> Comment:
    return _post(ada, thread, "The lamps are green. Nobody likes them.")


def _post(actor: Actor, thread: Any, text: str) -> Comment:
    return actions.post_comment(actor=actor, thread=thread, draft=Draft(text, "en")).comment


def test_an_edited_comment_keeps_its_number_and_what_it_said_before(ada: Actor, comment: Comment) -> None:
    edit_comment(actor=ada, comment=comment, text="The lamps are blue. Nobody likes them.")
    comment.refresh_from_db()
    assert (comment.number, comment.source) == (1, "The lamps are blue. Nobody likes them.")
    assert comment.edited_at is not None
    told = [version.text.text for version in queries.history(comment)]
    assert told == ["The lamps are blue. Nobody likes them.", "The lamps are green. Nobody likes them."]


def test_only_the_changed_sentence_is_translated_again_and_after_a_grace(
    ada: Actor, thread: Any, engine: Script
) -> None:
    comment = _post(ada, thread, "The lamps are green tonight. Nobody likes them at all.")
    Job.objects.all().delete()
    edit_comment(actor=ada, comment=comment, text="The lamps are blue tonight. Nobody likes them at all.")
    blue = Job.objects.filter(segment__text__contains="blue")
    assert set(blue.values_list("language", flat=True)) == {"es", "ca", "fr", "ar", "pt"}
    assert all(job.not_before > clock.now() for job in blue)


def test_saving_the_same_text_changes_nothing(ada: Actor, comment: Comment) -> None:
    OutboxEvent.objects.all().delete()
    edit_comment(actor=ada, comment=comment, text=comment.source)
    assert not EarlierVersion.objects.exists()
    assert not OutboxEvent.objects.exists()


def test_after_a_while_a_comment_can_no_longer_be_changed(
    ada: Actor, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + EDIT_WINDOW + timedelta(seconds=1)
    Comment.objects.update(released_at=later - EDIT_WINDOW - timedelta(seconds=1))
    monkeypatch.setattr("dragoman.conversation.editing.now", lambda: later)
    with pytest.raises(errors.EditWindowClosed):
        edit_comment(actor=ada, comment=comment, text="Something else altogether.")


@pytest.mark.parametrize("text", ["", " \n ", "x" * 10_001])
def test_a_comment_is_not_edited_into_what_is_none(ada: Actor, comment: Comment, text: str) -> None:
    with pytest.raises((errors.EmptyComment, errors.CommentTooLong)):
        edit_comment(actor=ada, comment=comment, text=text)
    comment.refresh_from_db()
    assert comment.source == "The lamps are green. Nobody likes them."


def test_nobody_edits_the_words_of_somebody_else(carmen: Actor, mina: Actor, comment: Comment) -> None:
    for other in (carmen, mina, ANONYMOUS):
        with pytest.raises(errors.NoSuchComment):
            edit_comment(actor=other, comment=comment, text="I never said so.")


def test_where_comments_wait_for_a_moderator_an_edited_one_waits_again_and_shows_nobody_its_words(
    ada: Actor, carmen: Actor, mina: Actor, thread: Any, comment: Comment
) -> None:
    with comments_wait():
        edit_comment(actor=ada, comment=comment, text="Buy my lamps at example.org now.")
    seen = {who: window(thread, ReaderView("en", who)).comments[0] for who in (ANONYMOUS, carmen, ada, mina)}
    assert [one.text is None for one in seen.values()] == [True, True, False, False]
    assert {one.number for one in seen.values()} == {1}
    decide(actor=mina, comment=comment, act="release")
    shown = window(thread, ReaderView("en")).comments[0].text
    assert shown is not None
    assert shown.text == "Buy my lamps at example.org now."


def test_a_withdrawn_comment_tells_its_history_to_nobody_and_is_no_pick(
    ada: Actor, mina: Actor, thread: Any, comment: Comment
) -> None:
    decide(actor=mina, comment=comment, act="pick")
    withdraw_comment(actor=ada, comment=comment)
    assert window(thread, ReaderView("en")).picked == ()
    with pytest.raises(errors.WrongState):
        edit_comment(actor=ada, comment=comment, text="Back again with other words.")


def test_a_vote_is_counted_once_can_be_changed_and_taken_back(carmen: Actor, comment: Comment) -> None:
    counts = []
    for value in (1, 1, -1, 0, 0, 1):
        cast_vote(actor=carmen, comment=comment, value=value)
        comment.refresh_from_db()
        counts.append((comment.up, comment.down, Vote.objects.count()))
    assert counts == [(1, 0, 1), (1, 0, 1), (0, 1, 1), (0, 0, 0), (0, 0, 0), (1, 0, 1)]


def test_votes_survive_a_change_of_the_comments_language_and_an_edit(
    ada: Actor, carmen: Actor, comment: Comment
) -> None:
    cast_vote(actor=carmen, comment=comment, value=1)
    change_language(actor=ada, comment=comment, language="es")
    edit_comment(actor=ada, comment=comment, text="The lamps are yellow. Nobody likes them.")
    comment.refresh_from_db()
    assert (comment.up, comment.best > 0) == (1, True)


def test_a_vote_is_announced_with_the_counts(carmen: Actor, comment: Comment) -> None:
    OutboxEvent.objects.all().delete()
    cast_vote(actor=carmen, comment=comment, value=-1)
    event = OutboxEvent.objects.get()
    assert (event.kind, event.data) == ("vote", {"id": comment.pk, "up": 0, "down": 1})


def test_nobody_votes_on_the_own_comment_or_on_what_was_taken_away(
    ada: Actor, carmen: Actor, mina: Actor, comment: Comment
) -> None:
    with pytest.raises(errors.OwnComment):
        cast_vote(actor=ada, comment=comment, value=1)
    with pytest.raises(SignInNeeded):
        cast_vote(actor=ANONYMOUS, comment=comment, value=1)
    decide(actor=mina, comment=comment, act="remove", grounds=Grounds("abuse"))
    with pytest.raises(errors.WrongState):
        cast_vote(actor=carmen, comment=comment, value=1)


def test_only_editors_and_moderators_pick(carmen: Actor, comment: Comment) -> None:
    with pytest.raises(NotAllowed):
        decide(actor=carmen, comment=comment, act="pick")


def test_a_new_visit_marks_what_came_since_the_last_one(
    ada: Actor, carmen: Actor, thread: Any, comment: Comment, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = ReaderView("en", carmen)
    assert [one.is_unread for one in window(thread, view).comments] == [False]
    thread.refresh_from_db()
    mark_read(actor=carmen, thread=thread, up_to=1)
    _post(ada, thread, "One more about the lamps.")
    thread.refresh_from_db()
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr("dragoman.conversation.following.now", lambda: tomorrow)
    mark_read(actor=carmen, thread=thread, up_to=1)
    assert [one.is_unread for one in window(thread, view).comments] == [False, True]
    mark_read(actor=carmen, thread=thread, up_to=2)
    assert [one.is_unread for one in window(thread, view).comments] == [False, True], "until this visit ends"


def test_what_is_read_stays_read_and_nobody_reads_beyond_the_end(carmen: Actor, thread: Any, comment: Comment) -> None:
    thread.refresh_from_db()
    for up_to in (1, 999, 0):
        mark_read(actor=carmen, thread=thread, up_to=up_to)
    assert Visit.objects.get().read_up_to == 1


def test_following_twice_is_following_once(carmen: Actor, thread: Any) -> None:
    for follows in (True, True):
        follow(actor=carmen, thread=thread, follows=follows)
    assert queries.follows(thread, carmen)
    follow(actor=carmen, thread=thread, follows=False)
    assert not queries.follows(thread, carmen)


def test_what_is_new_in_one_thread_is_not_new_in_another(
    ada: Actor, carmen: Actor, make_article: MakeArticle, thread_of: ThreadOf
) -> None:
    known, unknown = (thread_of(make_article(headline)) for headline in ("A known article", "An unknown article"))
    mark_read(actor=carmen, thread=known, up_to=0)
    _post(ada, known, "After the visit.")
    _post(ada, unknown, "Where nobody has been.")
    found = {key: one.is_unread for one, key in queries.by_author(ada.id or 0, ReaderView("en", carmen))[0]}
    assert found == {known.key: True, unknown.key: False}
