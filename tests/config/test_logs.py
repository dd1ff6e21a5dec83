"""What is written down, and what never is."""

import json
import logging
import sys
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import resolve

from dragoman.config.logs import Impersonal, Json, Text
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor
from tests.conftest import MakeArticle


@pytest.fixture
def page(make_article: MakeArticle) -> ArticlePage:
    return make_article()


@pytest.fixture
def lines() -> Any:
    """All that is written at the level ``info``, as JSON and as text."""
    found: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.extend(formatter.format(record) for formatter in (Json(), Text()))

    handler, root = Kept(), logging.getLogger()
    handler.addFilter(Impersonal())
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield found
    root.removeHandler(handler)
    root.setLevel(before)


def test_a_request_is_written_down_by_its_route_and_its_id(client: Client, page: ArticlePage, lines: list[str]) -> None:
    answer = client.get("/en/")
    told = json.loads(next(line for line in lines if line.startswith("{")))
    assert told["message"] == "GET <edition:language>/ 200"
    assert (told["method"], told["status"], told["level"]) == ("GET", 200, "info")
    assert told["request"] == answer.headers["X-Request-ID"]
    assert len(told["request"]) == 32
    assert told["milliseconds"] > 0
    assert answer.headers["Server-Timing"].startswith("app;dur=")


def test_the_id_of_a_proxy_of_ours_is_kept_and_nobody_elses(client: Client, page: ArticlePage) -> None:
    given = {"X-Request-ID": "from-the-proxy-1"}
    assert client.get("/en/", headers=given).headers["X-Request-ID"] == "from-the-proxy-1"
    assert client.get("/en/", headers=given, REMOTE_ADDR="8.8.8.8").headers["X-Request-ID"] != "from-the-proxy-1"
    forged = {"X-Request-ID": 'x" level="error'}
    assert len(client.get("/en/", headers=forged).headers["X-Request-ID"]) == 32


def test_no_nickname_address_account_or_text_is_written(
    client: Client, page: ArticlePage, ada: Actor, lines: list[str], monkeypatch: Any
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr("dragoman.website.views.accounts.render", _fails)
    answer = client.get("/en/readers/Ada?q=secret+words", REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT="Pocketbook")
    assert answer.status_code == 500
    client.get("/en/search?q=secret+words")
    client.get("/en/readers/Nobody-at-all")
    told = "\n".join(lines)
    assert "RuntimeError" in told
    assert "Internal Server Error: <edition:language>/readers/<str:nickname>" in told
    for personal in ("Ada", "secret", "203.0.113.9", "Pocketbook", "Nobody-at-all"):
        assert personal not in told


def _fails(*rest: object) -> None:
    nickname = "".join(("A", "da"))  # the line of code itself stands in the trace
    raise RuntimeError(f"a template failed\nDETAIL:  The name “{nickname}” exists.")


def test_an_error_is_one_line_of_json_with_its_way_through_the_code() -> None:
    request = RequestFactory().get("/en/readers/Ada")
    request.resolver_match = resolve("/en/readers/Ada")
    try:
        _fails()
    except RuntimeError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "", 0, "%s: %s", ("Failed", request.path), sys.exc_info()
        )
    record.request = request
    assert Impersonal().filter(record)
    line = Json().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert told["message"] == "Failed: <edition:language>/readers/<str:nickname>"
    assert "in _fails" in told["error"]
    assert "DETAIL:  The name “Ada”" not in told["error"]


_COMPLAINT = "a row\nDETAIL:  Failing row contains (5, Hello\n\nTraceback of a secret\n).\nCONTEXT: SQL"


def test_of_the_values_that_a_database_complains_of_none_is_written_however_many_lines_they_have() -> None:
    try:
        try:
            raise ValueError(_COMPLAINT)
        except ValueError as error:
            raise RuntimeError(str(error)) from error
    except RuntimeError:
        told = Text().formatException(sys.exc_info())
    assert told.count("a row") == 2
    for part in ("DETAIL", "Hello", "secret", "CONTEXT"):
        assert part not in told


@pytest.mark.parametrize("host", ["evil.example", "x" * 300])
def test_what_strangers_ask_for_makes_no_noise(client: Client, page: ArticlePage, lines: list[str], host: str) -> None:
    assert client.get("/en/", headers={"Host": host}).status_code == 400
    assert client.get("/wp-login.php").status_code == 404
    assert not [line for line in lines if "error" in line.lower() or "warning" in line.lower()]
