"""What two web processes answer from their memory, and that nothing which was taken away is among it."""

import time
from pathlib import Path

import httpx
import pytest

from tests.config.homes import act, served

_ARTICLE = "/en/town/1-the-ferry"


def test_a_removed_text_is_in_no_processs_memory_when_the_removal_has_answered(home: Path, comment: str) -> None:
    with served(home, workers=2) as url:
        fragment = f"{url}/en/fragment/comment/{comment}@1.0"
        # Each request by a connection of its own: both processes have it in their memory by then.
        assert all("Words that must go." in httpx.get(fragment).text for _time in range(20))
        act(home, "remove", comment)
        assert not any("Words that must go." in httpx.get(fragment).text for _time in range(20))


def test_a_removed_text_is_on_no_processs_page_when_the_removal_has_answered(home: Path, comment: str) -> None:
    with served(home, workers=2) as url:
        page = url + _ARTICLE
        assert all("Words that must go." in httpx.get(page).text for _time in range(20))
        act(home, "remove", comment)
        assert not any("Words that must go." in httpx.get(page).text for _time in range(20))


def test_a_new_comment_is_soon_on_every_processs_page(home: Path) -> None:
    with served(home, workers=2) as url:
        page = url + _ARTICLE
        assert all("Quite new." not in httpx.get(page).text for _time in range(20))
        act(home, "post", "Quite new.")
        end = time.monotonic() + 30
        while not all("Quite new." in httpx.get(page).text for _time in range(20)):
            assert time.monotonic() < end, "a process never showed it"


def test_a_signed_in_readers_page_is_given_to_nobody_else_whoever_asked_first(home: Path) -> None:
    cookies = {"Cookie": f"sessionid={act(home, 'session')}"}
    with served(home, workers=1) as url:
        page = url + _ARTICLE
        for _time in range(3):
            own, shared = httpx.get(page, headers=cookies), httpx.get(page)
            assert "Sign out" in own.text
            assert own.headers["cache-control"] == "private, no-store"
            assert own.headers["content-encoding"] == "gzip"
            assert "Sign out" not in shared.text
            assert "csrfmiddlewaretoken" not in shared.text
            assert shared.headers["x-content-type-options"] == "nosniff"
            known = {"If-None-Match": shared.headers["etag"]}
            assert httpx.get(page, headers=known).status_code == 304
            assert "Sign out" in httpx.get(page, headers=cookies | known).text


_POISON = [
    {"X-Forwarded-Host": "evil.example"},
    {"X-Host": "evil.example"},
    {"X-Forwarded-Server": "evil.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Scheme": "nothttps", "X-Forwarded-Port": "1"},
    {"Forwarded": "host=evil.example;proto=https"},
    {"X-Original-URL": "/en/account/login/", "X-Rewrite-URL": "/admin/"},
    {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "DELETE", "X-Method-Override": "PUT"},
    {"Range": "bytes=0-10"},
    {"Accept": "application/json", "Accept-Language": "es", "Accept-Charset": "utf-7"},
    {"HX-Request": "true", "X-Requested-With": "XMLHttpRequest"},
    {"Cookie": "django_language=es; csrftoken=evil; other=<script>alert(1)</script>"},
    {"Cookie": '$Version=1; a="sessio'},
    {"X-Oversized-Header": "x" * 6000},
    {"X-Metachar-Header": "\x7f", "Referer": "https://evil.example/", "Origin": "https://evil.example"},
    {"User-Agent": "<script>alert(1)</script>", "X-Wap-Profile": "http://evil.example/x.xml"},
    {"Authorization": "Bearer evil", "Content-Type": "application/json"},
    {"If-None-Match": "*", "If-Modified-Since": "Thu, 26 Nov 2099 00:00:00 GMT"},
    {"Upgrade": "h2c", "X-Forwarded-Prefix": "//evil.example", "X-Script-Name": "//evil.example"},
]


@pytest.mark.parametrize("query", ["", "?utm_content=evil", "?view=evil&from=x&_method=POST", "?order=evil%0d%0aX: 1"])
def test_nobody_else_sees_what_a_poisoned_request_asked_for(home: Path, query: str) -> None:
    with served(home, workers=1) as url:
        page = url + _ARTICLE
        for headers in _POISON:
            httpx.get(page + query, headers=headers)
            # What was asked for first was kept; whoever comes next gets the page as it ought to be.
            answer = httpx.get(page)
            assert answer.status_code == 200
            assert "evil" not in answer.text + str(answer.headers)
            assert url in answer.text
            assert "Words that must go." in answer.text
        assert httpx.get(page, headers={"Host": "evil.example"}).status_code == 400
        assert "evil" not in httpx.get(page).text


def test_a_body_of_a_hundred_megabytes_is_refused_and_the_server_serves_on(home: Path) -> None:
    with served(home, workers=1) as url:
        answer = httpx.post(url + _ARTICLE, content=(b"x" * 1_000_000 for _piece in range(100)), timeout=60)
        assert answer.status_code == 413
        assert answer.text == "This request is too large. Nothing was stored."
        assert httpx.get(url + _ARTICLE).status_code == 200


def test_event_streams_can_be_switched_off(home: Path) -> None:
    toml = home / "dragoman.toml"
    toml.write_text(f"{toml.read_text()}\n[live]\nenabled = false\n")
    with served(home, workers=1) as url:
        assert httpx.get(f"{url}/events?topics=thread:1").status_code == 204
