"""The Varnish configuration that we ship, before a whole server: it keeps pages, and forgets what it is told to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from benchmarks.shipped import varnish_before
from tests.commandline.test_commands import run_in
from tests.config.homes import act, free_port, is_ready, start, until

_ARTICLE = "/en/town/1-the-ferry"


@dataclass
class Site:
    """Varnish's address, or the server's, and a writer's key."""

    url: str
    home: Path
    token: str


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    port, behind = free_port(), free_port()
    toml = (home / "dragoman.toml").read_text()
    (home / "dragoman.toml").write_text(f'{toml}\n[delivery]\ncdn = "http://127.0.0.1:{port}/.forget"\n')
    token = act(home, "token")
    server = start(home, behind, workers=2)
    url = f"http://127.0.0.1:{port}"
    try:
        with varnish_before(home.parent / "varnish", port=port, behind=behind):
            assert until(lambda: is_ready(url), 60), "Varnish or the server never became ready"
            yield Site(url, home, token)
    finally:
        server.terminate()
        server.wait(15)


def _get(site: Site, path: str = _ARTICLE, **headers: str) -> httpx.Response:
    return httpx.get(site.url + path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def _is_kept(site: Site, path: str = _ARTICLE) -> bool:
    return bool(_get(site, path).headers.get("server-timing") == "cache;desc=varnish")


def _post(site: Site, text: str) -> str:
    told = {"Authorization": f"Bearer {site.token}", "Idempotency-Key": text}
    address = f"{site.url}/api/v1/articles/1/comments"
    answer = httpx.post(address, json={"text": text, "language": "en"}, headers=told, timeout=30)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _take_back(site: Site, comment: str) -> httpx.Response:
    """By its writer, on the page."""
    with httpx.Client(cookies={"sessionid": act(site.home, "session")}, timeout=30) as browser:
        browser.get(site.url + _ARTICLE)
        token = browser.cookies["csrftoken"]
        return browser.post(f"{site.url}/en/comments/{comment}/withdraw", data={"csrfmiddlewaretoken": token})


def test_it_keeps_what_is_the_same_for_everybody_and_shows_no_trace_of_that(site: Site) -> None:
    for path in (_ARTICLE, "/en/", "/es/town/", f"{_ARTICLE}?order=newest"):
        assert until(lambda path=path: _is_kept(site, path), 10), path  # type: ignore[misc]
    answer = _get(site)
    assert "Words that must go." in answer.text
    assert not {"surrogate-key", "surrogate-control", "xkey", "age", "x-varnish"} & set(answer.headers)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-encoding"] == "gzip"
    assert _get(site, if_none_match=answer.headers["etag"]).status_code == 304


def test_without_a_cache_before_us_nothing_is_said_to_one(home: Path) -> None:
    port = free_port()
    server = start(home, port, workers=1)
    try:
        assert until(lambda: is_ready(f"http://127.0.0.1:{port}"), 60)
        for _time in range(3):
            assert not any("surrogate" in name for name in httpx.get(f"http://127.0.0.1:{port}{_ARTICLE}").headers)
    finally:
        server.terminate()
        server.wait(15)


def test_what_was_taken_back_or_removed_is_nowhere_when_the_act_has_answered(site: Site, comment: str) -> None:
    other = _post(site, "Removed by a moderator.")
    assert until(lambda: "Removed by a moderator." in _get(site).text and _is_kept(site), 10)
    assert _take_back(site, comment).status_code == 303
    assert not any("Words that must go." in _get(site).text for _time in range(20))
    assert until(lambda: _is_kept(site), 10)
    act(site.home, "remove", other)
    assert not any("Removed by a moderator." in _get(site).text for _time in range(20))


def test_a_new_comment_is_soon_there_for_everybody(site: Site) -> None:
    assert until(lambda: _is_kept(site), 10)
    _post(site, "Quite new.")
    assert until(lambda: "Quite new." in _get(site).text, 5)


def test_what_is_somebodys_own_is_kept_for_nobody(site: Site) -> None:
    session = act(site.home, "session")
    assert until(lambda: _is_kept(site), 10)
    for _time in range(3):
        own = _get(site, cookie=f"django_language=es; sessionid={session}")
        assert "Sign out" in own.text
        assert own.headers["cache-control"] == "private, no-store"
        assert "Sign out" not in _get(site).text
    tokens = {httpx.get(f"{site.url}/en/account/login/").cookies["csrftoken"] for _time in range(3)}
    assert len(tokens) == 3
    assert _get(site, "/.forget").status_code == 403


def test_nobody_else_sees_what_a_poisoned_request_asked_for(site: Site) -> None:
    for told in (
        {"X-Forwarded-Host": "evil.example", "Surrogate-Key": "evil", "Surrogate-Control": "max-age=9"},
        {"X-HTTP-Method-Override": "POST", "Range": "bytes=0-10"},
        {"Cookie": "other=evil; csrftoken=evil", "Accept-Language": "evil"},
        {"Authorization": "Bearer evil"},
    ):
        httpx.get(f"{site.url}{_ARTICLE}?utm=evil", headers=told)
        httpx.get(site.url + _ARTICLE, headers=told)
        for path in (_ARTICLE, f"{_ARTICLE}?utm=evil"):
            answer = _get(site, path)
            assert answer.status_code == 200
            assert "evil" not in answer.text + str(answer.headers)
            assert "Words that must go." in answer.text


def test_event_streams_come_through_piece_by_piece(site: Site) -> None:
    with httpx.stream("GET", f"{site.url}/events?topics=thread:1", timeout=20) as stream:
        pieces = stream.iter_text()
        assert "hello" in next(pieces)
        _post(site, "Heard through Varnish.")
        assert any("event: comment" in piece for piece in pieces)


def test_while_it_does_not_answer_an_act_does_not_wait_for_ever(home: Path, comment: str) -> None:
    toml = (home / "dragoman.toml").read_text()
    (home / "dragoman.toml").write_text(f'{toml}\n[delivery]\ncdn = "http://127.0.0.1:{free_port()}/.forget"\n')
    checked = run_in(home, "check")
    assert checked.returncode == 1
    assert "cdn" in checked.stdout
    port = free_port()
    server = start(home, port, workers=1)
    site = Site(f"http://127.0.0.1:{port}", home, token="")
    try:
        assert until(lambda: is_ready(site.url), 60)
        began = time.monotonic()
        assert _take_back(site, comment).status_code == 303
        assert time.monotonic() - began < 20
        assert "Words that must go." not in _get(site).text
    finally:
        server.terminate()
        server.wait(15)
