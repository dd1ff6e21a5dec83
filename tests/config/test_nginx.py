"""The nginx configuration that we ship, before a whole server: files, streams, and nothing that was taken away."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from benchmarks.shipped import nginx_before
from tests.commandline.test_commands import ROOT
from tests.config.homes import act, free_port, is_ready, processes, start, until

_ARTICLE = "/en/town/1-the-ferry"


@dataclass
class Site:
    """nginx's address, and the server behind it."""

    url: str
    home: Path
    server: "subprocess.Popen[bytes]"


@pytest.fixture
def site(home: Path) -> Iterator[Site]:
    port, behind = free_port(), free_port()
    toml = (home / "dragoman.toml").read_text()
    toml = toml.replace("[site]\n", f'[site]\nurl = "http://127.0.0.1:{port}"\n')
    (home / "dragoman.toml").write_text(f'{toml}\n[delivery]\nfiles = "{home / "pages"}"\n')
    server = start(home, behind, workers=2)
    url = f"http://127.0.0.1:{port}"
    try:
        with nginx_before(home, port=port, behind=[behind]):
            assert until(lambda: is_ready(url), 60), "nginx or the server never became ready"
            yield Site(url, home, server)
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait(15)


def _get(site: Site, path: str = _ARTICLE, **headers: str) -> httpx.Response:
    return httpx.get(site.url + path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def _source(answer: httpx.Response) -> str:
    return str(answer.headers.get("server-timing", "")).split(",", maxsplit=1)[0]


def _is_a_file(site: Site) -> bool:
    return _source(_get(site)) == "cache;desc=file"


def test_nginx_sends_shared_pages_by_itself_with_the_headers_that_they_have_from_us(site: Site) -> None:
    ours = next(answer for answer in iter(lambda: _get(site), None) if "file" not in _source(answer))
    assert until(lambda: _is_a_file(site), 30)
    for coding in ("br", "gzip", "identity"):
        answer = _get(site, accept_encoding=coding)
        assert _source(answer) == "cache;desc=file"
        assert answer.headers.get("content-encoding", "identity") == coding
        assert "Words that must go." in answer.text
    same = {"content-type", "cache-control", "content-language", "referrer-policy", "cross-origin-opener-policy"}
    same |= {"content-security-policy", "permissions-policy", "x-content-type-options", "x-frame-options"}
    assert until(lambda: _source(_get(site, "/en/")) == "cache;desc=file", 30)
    file = _get(site)
    assert {name: file.headers.get(name) for name in same} == {name: ours.headers.get(name) for name in same}
    assert _get(site, if_none_match=file.headers["etag"]).status_code == 304


def test_what_is_somebodys_own_or_has_parameters_is_ours_to_answer(site: Site) -> None:
    assert until(lambda: _is_a_file(site), 30)
    session = act(site.home, "session")
    assert "Sign out" in _get(site, cookie=f"sessionid={session}").text
    assert "file" not in _source(_get(site, cookie="messages=W10"))
    assert "file" not in _source(_get(site, _ARTICLE + "?order=newest"))
    assert httpx.post(site.url + _ARTICLE).status_code == 403  # no token against forgery
    assert _get(site, "/0/none/en/town/1-the-ferry").status_code == 404


def test_a_removed_text_is_in_no_file_when_the_removal_has_answered(site: Site, comment: str) -> None:
    assert until(lambda: _is_a_file(site), 30)
    act(site.home, "remove", comment)
    assert not any("Words that must go." in _get(site).text for _time in range(20))


def test_files_of_processes_that_hang_or_are_dead_are_not_sent(site: Site, comment: str) -> None:
    assert until(lambda: _is_a_file(site), 30)
    mine = [pid for pid in processes(site.home) if pid not in (os.getpid(),)]
    hung = [pid for pid in mine if b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    for pid in hung:
        os.kill(pid, signal.SIGSTOP)
    try:
        act(site.home, "remove", comment)  # it waits as long as a file may be sent
        with pytest.raises(httpx.TimeoutException):
            httpx.get(site.url + _ARTICLE, timeout=2)
    finally:
        for pid in hung:
            os.kill(pid, signal.SIGCONT)
    site.server.kill()
    site.server.wait(10)
    assert until(lambda: _get(site).status_code == 502, 10)


def test_event_streams_static_files_and_large_bodies_come_through(site: Site) -> None:
    with httpx.stream("GET", f"{site.url}/events?topics=thread:1", timeout=20) as stream:
        pieces = stream.iter_text()
        assert "hello" in next(pieces)
        act(site.home, "post", "Heard through the proxy.")
        assert any("event: comment" in piece for piece in pieces)
    style = re.search(r'href="(/static/dragoman/page\.[0-9a-f]+\.css)"', _get(site).text)
    assert style is not None
    answer = _get(site, style[1], accept_encoding="br")
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert httpx.post(site.url + _ARTICLE, content=b"x" * 40_000_000, timeout=60).status_code == 413
    assert _get(site, "/metrics").status_code == 200
    assert len(_get(site, "/en/search").headers["x-request-id"]) == 32


@pytest.mark.parametrize("unit", sorted(path.name for path in (ROOT / "deploy").glob("*.service")))
def test_the_units_of_systemd_are_well_formed(unit: str, tmp_path: Path) -> None:
    text = (ROOT / "deploy" / unit).read_text().replace("/srv/dragoman/.venv/bin/dragoman", "/bin/true")
    (tmp_path / unit).write_text(text)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    assert unit not in checked.stderr, checked.stderr
