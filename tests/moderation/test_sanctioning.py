"""Sanctions, and who is on duty."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import change_language, edit_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import report_comment
from dragoman.conversation.queries import ReaderView
from dragoman.conversation.sanctions import impose, notes_of_sanctions
from dragoman.conversation.voting import cast_vote
from dragoman.foundation.clock import now
from dragoman.foundation.errors import NotAllowed, NotFound
from dragoman.moderation import errors, queries
from dragoman.moderation.actions import Grounds
from dragoman.moderation.duty import own_duty, set_duty, watch
from dragoman.moderation.sanctioning import lift, note_reader
from dragoman.notifications.gathering import gather
from dragoman.notifications.models import Notification
from dragoman.readers.policies import Actor
from tests.conftest import MakeActor, MakeArticle, Script, Work

Post = Callable[..., Comment]
RUDE = Grounds("abuse", "Please be friendly.")
_texts = iter(range(1000))


@pytest.fixture
def post(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Post:
    thread = thread_of(make_article())
    return lambda actor: post_comment(actor=actor, thread=thread, draft=Draft(f"Text {next(_texts)}.", "en")).comment


def test_a_suspension_ends_by_itself(ada: Actor, mina: Actor, post: Post) -> None:
    comment = post(ada)
    impose(actor=mina, kind="suspend", grounds=RUDE, reader_id=ada.id, until=now() + timedelta(days=3))
    with pytest.raises(errors.Sanctioned, match="insult or harassment"):
        post(ada)
    with pytest.raises(errors.Sanctioned):
        edit_comment(actor=ada, comment=comment, text="Something else.")
    with time_machine.travel(now() + timedelta(days=3, minutes=1), tick=False):
        assert post(ada).state == "visible"


@pytest.mark.parametrize(("kind", "state"), [("warn", "visible"), ("hold", "held")])
def test_a_warning_changes_nothing_and_a_hold_lets_comments_wait(
    ada: Actor, mina: Actor, post: Post, kind: str, state: str
) -> None:
    impose(actor=mina, kind=kind, grounds=RUDE, reader_id=ada.id)
    assert post(ada).state == state


def test_a_ban_lasts_until_it_is_lifted(ada: Actor, mina: Actor, post: Post) -> None:
    impose(actor=mina, kind="ban", grounds=RUDE, reader_id=ada.id)
    with time_machine.travel(now() + timedelta(days=4000), tick=False), pytest.raises(errors.Sanctioned):
        post(ada)
    lift(actor=mina, sanction_id=queries.sanctions_of(ada.id or 0)[0].id)
    assert post(ada).state == "visible"
    assert queries.sanctions_of(ada.id or 0)[0].is_over
    with pytest.raises(NotFound):
        lift(actor=mina, sanction_id=queries.sanctions_of(ada.id or 0)[0].id)


def test_who_is_suspended_takes_no_part_in_any_way(ada: Actor, carmen: Actor, mina: Actor, post: Post) -> None:
    comment, own = post(carmen), post(ada)
    impose(actor=mina, kind="suspend", grounds=RUDE, reader_id=ada.id, until=now() + timedelta(days=3))
    for act in (
        lambda: cast_vote(actor=ada, comment=comment, value=1),
        lambda: report_comment(actor=ada, comment=comment, grounds=RUDE),
        lambda: change_language(actor=ada, comment=own, language="es"),
    ):
        with pytest.raises(errors.Sanctioned):
            act()


def test_a_domain_shuts_out_no_staff(mina: Actor, post: Post) -> None:
    impose(actor=mina, kind="ban", grounds=Grounds("spam"), domain="example.org")
    assert post(mina).state == "visible"


def test_a_domain_is_sanctioned_for_all_its_addresses(ada: Actor, mina: Actor, post: Post) -> None:
    impose(actor=mina, kind="hold", grounds=Grounds("spam"), domain="@Example.ORG")
    assert [one.domain for one in queries.sanctioned_domains()] == ["example.org"]
    assert post(ada).state == "held"


def test_the_reader_is_told_in_the_own_language(make_actor: MakeActor, mina: Actor, engine: Script, work: Work) -> None:
    engine(answers={"es|Please be friendly.": "Por favor, sé amable."})
    carmen = make_actor("Carmen", languages=("es",))
    gather()
    impose(actor=mina, kind="warn", grounds=RUDE, reader_id=carmen.id)
    gather()
    work()
    row = Notification.objects.get()
    assert (row.kind, row.reader_id, row.comment_id, row.mail) == ("sanction", carmen.id, None, "instant")
    found = queries.sanctions_of(carmen.id or 0)
    notes = notes_of_sanctions(found, ReaderView("es", carmen))
    assert [one.text for one in notes if one] == ["Por favor, sé amable."]


def test_a_sanction_needs_a_reason_an_end_in_the_future_and_somebody(ada: Actor, mina: Actor, carmen: Actor) -> None:
    with pytest.raises(errors.ReasonNeeded):
        impose(actor=mina, kind="ban", grounds=Grounds(), reader_id=ada.id)
    for wrong in (
        {"kind": "suspend", "reader_id": ada.id},
        {"kind": "suspend", "reader_id": ada.id, "until": now() - timedelta(days=1)},
        {"kind": "burn", "reader_id": ada.id},
        {"kind": "ban"},
        {"kind": "ban", "reader_id": ada.id, "domain": "example.org"},
    ):
        with pytest.raises(errors.BadSanction):
            impose(actor=mina, grounds=RUDE, **wrong)
    with pytest.raises(errors.StaffAreNotSanctioned):
        impose(actor=mina, kind="ban", grounds=RUDE, reader_id=mina.id)
    with pytest.raises(NotAllowed):
        impose(actor=carmen, kind="ban", grounds=RUDE, reader_id=ada.id)
    assert queries.sanctions_of(ada.id or 0) == []


def test_moderators_note_what_the_reader_does_not_see(ada: Actor, mina: Actor) -> None:
    note_reader(actor=mina, reader_id=ada.id or 0, text=" Knows the baker. ")
    note_reader(actor=mina, reader_id=ada.id or 0, text="   ")
    assert [(by, text) for _at, by, text in queries.notes_on(ada.id or 0)] == [(mina.id, "Knows the baker.")]


def test_what_nobody_on_duty_reads_is_everybodys(make_actor: MakeActor) -> None:
    mina = make_actor("Mina", "moderator", languages=("ca", "es"))
    mo = make_actor("Mo", "moderator", languages=("ar",))
    waiting = ("ar", "ca", "fr", "pt-BR")
    assert watch().nobody_reads(waiting) == {"fr", "pt-BR"}
    assert watch().for_actor(mina, waiting) == ("ca", "fr", "pt-BR")
    set_duty(actor=mo, sections=[], is_away=True)
    assert watch().nobody_reads(waiting) == {"ar", "fr", "pt-BR"}
    set_duty(actor=mo, sections=[3, 2], is_away=False)
    assert own_duty(mo) == ((2, 3), False)
    assert watch().nobody_reads(waiting) == {"fr", "pt-BR"}


def test_sections_that_nobody_on_duty_looks_at_are_everybodys(make_actor: MakeActor) -> None:
    mina, mo = make_actor("Mina", "moderator"), make_actor("Mo", "moderator")
    set_duty(actor=mina, sections=[1], is_away=False)
    assert watch().sections_for(mina, [1, 2, 3]) == (0, 1)
    set_duty(actor=mo, sections=[2], is_away=False)
    assert watch().sections_for(mina, [1, 2, 3]) == (0, 1, 3)
    set_duty(actor=mo, sections=[2], is_away=True)
    assert set(watch().sections_for(mina, [1, 2, 3]) or ()) == {0, 1, 2, 3}
    set_duty(actor=mina, sections=[], is_away=False)
    assert watch().sections_for(mina, [1, 2, 3]) is None
