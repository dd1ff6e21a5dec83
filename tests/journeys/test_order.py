"""Who somebody is, and what happens to a comment that is not in order: two browsers, two languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.commandline.test_commands import run_in
from tests.journeys.conftest import Site, open_at, sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"
PASSWORD = "a long passphrase"


def _account(site: Site, nickname: str, *rest: str) -> str:
    """A new account; its address."""
    address = f"{nickname.lower()}@example.org"
    made = run_in(site.home, "user", "create", nickname, "--email", address, "--password", PASSWORD, *rest)
    assert made.returncode == 0, made.stderr
    return address


def _write(page: Page, words: str) -> str:
    page.goto(ARTICLE)
    page.fill("#composer textarea", words)
    page.click("#composer button[name=post]")
    mine = page.locator("#comments .comment", has_text=words)
    expect(mine).to_have_count(1)
    return mine.get_attribute("id") or ""


def test_a_profile_is_found_under_an_earlier_name_too(site: Site, open_browser: Open) -> None:
    page = open_browser("/en/")
    sign_in(page, _account(site, "Evelina"))
    number = _write(page, "Evelina was here.")
    page.goto("/en/settings")
    page.fill("input[name=nickname]", "Eva the Elder")
    page.click("main form button >> text=Save")
    expect(page.locator(".message")).to_have_text("Saved.")
    spanish = open_browser("/es/readers/Evelina")
    expect(spanish.locator("h1")).to_have_text("Eva the Elder")
    spanish.locator(".comment .number").first.click()
    expect(spanish.locator(f"#{number} .nickname")).to_have_text("Eva the Elder")


def test_a_reported_comment_is_removed_with_its_reason_on_everybodys_screen(site: Site, open_browser: Open) -> None:
    writing = open_browser("/en/")
    sign_in(writing, _account(site, "Seller"))
    number = _write(writing, "Buy a cheap turquoise umbrella at my shop.")
    watching = open_browser()
    open_at(watching, "/es/imported/1-x", number)
    expect(watching.locator(f"#{number} .words").first).to_be_visible()

    reporting = open_browser("/en/")
    sign_in(reporting, "carmen@example.org")
    reporting.goto(f"{ARTICLE}?from=9999#{number}")
    reporting.locator(f"#{number} .more summary").click()
    reporting.locator(f"#{number}").get_by_role("link", name="report").click()
    reporting.check("input[value=spam]")
    reporting.get_by_role("button", name="Report").click()
    expect(reporting.locator("[role=status]")).to_contain_text("Thank you")

    deciding = open_browser("/en/")
    sign_in(deciding, _account(site, "Warden", "--role", "moderator"))
    deciding.goto("/en/waiting")
    case = deciding.locator(".desk-case", has_text="turquoise umbrella")
    case.locator("details[data-key=r] summary").click()
    case.locator("details[data-key=r] input[value=spam]").check()
    case.locator("details[data-key=r]").get_by_role("button", name="Remove").click()

    tombstone = watching.locator(f"#{number} .tombstone")
    expect(tombstone).to_contain_text("publicidad")
    expect(watching.locator(f"#{number}")).not_to_contain_text("umbrella")
    expect(writing.locator("#bell .told-number")).to_have_text("1")
    writing.click("#bell")
    expect(writing.locator(".told-list li").first).to_contain_text("A moderator removed your comment")
