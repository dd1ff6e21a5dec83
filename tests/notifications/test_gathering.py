"""Who is told of what."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dragoman.conversation.editing import edit_comment, withdraw_comment
from dragoman.conversation.following import follow
from dragoman.conversation.moderating import decide
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.rules.quoting import Passage
from dragoman.foundation import clock
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.live.models import Follower, OutboxEvent
from dragoman.moderation.actions import Grounds
from dragoman.notifications.actions import choose, mark_seen
from dragoman.notifications.gathering import forget_old_notifications, gather
from dragoman.notifications.models import Notification
from dragoman.notifications.queries import notifications, unseen
from dragoman.notifications.rules.kinds import KEPT, Wish
from dragoman.notifications.sentences import sentence
from dragoman.readers.actions import mute
from dragoman.readers.policies import Actor
from dragoman.translation.passages import sentences_of
from tests.conftest import NOON, MakeActor
from tests.notifications.conftest import Post, Told


def _says(actor: Actor) -> list[str]:
    return [sentence(one) for one in notifications(ReaderView("en", actor)).items]


def test_who_is_answered_quoted_or_mentioned_is_told_once_and_of_the_nearest(
    ada: Actor, carmen: Actor, mina: Actor, post: Post, told: Told
) -> None:
    first = post(ada, "The lamps in the library are green.")
    quoted = sentences_of(first.unit_id or 0)[0]
    passage = Passage(quoted.unit, quoted.block, quoted.occurrence, quoted.revision, 0, len(quoted.text), quoted.text)
    post(carmen, "So they are, @Ada and @Mina.", reply_to=first.number, quote=passage)
    assert told(ada) == ["reply"]
    assert told(mina) == ["mention"]
    assert told(carmen) == []
    post(mina, "I quote it too.", quote=passage)
    assert told(ada) == ["reply", "quote"]
    assert _says(ada) == ["Mina quoted your comment", "Carmen answered your comment"]


def test_nobody_is_told_of_oneself_or_by_those_who_were_muted(
    ada: Actor, carmen: Actor, post: Post, told: Told
) -> None:
    first = post(ada, "I answer myself, @Ada.")
    post(ada, "And again.", reply_to=first.number)
    mute(actor=ada, reader_id=carmen.id or 0, muted=True)
    post(carmen, "Listen to me, @Ada!", reply_to=first.number)
    assert told(ada) == []


def test_a_followed_thread_is_told_of_once_until_the_reader_has_looked(
    ada: Actor, carmen: Actor, thread: Any, post: Post, told: Told
) -> None:
    follow(actor=carmen, thread=thread, follows=True)
    for number in range(3):
        post(ada, f"Comment number {number}.")
    assert told(carmen) == ["followed"]
    assert _says(carmen) == ["3 new comments in a conversation that you follow"]
    mark_seen(actor=carmen, up_to=Notification.objects.get().pk)
    post(ada, "One more.")
    assert _says(carmen)[0] == "1 new comment in a conversation that you follow"


def test_what_is_held_is_told_to_nobody_until_it_is_released(
    ada: Actor, carmen: Actor, mina: Actor, post: Post, told: Told
) -> None:
    first = post(ada, "The lamps in the library are green.")
    held = post(carmen, "Held words for @Mina.", reply_to=first.number, hold=True)
    assert told(ada) == told(mina) == []
    decide(actor=mina, comment=held, act="release")
    gather()
    assert told(ada) == ["reply"]
    assert told(mina) == ["mention"]
    assert _says(carmen) == ["Your comment is shown now"]


def test_what_was_taken_away_is_told_no_more(ada: Actor, carmen: Actor, mina: Actor, post: Post) -> None:
    first = post(ada, "The lamps in the library are green.")
    answer = post(carmen, "Words to be removed.", reply_to=first.number)
    other = post(carmen, "Words to be taken back.", reply_to=first.number)
    assert len(_says(ada)) == 2
    decide(actor=mina, comment=answer, act="remove", grounds=Grounds("spam"))
    withdraw_comment(actor=carmen, comment=other)
    gather()
    assert _says(ada) == []


def test_a_decision_is_told_to_its_writer_with_the_reason(ada: Actor, mina: Actor, post: Post) -> None:
    comment = post(ada, "Buy my lamps.")
    decide(actor=mina, comment=comment, act="hold", grounds=Grounds("spam"))
    gather()
    assert _says(ada) == ["A moderator is looking at your comment: advertising or spam"]
    decide(actor=mina, comment=comment, act="remove", grounds=Grounds("spam"))
    gather()
    decide(actor=mina, comment=comment, act="restore")
    gather()
    decide(actor=mina, comment=comment, act="pick")
    gather()
    assert _says(ada)[:3] == [
        "The editors picked your comment",
        "Your comment is shown again",
        "A moderator removed your comment: advertising or spam",
    ]


def test_who_is_mentioned_by_an_edit_is_told_and_the_others_not_again(
    ada: Actor, carmen: Actor, mina: Actor, post: Post, told: Told
) -> None:
    comment = post(ada, "I ask @Carmen.")
    edit_comment(actor=ada, comment=comment, text="I ask @Carmen and @Mina.")
    gather()
    assert told(carmen) == ["mention"]
    assert told(mina) == ["mention"]


def test_what_a_reader_does_not_want_to_hear_of_is_not_written_down(
    ada: Actor, carmen: Actor, post: Post, told: Told
) -> None:
    choose(actor=ada, wishes={"reply": Wish(site=False, mail="", push=False)})
    first = post(ada, "The lamps in the library are green.")
    post(carmen, "So they are.", reply_to=first.number)
    assert told(ada) == []


def test_open_pages_of_the_reader_alone_hear_of_it(ada: Actor, carmen: Actor, post: Post) -> None:
    first = post(ada, "The lamps in the library are green.")
    post(carmen, "So they are.", reply_to=first.number)
    heard = OutboxEvent.objects.filter(kind="notified")
    assert [event.topic for event in heard] == [f"reader:{ada.id}"]
    assert [event.data for event in heard] == [{}]


def test_two_workers_and_a_repeated_event_tell_nothing_twice(ada: Actor, carmen: Actor, post: Post, told: Told) -> None:
    first = post(ada, "The lamps in the library are green.")
    post(carmen, "So they are.", reply_to=first.number)
    Follower.objects.filter(name="notifications").update(last_event=0)
    while gather():
        pass
    assert told(ada) == ["reply"]


def test_the_list_needs_the_same_queries_whatever_its_length(ada: Actor, carmen: Actor, post: Post) -> None:
    first = post(ada, "The lamps in the library are green.")

    def queries_now() -> int:
        with CaptureQueriesContext(connection) as queries:
            notifications(ReaderView("en", ada))
        return len(queries)

    post(carmen, "Answer number 0.", reply_to=first.number)
    few = queries_now()
    for number in range(1, 8):
        post(carmen, f"Answer number {number}.", reply_to=first.number)
    assert queries_now() == few
    assert unseen(ada) == 8


def test_old_notifications_are_forgotten(ada: Actor, carmen: Actor, post: Post) -> None:
    with clock.stopped_at(NOON):
        first = post(ada, "The lamps in the library are green.")
        post(carmen, "So they are.", reply_to=first.number)
    with clock.stopped_at(NOON + KEPT + timedelta(hours=1)):
        assert forget_old_notifications() == 1


def test_a_reader_is_told_in_the_own_language(ada: Actor, make_actor: MakeActor, post: Post) -> None:
    first = post(ada, "The lamps in the library are green.")
    post(make_actor("Blai"), "Sí que ho són.", "ca", reply_to=first.number)
    with translation.override("es"):
        assert _says(ada) == ["Blai ha respondido a su comentario"]


def test_an_event_that_nobody_understands_keeps_no_later_one_waiting(
    ada: Actor, carmen: Actor, post: Post, told: Told
) -> None:
    first = post(ada, "The lamps in the library are green.")
    announce(Announcement(f"thread:{first.thread_id}", "comment", {"id": "no number"}))
    post(carmen, "So they are.", reply_to=first.number)
    assert told(ada) == ["reply"]
