"""Reports and the log of decisions."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from dragoman.conversation import actions, errors
from dragoman.conversation.actions import Draft
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide, report_comment
from dragoman.conversation.screening import KIND
from dragoman.foundation.errors import NotAllowed, SignInNeeded
from dragoman.moderation import queries
from dragoman.moderation.actions import Grounds
from dragoman.moderation.errors import NoteTooLong, ReasonNeeded
from dragoman.moderation.models import Decision, Report
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import ANONYMOUS, Actor
from tests.conftest import MakeArticle

ThreadOf = Callable[[ArticlePage], Any]
RUDE = Grounds("abuse", "It calls the baker names.")


@pytest.fixture
def comment(ada: Actor, make_article: MakeArticle, thread_of: ThreadOf) -> Comment:
    draft = Draft("The baker is a fool and so are you.", "en")
    return actions.post_comment(actor=ada, thread=thread_of(make_article()), draft=draft).comment


def test_a_removal_is_written_down_with_its_reason_and_never_with_the_text(mina: Actor, comment: Comment) -> None:
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    row = Decision.objects.get()
    assert (row.kind, row.subject, row.act, row.reason, row.note, row.by_id) == (
        KIND,
        comment.pk,
        "remove",
        "abuse",
        "It calls the baker names.",
        mina.id,
    )
    assert "fool" not in repr(vars(row))
    assert len(row.text_hash) == 64


@pytest.mark.parametrize("act", ["hold", "remove"])
@pytest.mark.parametrize("reason", ["", "because", "ABUSE"])
def test_nothing_is_taken_away_without_a_known_reason(mina: Actor, comment: Comment, act: str, reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        decide(actor=mina, comment=comment, act=act, grounds=Grounds(reason))
    comment.refresh_from_db()
    assert comment.state == "visible"
    assert not Decision.objects.exists()


def test_a_note_that_is_too_long_is_refused_and_nothing_is_done(mina: Actor, comment: Comment) -> None:
    with pytest.raises(NoteTooLong):
        decide(actor=mina, comment=comment, act="remove", grounds=Grounds("spam", "x" * 1001))
    assert not Decision.objects.exists()


def test_the_database_itself_refuses_a_removal_without_a_reason(mina: Actor, comment: Comment) -> None:
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(reason="")


def test_only_those_who_may_decide(carmen: Actor, comment: Comment) -> None:
    for act in ("hold", "remove", "release", "restore", "pick", "unpick", "keep"):
        with pytest.raises(NotAllowed):
            decide(actor=carmen, comment=comment, act=act, grounds=RUDE)
    assert not Decision.objects.exists()


def test_reports_wait_until_they_are_answered(carmen: Actor, mina: Actor, comment: Comment) -> None:
    assert report_comment(actor=carmen, comment=comment, grounds=RUDE)
    assert report_comment(actor=mina, comment=comment, grounds=Grounds("spam"))
    waiting, _more = queries.cases(queries.Asked("reported"))
    assert [(one.subject, one.reports) for one in waiting] == [(comment.pk, 2)]
    assert dict(queries.complaints(KIND, [comment.pk])[comment.pk].reasons) == {"abuse": 1, "spam": 1}
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    assert queries.waiting_in("reported") == 0
    assert Report.objects.filter(decision=Decision.objects.get()).count() == 2


def test_a_second_report_changes_the_first_and_after_an_answer_it_is_news_again(
    carmen: Actor, mina: Actor, comment: Comment
) -> None:
    report_comment(actor=carmen, comment=comment, grounds=RUDE)
    assert not report_comment(actor=carmen, comment=comment, grounds=Grounds("hate"))
    assert Report.objects.get().reason == "hate"
    decide(actor=mina, comment=comment, act="keep")
    assert queries.waiting_in("reported") == 0
    assert report_comment(actor=carmen, comment=comment, grounds=RUDE)


def test_nobody_reports_the_own_comment_or_anonymously_or_what_is_gone(
    ada: Actor, carmen: Actor, mina: Actor, comment: Comment
) -> None:
    with pytest.raises(errors.OwnComment):
        report_comment(actor=ada, comment=comment, grounds=RUDE)
    with pytest.raises(SignInNeeded):
        report_comment(actor=ANONYMOUS, comment=comment, grounds=RUDE)
    with pytest.raises(ReasonNeeded):
        report_comment(actor=carmen, comment=comment, grounds=Grounds("whatever"))
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    comment.refresh_from_db()
    with pytest.raises(errors.NoSuchComment):
        report_comment(actor=carmen, comment=comment, grounds=RUDE)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        (["hold"], "held"),
        (["hold", "release"], "visible"),
        (["hold", "remove"], "removed"),
        (["remove", "restore"], "visible"),
        (["remove", "restore", "hold", "release"], "visible"),
    ],
)
def test_a_comment_keeps_its_number_through_all_decisions(
    mina: Actor, comment: Comment, acts: list[str], state: str
) -> None:
    for act in acts:
        decide(actor=mina, comment=comment, act=act, grounds=RUDE)
    comment.refresh_from_db()
    assert (comment.number, comment.state) == (1, state)
    log = Decision.objects.filter(kind=KIND, subject=comment.pk).order_by("id")
    assert list(log.values_list("act", flat=True)) == acts


def test_a_removal_is_not_overwritten_by_leaving_the_comment(mina: Actor, comment: Comment) -> None:
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    comment.refresh_from_db()
    with pytest.raises(errors.WrongState):
        decide(actor=mina, comment=comment, act="keep")
    assert queries.reasons_of(KIND, [comment.pk]) == {comment.pk: "abuse"}


@pytest.mark.parametrize("act", ["release", "restore"])
def test_what_cannot_be_done_to_a_comment_as_it_is_leaves_no_trace(mina: Actor, comment: Comment, act: str) -> None:
    with pytest.raises(errors.WrongState):
        decide(actor=mina, comment=comment, act=act)
    assert not Decision.objects.exists()
