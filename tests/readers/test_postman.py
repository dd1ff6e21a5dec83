"""Codes and links by mail, sent to a real SMTP server beside the request that asks for them."""

import logging
import re
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from benchmarks.servers import wait_for
from dragoman.publication.models import SectionPage
from dragoman.readers import postman
from dragoman.readers.postman import Postman
from tests.mailbox import Box, mail_server, mails_go_to_a_free_port

_SIGN_UP = {"email": "new@example.org", "username": "Newcomer", "password1": "correct horse battery"}


@pytest.fixture
def box(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Box]:
    monkeypatch.setattr(postman, "_LATER", 0.01)
    with mail_server(settings) as found:
        yield found


def _asked_for_a_code(client: Client) -> None:
    answer = client.post("/en/account/signup/", _SIGN_UP, follow=True)
    assert answer.status_code == 200
    assert "code" in answer.content.decode()


def _text(message: EmailMessage) -> str:
    found = message.get_body(("plain",))
    assert found is not None
    return str(found.get_content())


def test_a_code_reaches_the_reader(client: Client, section: SectionPage, box: Box) -> None:
    _asked_for_a_code(client)
    wait_for(lambda: bool(box.raw), seconds=10)
    assert box.recipients == ["new@example.org"]
    assert re.search(r"^([A-Z0-9-]{6,9})\r?$", _text(box.mails[0]), re.MULTILINE)


def test_a_server_that_refuses_for_now_is_asked_again(client: Client, section: SectionPage, box: Box) -> None:
    box.refuses, box.refusals = "450 Come again", 2
    _asked_for_a_code(client)
    wait_for(lambda: bool(box.raw), seconds=10)
    assert box.asked == 3


@pytest.mark.parametrize(("says", "times"), [("550 nobody of this name", 1), ("450 Come again", 3)])
def test_an_address_that_is_refused_costs_the_reader_no_page_and_is_in_no_log(
    client: Client, section: SectionPage, box: Box, caplog: pytest.LogCaptureFixture, says: str, times: int
) -> None:
    caplog.set_level(logging.DEBUG)
    box.refuses = says
    _asked_for_a_code(client)
    wait_for(lambda: any(one.name == postman.__name__ for one in caplog.records), seconds=10)
    assert box.asked == times
    ours = [one.getMessage() for one in caplog.records if one.name != "mail.log"]  # the server's own
    assert ours
    assert "new@example.org" not in " ".join(ours)


def test_a_server_that_never_answers_keeps_nobody_waiting(client: Client, section: SectionPage, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    with socket.create_server(("127.0.0.1", mails_go_to_a_free_port(settings))):
        _asked_for_a_code(client)


def test_so_many_may_wait_and_no_more(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(postman, "_MOST", 2)
    monkeypatch.setattr(Postman, "_go", lambda self: None)
    full = Postman()
    for number in range(3):
        full.take(mail.EmailMessage(to=[f"{number}@example.org"]))
    assert len(full._waiting) == 2
    assert "lost" in caplog.text


def test_an_address_that_is_not_taken_just_now_holds_up_no_other(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postman, "_LATER", 600.0)
    box.refuses, box.refusals = "450 Come again", 1
    for name in ("first", "second"):
        message = mail.EmailMessage("A code", "It is 7.", to=[f"{name}@example.org"])
        message.connection = postman.Beside()
        message.send()
    wait_for(lambda: bool(box.raw), seconds=10)
    assert box.recipients == ["second@example.org"]


def test_a_server_that_is_away_is_asked_again_when_it_is_back(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postman, "_PAUSE", 0.2)
    monkeypatch.setattr(postman, "_TRIES", 100)
    port = mails_go_to_a_free_port(settings)
    sent = Postman()
    sent.take(mail.EmailMessage("A code", "It is 7.", to=["ada@example.org"]))
    wait_for(lambda: any(one.attempt > 1 for one in sent._waiting), seconds=10)
    with mail_server(settings, port) as found:
        wait_for(lambda: bool(found.raw), seconds=10)
