"""A served publication and browsers to read it with: two web processes, a worker, real Apertium."""

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, sync_playwright

from tests.commandline.test_commands import ROOT, run_in
from tests.interchange.test_import_page import PAGE

_FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 30.0  # seconds for a condition; a journey never waits for a duration


class Site:
    """A running ``dragoman serve`` and its home."""

    def __init__(self, home: Path, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.home, self.process = home, process
        self.url = f"http://127.0.0.1:{port}"

    def last_mail(self) -> str:
        """The newest mail in the home's folder."""
        mails = sorted((self.home / "mail").glob("*"), key=lambda path: path.stat().st_mtime)
        return mails[-1].read_text("utf-8")

    def worker(self) -> int:
        """The process id of the worker, a child of ours."""
        children = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        pids = [pid for path in children for pid in path.read_text().split()]
        return next(int(pid) for pid in pids if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))

    @contextmanager
    def worker_asleep(self) -> Iterator[None]:
        """Inside, nothing is translated."""
        pid = self.worker()
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Until it holds; fails with ``what`` when it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("journey") / "home"
    made = run_in(
        home,
        *("init", "--name", "The Journey Courier", "--languages", "en,es,ca,ar"),
        *("--set", "mail.backend=file", "--set", "limits.enabled=false"),
    )
    assert made.returncode == 0, made.stderr
    page = home / "page.txt"
    page.write_text(PAGE, encoding="utf-8")
    assert run_in(home, "import", "page", str(page), "--language", "en").returncode == 0
    assert (
        run_in(
            home, "user", "create", "Carmen", "--email", "carmen@example.org", "--password", "a long passphrase"
        ).returncode
        == 0
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(home), "--port", str(port), "--workers", "2"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    served = Site(home, port, process)
    try:
        wait_for(lambda: _answers(served.url + "/health/ready"), "the server never became ready")
        yield served
    finally:
        process.terminate()
        process.wait(15)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """A fresh browser's page; its console must stay free of errors."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str = "/en/", *, scripts: bool = True, width: int = 1100, bypass_policy: bool = False) -> Page:
        context = chromium.new_context(
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
