"""Listed words in translations, and an outside program's word."""

import hashlib
import hmac
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.conf import settings

from dragoman.conversation import second_look
from dragoman.conversation.actions import Draft, post_comment
from dragoman.conversation.editing import edit_comment
from dragoman.conversation.models import Comment
from dragoman.conversation.moderating import decide
from dragoman.conversation.second_look import ask_classifier, read_translations
from dragoman.foundation.webhooks import signature
from dragoman.moderation import classifying, rulebook
from dragoman.moderation.actions import Grounds
from dragoman.moderation.models import Case
from dragoman.moderation.rulebook import TypedList
from dragoman.moderation.rules.classified import Nonsense, read_answer
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle, Script, Work

Post = Callable[..., Comment]


class Classifier(ThreadingHTTPServer):
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.answer: Any = {"act": "none"}
        self.status = 200
        self.release = threading.Event()
        self.hangs = False
        self.poison = b"none of it"


class _Handler(BaseHTTPRequestHandler):
    server: Classifier

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), body))
        if self.server.poison in body:
            self.send_error(413)
            return
        if self.server.hangs:
            self.server.release.wait(20)
            return
        told = self.server.answer if isinstance(self.server.answer, bytes) else json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(told)

    def log_message(self, *_rest: object) -> None:
        """Nothing."""


@pytest.fixture
def classifier(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Classifier]:
    server = Classifier()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.classifier", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setitem(settings.DRAGOMAN.values, "moderation.classifier_key", "a key")
    monkeypatch.setattr(classifying, "_breaker", classifying._Breaker())
    monkeypatch.setattr(classifying, "PATIENCE", 0.5)
    monkeypatch.setattr(second_look, "_failed", Counter())
    ask_classifier()  # a follower that is new begins with what comes next
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def post(make_article: MakeArticle, thread_of: Callable[..., Any]) -> Post:
    thread = thread_of(make_article())
    read_translations()  # a follower that is new begins with what comes next
    return lambda actor, text, language="en": (
        post_comment(actor=actor, thread=thread, draft=Draft(text, language)).comment
    )


def cases() -> list[tuple[int, str]]:
    return list(Case.objects.filter(closed_at=None).values_list("subject", "queue"))


def test_a_listed_word_in_a_translation_puts_the_comment_before_a_moderator(
    carmen: Actor, mina: Actor, post: Post, engine: Script, work: Work
) -> None:
    engine(answers={"en|Eres un tonto.": "You are a fool.", "en|Eres un genio.": "You are a genius."})
    rulebook.save_list(actor=mina, typed=TypedList("Insults", "en", "word", "hold", "fool"))
    comment, _other = post(carmen, "Eres un tonto.", "es"), post(carmen, "Eres un genio.", "es")
    work()
    while read_translations():
        pass
    comment.refresh_from_db()
    assert (comment.state, cases()) == ("visible", [(comment.pk, "reported")])
    finding = Case.objects.get().findings[0]
    assert (finding["language"], finding["act"], finding["spans"]) == ("en", "flag", [[10, 14]])


def test_what_a_moderator_has_looked_at_is_left_alone(
    carmen: Actor, mina: Actor, post: Post, engine: Script, work: Work
) -> None:
    engine(answers={"en|Eres un tonto.": "You are a fool."})
    rulebook.save_list(actor=mina, typed=TypedList("Insults", "en", "word", "hold", "fool"))
    comment = post(carmen, "Eres un tonto.", "es")
    decide(actor=mina, comment=comment, act="keep")
    work()
    read_translations()
    assert cases() == []


def test_the_question_is_signed_and_in_the_comments_language(carmen: Actor, post: Post, classifier: Classifier) -> None:
    comment = post(carmen, "Eres un tonto.", "es")
    assert ask_classifier()
    headers, body = classifier.asked[0]
    assert json.loads(body) == {
        "comment": comment.pk,
        "text": "Eres un tonto.",
        "language": "es",
        "place": comment.thread.key,
    }
    moment = headers["Dragoman-Timestamp"]
    expected = hmac.new(b"a key", moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Dragoman-Signature"] == f"sha256={expected}" == signature("a key", moment, body)
    assert cases() == []


@pytest.mark.parametrize(("act", "state", "queue"), [("flag", "visible", "reported"), ("hold", "held", "held")])
def test_its_answer_flags_or_holds_with_its_characters(
    carmen: Actor, post: Post, classifier: Classifier, act: str, state: str, queue: str
) -> None:
    classifier.answer = {"act": act, "spans": [[8, 13], [5, 900], ["x", 1]]}
    comment = post(carmen, "Eres un tonto.", "es")
    ask_classifier()
    comment.refresh_from_db()
    assert (comment.state, comment.number, cases()) == (state, 1, [(comment.pk, queue)])
    assert Case.objects.get().findings[0]["spans"] == [[8, 13]]


def test_an_edit_is_shown_to_it_again(carmen: Actor, post: Post, classifier: Classifier) -> None:
    comment = post(carmen, "Eres un tonto.", "es")
    ask_classifier()
    edit_comment(actor=carmen, comment=comment, text="Eres un genio.")
    ask_classifier()
    assert [json.loads(body)["text"] for _headers, body in classifier.asked] == ["Eres un tonto.", "Eres un genio."]


@pytest.mark.parametrize("fault", ["hangs", "status", "redirect", "not-json", "nonsense", "huge", "deep"])
def test_a_classifier_that_fails_loses_nothing_and_is_left_in_peace_after_a_while(
    carmen: Actor, post: Post, classifier: Classifier, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    classifier.hangs = fault == "hangs"
    classifier.status = {"status": 500, "redirect": 302}.get(fault, 200)
    classifier.answer = {
        "not-json": b"<html>",
        "nonsense": {"act": "burn"},
        "huge": b'{"act": "none", "x": "' + b"x" * 10_000_000 + b'"}',
        "deep": b"[" * 60_000,
    }.get(fault, {"act": "none"})
    post(carmen, "Eres un tonto.", "es")
    for _try in range(5):
        assert not ask_classifier()
    assert len(classifier.asked) == 3
    classifier.hangs, classifier.status, classifier.answer = False, 200, {"act": "flag"}
    classifier.release.set()
    monkeypatch.setattr(classifying._breaker, "rests_until", time.monotonic())
    assert ask_classifier()
    assert [queue for _subject, queue in cases()] == ["reported"]


def test_one_text_that_it_cannot_bear_keeps_no_later_one_from_it(
    carmen: Actor, post: Post, classifier: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier.poison, classifier.answer = b"Veneno", {"act": "flag"}
    post(carmen, "Veneno puro.", "es")
    later = post(carmen, "Eres un genio.", "es")
    for _try in range(4):
        ask_classifier()
        monkeypatch.setattr(classifying._breaker, "rests_until", time.monotonic())
    assert cases() == [(later.pk, "reported")]
    assert not ask_classifier()


def test_after_a_decision_its_word_does_not_count(
    carmen: Actor, mina: Actor, post: Post, classifier: Classifier
) -> None:
    classifier.answer = {"act": "hold"}
    comment = post(carmen, "Eres un tonto.", "es")
    decide(actor=mina, comment=comment, act="remove", grounds=Grounds("abuse"))
    decide(actor=mina, comment=comment, act="restore")
    ask_classifier()
    comment.refresh_from_db()
    assert comment.state == "visible"


@pytest.mark.parametrize("answer", [None, [], "hold", {"act": "remove"}, {}, {"act": ["hold"]}])
def test_an_answer_that_says_nothing_is_no_answer(answer: Any) -> None:
    with pytest.raises((Nonsense, TypeError)):
        read_answer(answer, "text", "en")
