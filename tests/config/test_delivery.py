"""What two web processes answer from their memory, and that nothing which was taken away is among it."""

import contextlib
import re
import socket
import threading
import time
from pathlib import Path

import httpx
import pytest

from tests.clusters import frozen
from tests.config.homes import act, processes, served, until

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


def test_under_load_no_request_gets_a_removed_text_also_not_from_a_process_that_was_frozen_meanwhile(
    home: Path, comment: str
) -> None:
    with served(home, workers=2) as url:
        pages = [f"{url}/en/fragment/comment/{comment}@1.0", url + _ARTICLE, f"{url}/en/readers/Ada"]
        pages += [f"{url}/api/v1/articles/1/comments", f"{url}/en/search?q=words"]
        assert all("Words that must go." in httpx.get(page).text for page in pages[:4] for _time in range(10))
        load = _Load(pages)
        with load:
            with frozen(_web_processes(home)[:1]):
                act(home, "remove", comment)
                load.is_removed.set()
                # Those that the frozen process took wait in it until it wakes up.
                assert until(lambda: load.begun >= 20, 60)
            assert until(lambda: load.answered >= 100, 60)
        assert load.leaks == []


class _Load:
    """Readers who ask for pages without a pause; what they got of a text after its removal had answered."""

    def __init__(self, pages: list[str]) -> None:
        self._pages, self._ends = pages, threading.Event()
        self.is_removed = threading.Event()
        self.begun = self.answered = 0
        self.leaks: list[str] = []
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(8)]

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def _ask(self, number: int) -> None:
        while not self._ends.is_set():
            number += 1
            page, is_after = self._pages[number % len(self._pages)], self.is_removed.is_set()
            self.begun += is_after
            try:
                text = httpx.get(page, timeout=5).text
            except httpx.HTTPError:
                continue
            self.answered += is_after
            if is_after and "Words that must go." in text:
                self.leaks.append(page)


def _web_processes(home: Path) -> list[int]:
    """The children that serve pages; the one that started them and the worker are none."""
    serving = [pid for pid in processes(home) if b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    parents = {pid: int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) for pid in serving}
    return [pid for pid, parent in parents.items() if parent in serving]


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


_POISONED_QUERIES = [
    "utm_content=evil",
    "view=evil&_method=POST",
    "order=evil%0d%0aX: 1",
    "order=evil;from=1",
    "a=1;from=evil",
]


def test_nobody_else_sees_what_a_poisoned_request_asked_for(home: Path) -> None:
    """Each trick is what makes the page: the numbers that the address asks for are all beyond the thread's end."""
    toml = home / "dragoman.toml"
    toml.write_text(f"{toml.read_text()}\n[translation]\nenabled = false\n")  # the page must not change by itself
    with served(home, workers=1) as url:
        clean = _without_query(httpx.get(f"{url}{_ARTICLE}?from=99").text, "from=99")
        assert "Words that must go." in clean
        refused = 0
        for number, headers in enumerate([*_POISON, *({} for _query in _POISONED_QUERIES)]):
            query = f"from={100 + number}"
            extra = _POISONED_QUERIES[number - len(_POISON)] if number >= len(_POISON) else ""
            poisoned = httpx.get(f"{url}{_ARTICLE}?{'&'.join(filter(None, (extra, query)))}", headers=headers)
            answer = httpx.get(f"{url}{_ARTICLE}?{query}")
            assert answer.status_code == 200
            assert poisoned.status_code == 400 or answer.headers["server-timing"] == "cache;desc=hit", headers
            refused += poisoned.status_code == 400
            assert _without_query(answer.text, query) == clean, headers
            assert "evil" not in str(answer.headers)
        assert refused <= 2


def _without_query(text: str, query: str) -> str:
    """Nor the newest event: the worker may have something to tell meanwhile."""
    return re.sub(r'data-at="\d+"', "", text.replace(query, ""))


def test_requests_that_two_servers_might_read_differently_poison_nothing(home: Path) -> None:
    with served(home, workers=1) as url:
        host = url.removeprefix("http://")
        for number, head in enumerate(
            (
                f"GET {_ARTICLE}?from=%d HTTP/1.1\r\nHost: {host}\r\nHost: evil.example",
                f"GET {_ARTICLE}?from=%d HTTP/1.1\r\nHost: evil.example\r\nHost: {host}",
                f"GET http://evil.example{_ARTICLE}?from=%d HTTP/1.1\r\nHost: {host}",
                f"GET {_ARTICLE}?from=%d HTTP/1.1\r\nHost: {host}\r\nContent-Length: 12\r\n\r\nview=evil&a=1",
                f"GET {_ARTICLE}?from=%d HTTP/1.1\r\nHost: {host}:1@evil.example",
                f"GET {_ARTICLE}?from=%d HTTP/1.1\r\nHost : evil.example",
                f"GET {_ARTICLE}?from=%d HTTP/1.0",
            )
        ):
            _say(host, head % (200 + number))
            answer = httpx.get(f"{url}{_ARTICLE}?from={200 + number}")
            assert answer.status_code == 200, head
            assert "evil" not in answer.text + str(answer.headers), head
            assert url in answer.text, head


def _say(host: str, head: str) -> None:
    name, port = host.split(":")
    with socket.create_connection((name, int(port)), timeout=10) as client, contextlib.suppress(OSError):
        client.sendall(head.encode() + (b"" if "\r\n\r\n" in head else b"\r\nConnection: close\r\n\r\n"))
        client.settimeout(5)
        client.recv(65536)


@pytest.mark.parametrize("path", [f"{_ARTICLE}/x.css", f"{_ARTICLE}%2Fx.css", f"{_ARTICLE};x.css", "/en/account/x.css"])
def test_a_page_of_ones_own_is_not_kept_because_its_address_looks_like_a_file(home: Path, path: str) -> None:
    cookies = {"Cookie": f"sessionid={act(home, 'session')}"}
    with served(home, workers=1) as url:
        own = httpx.get(url + path, headers=cookies)
        assert own.headers["cache-control"] == "private, no-store" or own.status_code in (301, 302, 404)
        assert "Sign out" not in httpx.get(url + path, follow_redirects=True).text


def test_a_body_of_a_hundred_megabytes_is_refused_and_the_server_serves_on(home: Path) -> None:
    with served(home, workers=1) as url:
        answer = httpx.post(url + _ARTICLE, content=(b"x" * 1_000_000 for _piece in range(100)), timeout=60)
        assert answer.status_code == 413
        assert answer.text == "This request is too large. Nothing was stored."
        assert httpx.get(url + _ARTICLE).status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_a_balancer_may_ask_by_whatever_name_it_knows(home: Path, path: str) -> None:
    with served(home, workers=1) as url:
        answer = httpx.get(url + path, headers={"Host": "10.1.2.3:8000"})
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
        assert httpx.head(url + path).content == b""
        assert httpx.get(url + _ARTICLE, headers={"Host": "10.1.2.3:8000"}).status_code == 400


def test_only_who_is_signed_in_sends_more_than_a_form_needs(home: Path) -> None:
    with served(home, workers=1) as url:
        picture = b"x" * 3_000_000
        for cookie, status in (("", 413), ("sessionid=nobody", 413), (f"sessionid={act(home, 'session')}", 404)):
            answer = httpx.post(f"{url}/en/nowhere", content=picture, headers={"Cookie": cookie}, timeout=60)
            assert answer.status_code == status


def test_without_delivery_every_page_is_made_for_whoever_asks(home: Path, comment: str) -> None:
    toml = home / "dragoman.toml"
    toml.write_text(f"{toml.read_text()}\n[delivery]\nenabled = false\n")
    with served(home, workers=1) as url:
        for _time in range(3):
            answer = httpx.get(url + _ARTICLE)
            assert "Words that must go." in answer.text
            assert "cache;desc" not in answer.headers.get("server-timing", "")
        act(home, "remove", comment)
        assert "Words that must go." not in httpx.get(url + _ARTICLE).text


def test_event_streams_can_be_switched_off(home: Path) -> None:
    toml = home / "dragoman.toml"
    toml.write_text(f"{toml.read_text()}\n[live]\nenabled = false\n")
    with served(home, workers=1) as url:
        assert httpx.get(f"{url}/events?topics=thread:1").status_code == 204
