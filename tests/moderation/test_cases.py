"""Cases: opened, claimed, decided, undone, appealed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dragoman.conversation import errors as conversation_errors
from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.appealing import object_to, statement
from dragoman.conversation.catching_up import open_missing_cases
from dragoman.conversation.editing import change_language, edit_comment, text_to_edit, withdraw_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import Seen, decide, report_comment, undo
from dragoman.conversation.queries import ReaderView, access_comment, history
from dragoman.conversation.waiting import at_desk
from dragoman.foundation.clock import now
from dragoman.moderation import errors, queries
from dragoman.moderation.actions import Grounds
from dragoman.moderation.appeals import appeal_counts
from dragoman.moderation.cases import Queue, claim
from dragoman.moderation.models import Appeal, Case, Decision, Report
from dragoman.moderation.rulebook import TypedList, save_list
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from dragoman.translation.models import Job, Unit
from tests.conftest import MakeActor, MakeArticle, Script, Work, comments_wait

Post = Callable[..., Comment]
RUDE = Grounds("abuse", "This calls the baker names.")


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def post(page: ArticlePage, thread_of: Callable[..., Any]) -> Post:
    def write(actor: Actor, text: str = "The baker is a fool.", language: str = "en", *, wait: bool = False) -> Comment:
        with comments_wait(wait=wait):
            return post_comment(actor=actor, thread=thread_of(page), draft=Draft(text, language)).comment

    return write


@pytest.fixture
def mo(make_actor: MakeActor) -> Actor:
    """Moderates, too."""
    return make_actor("Mo", "moderator")


def state(comment: Comment) -> tuple[str, int | None]:
    comment.refresh_from_db()
    return comment.state, comment.number


def waiting(queue: Queue = "held") -> list[int]:
    found, _more = queries.cases(queries.Asked(queue))
    return [one.subject for one in found]


def test_what_is_held_waits_and_is_decided_once(ada: Actor, mina: Actor, mo: Actor, post: Post) -> None:
    comment = post(ada, wait=True)
    case = queries.case_of("comment", comment.pk)
    assert case is not None
    decide(actor=mina, comment=comment, act="release", seen=Seen(case.id))
    assert state(comment) == ("visible", 1)
    assert waiting() == []
    with pytest.raises(errors.AlreadyDecided):
        decide(actor=mo, comment=comment, act="remove", grounds=RUDE, seen=Seen(case.id))
    assert state(comment) == ("visible", 1)
    assert Decision.objects.count() == 1


def test_what_one_has_in_hand_another_does_not_decide_until_it_is_given_up(
    ada: Actor, mina: Actor, mo: Actor, post: Post
) -> None:
    comment = post(ada, wait=True)
    case = Case.objects.get()
    claim(mina, [case.pk])
    claim(mo, [case.pk])
    with pytest.raises(errors.CaseClaimed, match="Mina is deciding"):
        decide(actor=mo, comment=comment, act="release")
    others, _more = queries.cases(queries.Asked("held", free_for=mo.id))
    assert others == []
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        claim(mo, [case.pk])
        with pytest.raises(errors.CaseClaimed):
            decide(actor=mina, comment=comment, act="release")
    with time_machine.travel(now() + timedelta(minutes=22), tick=False):
        decide(actor=mina, comment=comment, act="release")
    assert state(comment) == ("visible", 1)


def test_reports_of_several_readers_are_one_case(ada: Actor, carmen: Actor, mina: Actor, mo: Actor, post: Post) -> None:
    comment = post(ada)
    for reader, reason in ((carmen, "abuse"), (mo, "spam"), (carmen, "hate")):
        report_comment(actor=reader, comment=comment, grounds=Grounds(reason))
    assert (Case.objects.get().queue, Case.objects.get().reports) == ("reported", 2)
    assert dict(queries.complaints("comment", [comment.pk])[comment.pk].reasons) == {"hate": 1, "spam": 1}
    decide(actor=mina, comment=comment, act="keep")
    assert waiting("reported") == []
    report_comment(actor=carmen, comment=comment, grounds=RUDE)
    assert waiting("reported") == [comment.pk]
    assert Case.objects.count() == 2


def test_a_flood_of_reports_by_one_person_ends(ada: Actor, carmen: Actor, post: Post) -> None:
    comments = [post(ada, f"Number {number}.") for number in range(31)]
    for comment in comments[:30]:
        report_comment(actor=carmen, comment=comment, grounds=Grounds("spam"))
    with pytest.raises(errors.TooManyReports):
        report_comment(actor=carmen, comment=comments[30], grounds=Grounds("spam"))
    assert Report.objects.count() == Case.objects.count() == 30


def test_a_held_comment_taken_back_by_its_writer_waits_no_more(ada: Actor, post: Post) -> None:
    comment = post(ada, wait=True)
    withdraw_comment(actor=ada, comment=comment)
    assert waiting() == []
    assert Case.objects.get().decision is None


@pytest.mark.parametrize(
    ("act", "wait", "before"),
    [
        ("remove", False, ("visible", 1)),
        ("remove", True, ("held", None)),
        ("hold", False, ("visible", 1)),
        ("keep", False, ("visible", 1)),
    ],
)
def test_a_decision_is_taken_back_and_the_comment_waits_where_it_waited(
    ada: Actor, carmen: Actor, mina: Actor, post: Post, act: str, wait: bool, before: tuple[str, int | None]
) -> None:
    comment = post(ada, wait=wait)
    if not wait:
        report_comment(actor=carmen, comment=comment, grounds=RUDE)
    decision = decide(actor=mina, comment=comment, act=act, grounds=RUDE)
    undo(actor=mina, comment=comment, decision=decision)
    assert state(comment) == before
    assert waiting("held" if wait else "reported") == [comment.pk]
    assert Report.objects.filter(decision=None).count() == (0 if wait else 1)
    assert list(Decision.objects.order_by("id").values_list("act", flat=True)) == [act, "undo"]
    assert queries.reasons_of("comment", [comment.pk]) == {}


def test_only_the_last_decision_of_ones_own_is_taken_back_and_only_at_once(
    ada: Actor, mina: Actor, mo: Actor, post: Post
) -> None:
    comment = post(ada)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    with pytest.raises(errors.CannotBeUndone):
        undo(actor=mo, comment=comment, decision=removal)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False), pytest.raises(errors.CannotBeUndone):
        undo(actor=mina, comment=comment, decision=removal)
    decide(actor=mo, comment=comment, act="restore")
    with pytest.raises(errors.CannotBeUndone):
        undo(actor=mina, comment=comment, decision=removal)
    assert state(comment) == ("visible", 1)


def test_a_writer_is_asked_for_other_words_and_it_comes_back(ada: Actor, mina: Actor, post: Post) -> None:
    comment = post(ada)
    with time_machine.travel(now() + timedelta(hours=2), tick=False):
        decide(actor=mina, comment=comment, act="ask", grounds=Grounds("abuse", "Please without the name."))
        assert (state(comment), waiting(), waiting("asked")) == (("held", 1), [], [comment.pk])
        assert text_to_edit(actor=ada, comment=comment) == "The baker is a fool."
        edit_comment(actor=ada, comment=comment, text="The baker is late.")
        assert (waiting(), waiting("asked")) == ([comment.pk], [])
        decide(actor=mina, comment=comment, act="release")
    assert state(comment) == ("visible", 1)


def test_a_statement_tells_reason_rule_and_passage_in_the_writers_language(
    make_actor: MakeActor, mina: Actor, post: Post, engine: Script, work: Work
) -> None:
    engine(answers={"es|This calls the baker names.": "Esto insulta al panadero."})
    carmen = make_actor("Carmen", languages=("es",))
    comment = post(carmen, "El panadero es un tonto.", "es")
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    work()
    told = statement(access_comment(comment.pk), ReaderView("es", carmen))
    assert (told.decision.reason, told.decision.act, told.typed) == ("abuse", "remove", "El panadero es un tonto.")
    assert told.note is not None
    assert told.note.text == "Esto insulta al panadero."
    assert told.appealed_until is not None
    unit = Unit.objects.get(pk=told.decision.note_text)
    assert (unit.owner_kind, unit.is_released) == ("decision", False)
    with pytest.raises(conversation_errors.NoSuchComment):
        statement(access_comment(comment.pk), ReaderView("es", mina))


def test_an_appeal_is_answered_by_another_person_and_the_comment_gets_its_number(
    carmen: Actor, mina: Actor, mo: Actor, post: Post
) -> None:
    comment = post(carmen, wait=True)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=removal, words="I meant the other one.")
    assert waiting("appeal") == [comment.pk]
    with pytest.raises(errors.DecidedByYou):
        decide(actor=mina, comment=comment, act="restore")
    with pytest.raises(errors.AppealedAlready):
        object_to(actor=carmen, comment=comment, decision_id=removal, words="Again.")
    shown = at_desk([comment.pk], ReaderView("en", mo))[0]
    assert shown.appeal is not None
    assert shown.appeal_words is not None
    assert shown.appeal_words.text == "I meant the other one."
    assert shown.comment.text is not None
    decide(actor=mo, comment=comment, act="restore")
    assert state(comment) == ("visible", 1)
    row = Appeal.objects.get()
    assert row.answer is not None
    assert (row.answer.act, row.is_by_same) == ("restore", False)
    assert waiting("appeal") == []


def test_after_three_days_the_same_person_answers_and_that_is_recorded(carmen: Actor, mina: Actor, post: Post) -> None:
    comment = post(carmen)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=removal, words="No.")
    with time_machine.travel(now() + timedelta(hours=73), tick=False):
        decide(actor=mina, comment=comment, act="uphold", grounds=Grounds("", "It stays."))
    row = Appeal.objects.get()
    assert row.is_by_same
    assert appeal_counts() == (0, 1, 1)
    assert (state(comment), waiting("appeal")) == (("removed", 1), [])
    assert queries.reasons_of("comment", [comment.pk]) == {comment.pk: "abuse"}
    told = statement(access_comment(comment.pk), ReaderView("en", carmen))
    assert told.appeal is not None
    assert (told.appeal.answered, told.appealed_until) == ("uphold", None)


def test_an_upheld_hold_waits_on(carmen: Actor, mina: Actor, mo: Actor, post: Post) -> None:
    comment = post(carmen)
    hold = decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=hold, words="Show it.")
    assert (waiting(), waiting("appeal")) == ([], [comment.pk])
    decide(actor=mo, comment=comment, act="uphold")
    assert (waiting(), waiting("appeal")) == ([comment.pk], [])


def test_there_is_nothing_to_uphold_without_an_appeal(carmen: Actor, mina: Actor, post: Post) -> None:
    comment = post(carmen)
    decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    with pytest.raises(conversation_errors.WrongState):
        decide(actor=mina, comment=comment, act="uphold")


@pytest.mark.parametrize("words", ["", " \u200f\n", "x" * 1001])
def test_an_appeal_says_something_and_not_too_much(carmen: Actor, mina: Actor, post: Post, words: str) -> None:
    comment = post(carmen)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    with pytest.raises((errors.AppealSaysNothing, errors.NoteTooLong)):
        object_to(actor=carmen, comment=comment, decision_id=removal, words=words)
    assert not Appeal.objects.exists()


def test_there_is_no_appeal_for_others_too_late_or_against_what_is_gone(
    ada: Actor, carmen: Actor, mina: Actor, post: Post
) -> None:
    comment = post(carmen)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    with pytest.raises(conversation_errors.NoSuchComment):
        object_to(actor=ada, comment=comment, decision_id=removal, words="No.")
    with pytest.raises(errors.NoSuchAppeal):
        object_to(actor=carmen, comment=comment, decision_id=removal + 1, words="No.")
    with time_machine.travel(now() + timedelta(days=184), tick=False), pytest.raises(errors.AppealTooLate):
        object_to(actor=carmen, comment=comment, decision_id=removal, words="No.")
    Comment.objects.filter(pk=comment.pk).update(state="erased")
    with pytest.raises(conversation_errors.WrongState):
        object_to(actor=carmen, comment=comment, decision_id=removal, words="No.")
    assert not Appeal.objects.exists()


def test_the_log_has_hashes_and_never_the_comments_text(carmen: Actor, mina: Actor, post: Post) -> None:
    comment = post(carmen, "A secret word.", wait=True)
    decide(actor=mina, comment=comment, act="remove", grounds=Grounds("spam"))
    for row in (*Decision.objects.values(), *Case.objects.values()):
        assert "secret" not in repr(row)


def test_a_window_of_cases_needs_the_same_queries_whatever_its_length(
    ada: Actor, carmen: Actor, mina: Actor, post: Post
) -> None:
    counts = []
    for number in range(12):
        comment = post(ada, f"Word number {number} of many.")
        report_comment(actor=carmen, comment=comment, grounds=RUDE)
        if number in (2, 11):
            with CaptureQueriesContext(connection) as statements:
                found, _more = queries.cases(queries.Asked("reported"))
                at_desk([one.subject for one in found], ReaderView("en", mina))
            counts.append(len(statements))
    assert counts[0] == counts[1]


def test_what_waited_or_was_asked_about_is_in_no_history(ada: Actor, mina: Actor, post: Post) -> None:
    held = post(ada, "He lives at 5 Elm Street.", wait=True)
    with comments_wait():
        edit_comment(actor=ada, comment=held, text="He lives somewhere.")
    decide(actor=mina, comment=held, act="release")
    assert [one.text.text for one in history(access_comment(held.pk))] == ["He lives somewhere."]
    asked = post(ada, "The baker is a thief.")
    decide(actor=mina, comment=asked, act="ask", grounds=RUDE)
    edit_comment(actor=ada, comment=asked, text="The baker is late.")
    decide(actor=mina, comment=asked, act="release")
    assert [one.text.text for one in history(access_comment(asked.pk))] == ["The baker is late."]


@pytest.mark.parametrize("act", ["keep", "hold"])
def test_what_its_writer_took_back_or_changed_is_not_brought_back_by_undoing(
    ada: Actor, mina: Actor, post: Post, act: str
) -> None:
    comment = post(ada)
    decision = decide(actor=mina, comment=comment, act=act, grounds=RUDE)
    edit_comment(actor=ada, comment=comment, text="Something vile.")
    with pytest.raises(errors.CannotBeUndone):
        undo(actor=mina, comment=comment, decision=decision)
    other = post(ada, "Another text.")
    decision = decide(actor=mina, comment=other, act=act, grounds=RUDE)
    withdraw_comment(actor=ada, comment=other)
    with pytest.raises(errors.CannotBeUndone):
        undo(actor=mina, comment=other, decision=decision)
    assert state(other)[0] == "withdrawn"


def test_words_that_nobody_read_are_not_approved(ada: Actor, mina: Actor, post: Post) -> None:
    comment = post(ada, wait=True)
    read = at_desk([comment.pk], ReaderView("en", mina))[0].version
    with comments_wait():
        edit_comment(actor=ada, comment=comment, text="Something vile.")
    with pytest.raises(conversation_errors.TextChanged):
        decide(actor=mina, comment=comment, act="release", seen=Seen(version=read))
    assert state(comment) == ("held", None)


def test_an_answer_to_an_objection_that_is_taken_back_leaves_it_open(
    carmen: Actor, mina: Actor, mo: Actor, post: Post
) -> None:
    comment = post(carmen)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=removal, words="No.")
    restored = decide(actor=mo, comment=comment, act="restore")
    undo(actor=mo, comment=comment, decision=restored)
    assert (state(comment), waiting("appeal"), Appeal.objects.get().answer) == (("removed", 1), [comment.pk], None)
    decide(actor=mo, comment=comment, act="uphold")
    assert waiting("appeal") == []


def test_a_flagged_comment_waits_on_when_its_hold_is_taken_back(ada: Actor, mina: Actor, post: Post) -> None:
    save_list(actor=mina, typed=TypedList("Insults", "en", "word", "flag", "fool"))
    comment = post(ada)
    hold = decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    undo(actor=mina, comment=comment, decision=hold)
    assert (state(comment), waiting("reported")) == (("visible", 1), [comment.pk])


def test_asking_for_other_words_is_taken_back_to_where_it_waited(ada: Actor, mina: Actor, post: Post) -> None:
    comment = post(ada, wait=True)
    asked = decide(actor=mina, comment=comment, act="ask", grounds=RUDE)
    undo(actor=mina, comment=comment, decision=asked)
    assert (state(comment), waiting(), waiting("asked")) == (("held", None), [comment.pk], [])


def test_a_report_after_the_case_was_closed_opens_another_one(ada: Actor, carmen: Actor, post: Post) -> None:
    comment = post(ada)
    report_comment(actor=carmen, comment=comment, grounds=RUDE)
    Case.objects.update(closed_at=now())
    assert not report_comment(actor=carmen, comment=comment, grounds=RUDE)
    assert waiting("reported") == [comment.pk]


def test_moderators_do_not_decide_for_their_own_comments(mina: Actor, mo: Actor, post: Post) -> None:
    comment = post(mo)
    removal = decide(actor=mina, comment=comment, act="remove", grounds=RUDE)
    object_to(actor=mo, comment=comment, decision_id=removal, words="No.")
    for act in ("restore", "uphold"):
        with pytest.raises(conversation_errors.OwnComment):
            decide(actor=mo, comment=comment, act=act)


def test_a_held_text_goes_to_no_engine_outside_any_more(ada: Actor, mina: Actor, post: Post, engine: Script) -> None:
    comment = post(ada, "The lamps of the library are green tonight.")
    assert Job.objects.filter(in_house=False, kind="comment").exists()
    decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    assert not Job.objects.filter(in_house=False, kind="comment").exists()
    assert Job.objects.filter(in_house=True, unit=comment.unit_id).exists()


def test_a_list_is_not_evaded_by_another_languages_name(ada: Actor, mina: Actor, post: Post) -> None:
    save_list(actor=mina, typed=TypedList("Insults", "en", "word", "hold", "fool"))
    comment = post(ada, "A fool!", "eo")  # too short to be in any language plainly
    assert state(comment)[0] == "visible"
    change_language(actor=ada, comment=comment, language="en")
    assert (state(comment)[0], waiting()) == ("held", [comment.pk])
    assert Case.objects.get().language == "en"


def test_findings_are_those_of_the_words_as_they_are(ada: Actor, mina: Actor, post: Post) -> None:
    save_list(actor=mina, typed=TypedList("Insults", "en", "word", "flag", "fool"))
    comment = post(ada)
    for number in range(3):
        edit_comment(actor=ada, comment=comment, text=f"A fool, {number}.")
    assert len(Case.objects.get().findings) == 1
    edit_comment(actor=ada, comment=comment, text="Nobody at all.")
    assert Case.objects.get().findings == []


def test_what_the_version_before_held_or_took_as_a_report_gets_its_case(ada: Actor, carmen: Actor, post: Post) -> None:
    held, reported = post(ada, wait=True), post(ada, "Another one.")
    report_comment(actor=carmen, comment=reported, grounds=RUDE)
    Case.objects.all().delete()
    assert open_missing_cases() == 2
    assert (waiting(), waiting("reported")) == ([held.pk], [reported.pk])
    assert open_missing_cases() == 0


def test_an_objection_ends_when_its_comment_is_taken_back(carmen: Actor, mina: Actor, post: Post) -> None:
    comment = post(carmen)
    hold = decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=hold, words="Show it.")
    withdraw_comment(actor=carmen, comment=comment)
    assert (waiting("appeal"), appeal_counts()) == ([], (0, 0, 0))
    told = statement(access_comment(comment.pk), ReaderView("en", carmen))
    assert told.appeal is not None
    assert (told.appeal.answered, told.appealed_until) == ("withdraw", None)


def test_other_words_for_what_is_objected_to_stay_with_the_objections(
    carmen: Actor, mina: Actor, mo: Actor, post: Post
) -> None:
    comment = post(carmen)
    hold = decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=hold, words="Show it.")
    edit_comment(actor=carmen, comment=comment, text="I said it better now.")
    assert (waiting(), waiting("appeal")) == ([], [comment.pk])
    with pytest.raises(errors.DecidedByYou):
        decide(actor=mina, comment=comment, act="release")
    decide(actor=mo, comment=comment, act="release")
    assert state(comment)[0] == "visible"


def test_an_objection_to_what_was_undone_holds_nobody_up(carmen: Actor, mina: Actor, post: Post) -> None:
    comment = post(carmen)
    hold = decide(actor=mina, comment=comment, act="hold", grounds=RUDE)
    object_to(actor=carmen, comment=comment, decision_id=hold, words="Show it.")
    undo(actor=mina, comment=comment, decision=hold)
    assert appeal_counts() == (0, 0, 0)
    decide(actor=mina, comment=access_comment(comment.pk), act="hold", grounds=RUDE)
    edit_comment(actor=carmen, comment=access_comment(comment.pk), text="I said it better now.")
    assert (waiting(), waiting("appeal")) == ([comment.pk], [])
    decide(actor=mina, comment=access_comment(comment.pk), act="release")
    assert state(comment)[0] == "visible"
