"""How fast a page is read: the first window of a thread of 10,000 comments, below an article of 600 words.

Asked by wrk over 32 connections that stay open, compressed. The server has one
core, wrk the other. In turns, so many rounds, medians: ours; the same answer by
a handler that returns a constant, on the same server and interface; the same
headers and body as a file of nginx; ours while a comment a second arrives on the page; ours
behind nginx by the configuration that we ship.
"""

import pickle
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import brotli
import httpx
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.papers import publish_threads
from benchmarks.report import line
from benchmarks.servers import Load, Served, free_port, load, served, started, until_idle, wait_for
from benchmarks.shipped import DEPLOY, shipped_nginx
from dragoman.config.home import change
from dragoman.conversation.queries import WINDOW
from dragoman.readers.actions import create_reader, create_token

_CODING = {"Accept-Encoding": "gzip, deflate, br, zstd"}
_NGINX = """
user root; worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{plain}; root {folder}; include {deploy}/dragoman-page.conf; }}
  {shipped}
}}
"""


def run(*, quick: bool) -> None:
    """Print answers a second of each side."""
    size = 500 if quick else 10_000
    call_command("collectstatic", verbosity=0, interactive=False)
    path = publish_threads([size])[size]
    token = create_token(reader_id=create_reader(nickname="writer").pk)
    connection.close()
    home, proxy = Path(settings.DRAGOMAN.home), free_port()
    change(home, "site.url", f"http://127.0.0.1:{proxy}")
    change(home, "delivery.files", str(home / "pages"))
    with ExitStack() as stack:
        place = stack.enter_context(served(home))
        until_idle(place.tree)
        answer = _checked(place.url + path)
        bare = _constant(stack, answer)
        nginx = _nginx(stack, answer, home, place.port, proxy)
        behind = f"http://127.0.0.1:{proxy}{path}"
        wait_for(lambda: httpx.get(behind).headers["server-timing"] == "cache;desc=file")
        sides: dict[str, Callable[[int], Load]] = {
            "ours": lambda seconds: load(place.url + path, seconds=seconds, headers=_CODING),
            "bare": lambda seconds: load(bare, seconds=seconds, headers=_CODING),
            "nginx": lambda seconds: load(nginx, seconds=seconds, headers=_CODING),
            "behind": lambda seconds: load(behind, seconds=seconds, headers=_CODING),
            "busy": lambda seconds: _busy(place, path, token, seconds),
        }
        rates, errors = _rounds(sides, rounds=2 if quick else 5, seconds=2 if quick else 5)
    line("reading", "body", len(answer.content), "bytes")
    line("reading", "sent", int(answer.headers["content-length"]), "bytes")
    line("reading", "answers", rates["ours"], "1/s", reference=rates["bare"], goal="ratio >= 0.9")
    line("reading", "answers_beside_nginx", rates["ours"], "1/s", reference=rates["nginx"], goal="ratio >= 0.34")
    line("reading", "a_comment_a_second", rates["busy"], "1/s", reference=rates["bare"], goal="ratio >= 0.8")
    line("reading", "behind_nginx", rates["behind"], "1/s", reference=rates["nginx"], goal="ratio >= 0.9")
    line("reading", "wrong_answers", errors, "answers", goal="<= 0")


def _checked(url: str) -> httpx.Response:
    """The page, and that it is one worth measuring."""
    httpx.get(url, headers=_CODING)
    answer = httpx.get(url, headers=_CODING)
    text = answer.text
    words = len(text.split('<article class="story"')[1].split("</article>")[0].split())
    comments = text.count('<article class="comment')
    if comments != WINDOW or words < 600 or answer.headers["server-timing"] != "cache;desc=hit":
        raise RuntimeError(f"{comments} comments, {words} words, {answer.headers['server-timing']}")
    return answer


def _constant(stack: ExitStack, answer: httpx.Response) -> str:
    """The address of a handler that returns the same headers and body as a constant."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-reading-")))
    named = ("content-length", "server", "date")
    headers = [(name, value) for name, value in answer.headers.items() if name not in named]
    (folder / "answer").write_bytes(pickle.dumps((headers, brotli.compress(answer.content, quality=5))))
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_answer", str(port), str(folder / "answer")]
    stack.enter_context(started(command, port))
    return f"http://127.0.0.1:{port}/"


def _nginx(stack: ExitStack, answer: httpx.Response, home: Path, behind: int, proxy: int) -> str:
    """nginx with the configuration that we ship at ``proxy``; the address of a plain file with the same body."""
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-nginx-")))
    folder.chmod(0o755)
    (folder / "page.html").write_bytes(answer.content)
    (folder / "page.html.br").write_bytes(brotli.compress(answer.content, quality=5))
    plain = free_port()
    shipped = shipped_nginx(home, port=proxy, behind=[behind])
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, plain=plain, deploy=DEPLOY, shipped=shipped))
    stack.enter_context(started(["nginx", "-c", str(folder / "nginx.conf")], plain))
    return f"http://127.0.0.1:{plain}/page.html"


def _rounds(sides: dict[str, Callable[[int], Load]], *, rounds: int, seconds: int) -> tuple[dict[str, float], int]:
    """The median rate of each side, the sides in turn, and what was no whole answer."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    errors = 0
    for _round in range(rounds):
        for name, side in sides.items():
            seen = side(seconds)
            found[name].append(seen.rate)
            errors += seen.errors
    return {name: statistics.median(rates) for name, rates in found.items()}, errors


def _busy(place: Served, path: str, token: str, seconds: int) -> Load:
    """The page while a comment a second arrives in its thread."""
    over = threading.Event()

    def write() -> None:
        number = path.split("/")[3].split("-", maxsplit=1)[0]
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=place.url, headers=headers, timeout=30) as client:
            while not over.wait(1):
                sent = {"text": "The ferry has come in at last.", "language": "en"}
                client.post(f"/api/v1/articles/{number}/comments", json=sent).raise_for_status()

    writing = threading.Thread(target=write)
    writing.start()
    try:
        return load(place.url + path, seconds=seconds, headers=_CODING)
    finally:
        over.set()
        writing.join()
