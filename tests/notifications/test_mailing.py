"""Mail about conversations, sent to a real SMTP server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from django.test import Client

from dragoman.conversation.editing import withdraw_comment
from dragoman.conversation.following import follow
from dragoman.conversation.models import Comment
from dragoman.foundation import clock
from dragoman.notifications.actions import choose, mark_seen, note_bounces, unsubscribe_token
from dragoman.notifications.errors import NoBounce
from dragoman.notifications.mailing import send_due_mail
from dragoman.notifications.models import DeadAddress, Notification
from dragoman.notifications.queries import is_dead, wishes_for
from dragoman.notifications.rules.bounces import Bounce, read_bounces
from dragoman.notifications.rules.kinds import GRACE, Wish, last_digest
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from dragoman.translation.wishes import request_translations
from tests.conftest import NOON, Script, Work
from tests.mailbox import Box, mail_server
from tests.notifications.conftest import Post

SOON = NOON + GRACE + timedelta(seconds=1)
TOMORROW = NOON + timedelta(days=1)
AT_ONCE = Wish(mail="instant")


@pytest.fixture
def box(settings: Any) -> Iterator[Box]:
    """A mail server, and a site that knows its address."""
    settings.DRAGOMAN.values["site.url"] = "https://paper.example"
    with mail_server(settings) as found:
        yield found
    settings.DRAGOMAN.values["site.url"] = ""


@pytest.fixture
def answered(ada: Actor, carmen: Actor, post: Post) -> Actor:
    """Ada, whose comment Carmen answered at noon; she wants to hear of it at once."""
    choose(actor=ada, wishes={"reply": AT_ONCE})
    with clock.stopped_at(NOON):
        first = post(ada, "The lamps in the library are green.")
        post(carmen, "Las lámparas son *muy* azules.", "es", reply_to=first.number)
    return ada


def _part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_an_answer_is_mailed_after_a_minute_in_text_and_html(answered: Actor, box: Box) -> None:
    with clock.stopped_at(NOON + GRACE / 2):
        assert send_due_mail() == 0
    with clock.stopped_at(SOON):
        assert send_due_mail() == 1
        assert send_due_mail() == 0
    (mail,) = box.mails
    assert box.recipients == ["ada@example.org"]
    assert mail["Subject"] == "Carmen answered your comment · The Test Courier"
    text, html = _part(mail, "plain"), _part(mail, "html")
    assert "https://paper.example/en/town/1-" in text
    assert "Las lámparas son *muy* azules." in text
    assert "<em>muy</em>" in html
    assert 'lang="es"' in html


def test_the_words_are_those_of_the_readers_edition(answered: Actor, box: Box, engine: Script, work: Work) -> None:
    engine(answers={"en|Las lámparas son ⟦*1⟧muy⟦/1⟧ azules.": "The lamps are ⟦*1⟧very⟦/1⟧ blue."})
    request_translations([Comment.objects.get(number=2).unit_id or 0], priority=0)
    work()
    Reader.objects.filter(nickname="Ada").update(edition="en")
    with clock.stopped_at(SOON):
        send_due_mail()
    text = _part(box.mails[0], "plain")
    assert "The lamps are *very* blue." in text
    assert "machine translation" in text


def test_one_click_in_the_mail_program_ends_all_mail(answered: Actor, box: Box, client: Client) -> None:
    with clock.stopped_at(SOON):
        send_due_mail()
    mail = box.mails[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<https://paper\.example(/en/unsubscribe/[^>]+)>", str(mail["List-Unsubscribe"]).strip())
    assert address
    opened = client.get(address[1])
    assert opened.status_code == 200
    assert wishes_for(answered.id or 0)["reply"].mail == "instant"
    done = client.post(address[1], {"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert {wish.mail for wish in wishes_for(answered.id or 0).values()} == {""}
    assert wishes_for(answered.id or 0)["reply"].site


@pytest.mark.parametrize("token", ["x", "MQ:1abc:zzz", "1"])
def test_a_forged_way_out_changes_nothing(token: str, ada: Actor, client: Client) -> None:
    before = unsubscribe_token(ada.id or 0)
    assert token != before
    assert client.post(f"/en/unsubscribe/{token}").status_code == 422
    assert wishes_for(ada.id or 0)["decision"].mail == "instant"


def test_what_was_seen_here_or_taken_back_meanwhile_is_not_mailed(
    answered: Actor, carmen: Actor, post: Post, box: Box
) -> None:
    mark_seen(actor=answered, up_to=Notification.objects.get().pk)
    with clock.stopped_at(NOON):
        second = post(carmen, "Y otra cosa.", "es", reply_to=1)
    withdraw_comment(actor=carmen, comment=second)
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    assert box.raw == []
    assert not Notification.objects.exclude(mail="").exists()


def test_a_digest_comes_once_in_the_morning_with_all_of_it(ada: Actor, carmen: Actor, post: Post, box: Box) -> None:
    with clock.stopped_at(NOON):
        first = post(ada, "The lamps in the library are green.")
        for number in range(3):
            post(carmen, f"Respuesta número {number}.", "es", reply_to=first.number)
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    with clock.stopped_at(TOMORROW):
        assert send_due_mail() == 1
        assert send_due_mail() == 0
    (mail,) = box.mails
    assert mail["Subject"] == "3 things that concern you · The Test Courier"
    assert _part(mail, "plain").count("Carmen answered your comment") == 3


def test_mornings_are_the_publications() -> None:
    assert last_digest(datetime(2026, 5, 4, 6, 59, tzinfo=UTC)) == datetime(2026, 5, 3, 7, 0, tzinfo=UTC)
    assert last_digest(datetime(2026, 5, 4, 7, 0, tzinfo=UTC)) == datetime(2026, 5, 4, 7, 0, tzinfo=UTC)


def test_a_server_that_refuses_the_address_for_good_gets_no_more_mail_for_it(answered: Actor, box: Box) -> None:
    box.refuses = "550 no such mailbox"
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    assert is_dead("Ada@example.org")
    assert not Notification.objects.exclude(mail="").exists()


def test_a_server_that_refuses_us_ends_no_readers_mail(answered: Actor, box: Box) -> None:
    box.refuses = "554 5.7.1 relay access denied"
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    assert not is_dead("ada@example.org")
    box.refuses = ""
    with clock.stopped_at(SOON + timedelta(minutes=16)):
        assert send_due_mail() == 1


def test_a_followed_thread_is_mailed_again_when_more_was_said(
    ada: Actor, carmen: Actor, thread: Any, post: Post, box: Box
) -> None:
    choose(actor=carmen, wishes={"followed": AT_ONCE})
    follow(actor=carmen, thread=thread, follows=True)
    with clock.stopped_at(NOON):
        post(ada, "The first of two.")
    with clock.stopped_at(SOON):
        assert send_due_mail() == 1
        post(ada, "The second of two.")
    with clock.stopped_at(SOON + GRACE * 2):
        assert send_due_mail() == 1
    assert "The second of two." in _part(box.mails[1], "plain")


def test_a_server_that_is_busy_or_away_is_asked_again_and_nothing_is_lost(
    answered: Actor, box: Box, settings: Any
) -> None:
    box.refuses = "451 try again later"
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    box.refuses = ""
    with clock.stopped_at(SOON + timedelta(minutes=1)):
        assert send_due_mail() == 0
    with clock.stopped_at(SOON + timedelta(minutes=16)):
        assert send_due_mail() == 1
    assert not is_dead("ada@example.org")


def test_a_server_that_is_not_there_stops_nothing(answered: Actor, box: Box, settings: Any) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0
    settings.EMAIL_PORT = port
    with clock.stopped_at(SOON + timedelta(minutes=16)):
        assert send_due_mail() == 1


def test_a_worker_that_was_killed_while_sending_loses_no_mail_and_a_second_one_has_the_same_id(
    answered: Actor, box: Box
) -> None:
    with clock.stopped_at(SOON):
        send_due_mail()
    # Killed between the server's word and the note of it: the lease is all that is left.
    Notification.objects.update(mail="instant", lease=SOON + timedelta(minutes=10))
    with clock.stopped_at(SOON + timedelta(minutes=1)):
        assert send_due_mail() == 0
    with clock.stopped_at(SOON + timedelta(minutes=11)):
        assert send_due_mail() == 1
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1
    assert len(box.mails) == 2


def test_without_an_address_of_the_site_no_mail_is_sent(answered: Actor, box: Box, settings: Any) -> None:
    settings.DRAGOMAN.values["site.url"] = ""
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0


REPORT = b"""From: MAILER-DAEMON@mx.example
To: news@paper.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Ada@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--b--
"""


def test_a_delivery_report_ends_mail_to_its_address(answered: Actor, box: Box) -> None:
    assert note_bounces(REPORT) == ["ada@example.org"]
    with clock.stopped_at(SOON):
        assert send_due_mail() == 0


def test_failures_that_may_pass_count_up() -> None:
    assert read_bounces(REPORT.replace(b"5.1.1", b"4.2.2")) == [Bounce("ada@example.org", is_lasting=False)]
    assert read_bounces(REPORT.replace(b"Action: failed", b"Action: delayed")) == []


def test_three_failures_that_might_have_passed_are_one_for_good(db: None) -> None:
    report = REPORT.replace(b"5.1.1", b"4.2.2")
    assert [note_bounces(report) for _time in range(3)] == [[], [], ["ada@example.org"]]
    assert DeadAddress.objects.get().bounces == 3


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"Subject: hello\n\nworld", REPORT[:250]])
def test_what_is_no_report_is_refused(raw: bytes, db: None) -> None:
    with pytest.raises(NoBounce):
        note_bounces(raw)
