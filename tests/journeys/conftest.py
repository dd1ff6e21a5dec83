"""A served publication and browsers to read it with: two web processes, workers, real Apertium."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Dialog, Page, sync_playwright
from playwright.sync_api import TimeoutError as LaunchTimeout

from benchmarks.chromium import CHROMIUM, FLAGS
from benchmarks.servers import answers, descendants, free_port
from tests.clusters import Node, cluster, frozen, run_in, signal_all
from tests.interchange.test_import_page import PAGE

PATIENCE = 30.0  # seconds for a condition; a journey never waits for a duration
_LONGEST = 300.0  # seconds for a whole test: some answers of a browser Playwright awaits for good


class Site:
    """A publication that is served: by one ``dragoman serve``, or by a cluster (``DRAGOMAN_JOURNEYS=cluster``)."""

    def __init__(self, url: str, nodes: Sequence[Node], database: str = "") -> None:
        self.url, self.home, self.nodes, self._database = url, nodes[0].home, nodes, database

    def last_mail(self) -> str:
        """The newest mail in the homes' folders."""
        mails = [path for node in self.nodes for path in (node.home / "mail").glob("*")]
        return max(mails, key=lambda path: path.stat().st_mtime).read_text("utf-8")

    def worker_asleep(self) -> AbstractContextManager[None]:
        """Inside, nothing is translated."""
        return frozen([_worker_of(node) for node in self.nodes])

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """One statement of SQL, and what it answers."""
        if self._database:
            with psycopg.connect(self._database, autocommit=True) as server:
                cursor: Any = server.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.home / "dragoman.sqlite3", timeout=10)) as file, file:
            return file.execute(statement).fetchall()


def _worker_of(node: Node) -> int:
    assert node.process is not None
    children = Path(f"/proc/{node.process.pid}/task").glob("*/children")
    pids = [pid for path in children for pid in path.read_text().split()]
    return next(int(pid) for pid in pids if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Until it holds; fails with ``what`` when it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


_TOLD = (
    *("--name", "The Journey Courier", "--languages", "en,es,ca,ar"),
    *("--set", "mail.backend=file", "--set", "limits.enabled=false"),
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("journey")
    with ExitStack() as stack:
        if os.environ.get("DRAGOMAN_JOURNEYS") == "cluster":
            made = stack.enter_context(cluster(folder, *_TOLD))
            served = Site(made.url, made.nodes, made.primary.address)
        else:
            node = Node(folder / "home", free_port())
            run_in(node.home, "init", *_TOLD)
            node.start(workers=2)
            stack.callback(node.stop)
            wait_for(lambda: answers(node.url + "/health/ready"), "the server never became ready")
            served = Site(node.url, [node])
        page = served.home / "page.txt"
        page.write_text(PAGE, encoding="utf-8")
        run_in(served.home, "import", "page", str(page), "--language", "en")
        carmen = ("Carmen", "--email", "carmen@example.org", "--password", "a long passphrase")
        run_in(served.home, "user", "create", *carmen)
        thea = ("Thea", "--email", "thea@example.org", "--password", "a long passphrase", "--role", "translator")
        run_in(served.home, "user", "create", *thea)
        yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[[], Browser]]:
    """Gives the browser that all share; another one where that was ended."""
    with ExitStack() as stack:
        playwright = stack.enter_context(sync_playwright())
        browsers: list[Browser] = []

        def running() -> Browser:
            if not browsers or not browsers[-1].is_connected():
                browsers.append(_launched(playwright.chromium))
                stack.callback(browsers[-1].close)
            return browsers[-1]

        yield running


def _launched(kind: BrowserType, tries: int = 3) -> Browser:
    # It starts within two seconds on two busy cores; one that hangs as it starts is ended by Playwright.
    try:
        return kind.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE * 1000)
    except LaunchTimeout:
        if tries == 1:
            raise
        return _launched(kind, tries - 1)


def _end_what_hangs() -> None:
    """Kill the browser: whoever waits for it is told so, where Playwright would wait for good."""
    listed = subprocess.run(["ps", "-eo", "pid,stat,pcpu,etimes,args"], capture_output=True, text=True, check=True)
    sys.stderr.write(f"A journey took longer than {_LONGEST} seconds. What ran:\n{listed.stdout}")
    if told := os.environ.get("DRAGOMAN_JOURNEYS_HUNG"):
        Path(told).touch()
    for pid in descendants(os.getpid()):
        with suppress(OSError):  # it has ended meanwhile
            if "chromium" in Path(f"/proc/{pid}/cmdline").read_text():
                signal_all([pid], signal.SIGKILL)


@pytest.fixture
def patience() -> Iterator[None]:
    """A test that takes many times as long as any should ends, and says where it stood."""
    timer = threading.Timer(_LONGEST, _end_what_hangs)
    timer.start()
    yield
    timer.cancel()


@pytest.fixture
def open_browser(site: Site, chromium: Callable[[], Browser], patience: None) -> Iterator[Callable[..., Page]]:
    """A fresh browser's page; its console must stay free of errors."""
    browser = chromium()
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str = "/en/", *, scripts: bool = True, width: int = 1100, bypass_policy: bool = False) -> Page:
        context = browser.new_context(
            base_url=site.url,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            bypass_csp=bypass_policy,
        )
        context.set_default_timeout(PATIENCE * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: _refuse(dialog, faults))
        page.on("console", lambda message: _note(message.type, message.text, faults))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _refuse(dialog: Dialog, faults: list[str]) -> None:
    faults.append(f"dialog {dialog.message}")
    dialog.dismiss()


def _note(kind: str, text: str, faults: list[str]) -> None:
    # A refused form answers 4xx, and Chromium writes that to the console as an error; so it and htmx do of a network
    # that a journey breaks.
    if kind == "error" and not re.search(r"status of 4\d\d|net::ERR_FAILED|^htmx:(afterRequest|sendError)", text):
        faults.append(text)


def open_at(page: Page, path: str, comment: str) -> None:
    """The window of a comment that is new: a page from memory may lack it for a second."""
    page.goto(f"{path}?from=9999#{comment}")

    def is_there() -> bool:
        if page.locator(f"#{comment}").count() > 0:
            return True
        page.reload()  # going to the same place again would not ask the server
        return False

    wait_for(is_there, "the comment never came onto the page")


def sign_in(page: Page, email: str, password: str = "a long passphrase") -> None:
    """Through the form, in the edition that the page is in."""
    edition = page.evaluate("document.documentElement.lang") if "/account/login" not in page.url else None
    if edition:
        page.goto(f"/{edition}/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.click("main form button[type=submit]")
    page.wait_for_selector("form[action$='/logout/']")
