"""Staff hear that comments wait."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail

from dragoman.conversation.actions import Draft, post_comment
from dragoman.foundation.clock import now
from dragoman.foundation.webhooks import signature
from dragoman.moderation.duty import set_duty
from dragoman.notifications.alerting import alert_staff
from dragoman.readers.policies import Actor
from tests.conftest import MakeActor, MakeArticle, comments_wait


@pytest.fixture(autouse=True)
def wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.alert_after", 30)
    monkeypatch.setitem(settings.DRAGOMAN.values, "site.url", "https://news.example")


@pytest.fixture
def held(ada: Actor, make_article: MakeArticle, thread_of: Callable[..., Any]) -> None:
    """Two comments wait, in Spanish and in English."""
    thread = thread_of(make_article())
    with comments_wait():
        for text, language in (("Espera un momento.", "es"), ("Wait a moment.", "en")):
            post_comment(actor=ada, thread=thread, draft=Draft(text, language))


@pytest.fixture
def pager(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[dict[str, str], bytes]]]:
    """The newsroom's address; what it was sent."""
    told: list[tuple[dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_rest: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.alert_webhook", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.alert_key", "a key")
    yield told
    server.shutdown()
    server.server_close()


def test_each_on_duty_is_told_of_what_is_his_or_hers_once_an_hour(held: None, make_actor: MakeActor) -> None:
    make_actor("Mina", "moderator", languages=("es",))
    make_actor("Mo", "moderator", languages=("en",))
    away = make_actor("Max", "moderator", languages=("en",))
    set_duty(actor=away, sections=[], is_away=True)
    assert not alert_staff()
    with time_machine.travel(now() + timedelta(minutes=31), tick=False) as clock:
        assert alert_staff()
        assert not alert_staff()
        told = {one.to[0]: one for one in mail.outbox}
        assert set(told) == {"mina@example.org", "mo@example.org"}
        assert "español: 1" in told["mina@example.org"].body
        assert ("English: 1" in told["mo@example.org"].body, "Spanish" in told["mo@example.org"].body) == (True, False)
        assert told["mo@example.org"].subject.startswith("1 comment waits for a moderator")
        assert "https://news.example/admin/comments/" in told["mo@example.org"].body
        assert "Espera" not in told["mina@example.org"].body
        clock.shift(timedelta(minutes=61))
        assert alert_staff()


def test_nothing_is_said_where_nothing_waits_or_nobody_wants_to_hear(
    held: None, mina: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not alert_staff()
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.alert_after", 0)
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        assert not alert_staff()
    assert mail.outbox == []


def test_the_newsrooms_address_gets_numbers_signed_and_no_text(
    held: None, pager: list[tuple[dict[str, str], bytes]]
) -> None:
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert alert_staff()
    headers, body = pager[0]
    told = json.loads(body)["waiting"]
    assert [(one["queue"], one["language"], one["number"]) for one in told] == [("held", "en", 1), ("held", "es", 1)]
    assert headers["Dragoman-Signature"] == signature("a key", headers["Dragoman-Timestamp"], body)


def test_an_address_that_is_away_stops_no_mail(held: None, mina: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.alert_webhook", "http://127.0.0.1:9/")
    with time_machine.travel(now() + timedelta(minutes=31), tick=False):
        assert alert_staff()
    assert len(mail.outbox) == 1
