"""Readers hear of what concerns them, find what was said, and come back after a cut: two browsers, two languages."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.commandline.test_commands import run_in
from tests.journeys.conftest import Site, open_at, sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"
SPANISH = "/es/imported/1-x"


@pytest.fixture(scope="module")
def dora(site: Site) -> str:
    """Dora reads in Spanish; her address."""
    made = run_in(site.home, "user", "create", "Dora", "--email", "dora@example.org", "--password", "a long passphrase")
    assert made.returncode == 0, made.stderr
    return "dora@example.org"


def _write(page: Page, address: str, words: str) -> str:
    """Post a comment; its id on the page."""
    page.goto(address)
    page.fill("textarea[name=text]", words)
    page.click("button[name=post]")
    mine = page.locator("#comments .comment", has_text=words)
    expect(mine).to_have_count(1)
    return mine.get_attribute("id") or ""


def test_who_is_answered_hears_of_it_on_an_open_page_in_the_own_language(
    site: Site, open_browser: Open, dora: str
) -> None:
    spanish = open_browser("/es/")
    sign_in(spanish, dora)
    number = _write(spanish, SPANISH, "La campana me despierta cada mañana.")[1:]
    expect(spanish.locator("#bell")).not_to_contain_text("1")
    spanish.evaluate("window.stillTheSamePage = true")

    english = open_browser(ARTICLE)
    sign_in(english, "carmen@example.org")
    _write(english, f"{ARTICLE}/write?reply_to={number}", "Then close the window at night, @Dora.")

    expect(spanish.locator("#bell .told-number")).to_have_text("1")
    assert spanish.evaluate("window.stillTheSamePage")
    spanish.click("#bell")
    told = spanish.locator(".told-list li").first
    expect(told).to_contain_text("Carmen ha respondido a su comentario")
    told.locator("a").first.click()
    expect(spanish.locator(".comment:target")).to_contain_text(re.compile("Carmen"))
    expect(spanish.locator("#bell .told-number")).to_have_count(0)


def test_how_one_hears_is_chosen_without_scripts(open_browser: Open, dora: str) -> None:
    page = open_browser("/en/account/login/", scripts=False)
    page.fill("input[name=login]", dora)
    page.fill("input[name=password]", "a long passphrase")
    page.click("main form button[type=submit]")
    page.goto("/en/notifications/settings")
    page.uncheck("input[name=pick-site]")
    page.select_option("select[name=reply-mail]", "instant")
    page.click("main form button >> text=Save")
    expect(page.locator(".message")).to_have_text("Saved.")
    assert not page.is_checked("input[name=pick-site]")
    assert page.input_value("select[name=reply-mail]") == "instant"


def test_what_was_said_is_found_without_scripts(open_browser: Open, dora: str) -> None:
    writing = open_browser("/en/")
    sign_in(writing, "carmen@example.org")
    number = _write(writing, ARTICLE, "The turquoise lighthouse keeper disagrees.")
    page = open_browser("/en/search", scripts=False)
    found = page.locator(".find")
    page.fill("input[name=q]", "turquoise lighthouses")

    def search() -> int:
        page.click("main form button")
        return found.count()

    for _try in range(100):  # the index follows a moment later
        if search():
            break
    expect(found.locator("mark").first).to_have_text("turquoise")
    found.locator("a").first.click()
    assert page.url.endswith(f"#{number}")


def test_what_comes_while_one_reads_is_counted_and_a_cut_loses_and_doubles_nothing(open_browser: Open) -> None:
    reading = open_browser(f"{ARTICLE}?from=9999")
    expect(reading.locator("#comments")).to_have_attribute("data-ends", "yes")
    asked: list[str] = []
    reading.on("request", lambda request: asked.append(request.url))
    writing = open_browser("/en/")
    sign_in(writing, "carmen@example.org")
    _write(writing, ARTICLE, "First of the comments that are counted.")
    expect(reading.locator("#new-comments a")).to_have_text("1 new comment")
    reading.context.set_offline(True)
    _write(writing, ARTICLE, "Second of them, while the network is away.")
    reading.context.set_offline(False)
    _write(writing, ARTICLE, "Third of them.")
    expect(reading.locator("#new-comments a")).to_have_text("3 new comments")
    assert not [url for url in asked if "/fragment/new/" in url]
    before = reading.locator("#comments .comment").count()
    reading.click("#new-comments a")
    expect(reading.locator("#comments .comment")).to_have_count(before + 3)
    expect(reading.locator("#comments .comment", has_text="First of the comments")).to_be_focused()


def test_what_an_answer_answers_is_opened_beside_it(open_browser: Open) -> None:
    writing = open_browser("/en/")
    sign_in(writing, "carmen@example.org")
    number = _write(writing, f"{ARTICLE}/write?reply_to=1", "An answer far below what it answers.")
    page = open_browser()
    open_at(page, ARTICLE, number)
    answer = page.locator(f"#{number}")
    answer.get_by_role("button", name="show it here").click()
    expect(answer.locator(".parent .comment .words")).to_be_visible()
    assert page.locator("#c1").count() <= 1
    answer.get_by_role("button", name="show it here").click()
    expect(answer.locator(".parent .comment")).to_have_count(0)


def test_the_thread_is_read_by_keyboard_and_by_screen_reader(open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    comments = page.get_by_role("article", name=re.compile(r"^Comment \d+ by "))
    assert comments.count() >= 3
    expect(page.get_by_role("heading", level=2, name=re.compile("comments?$"))).to_be_visible()
    page.locator("#c1 .number").focus()
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.comment')?.id") == "c2":
            break
    assert page.evaluate("document.activeElement.closest('.comment').id") == "c2"
    region = page.locator("#new-comments")
    expect(region).to_have_attribute("aria-live", "polite")


def test_a_change_of_a_comment_leaves_the_focus_where_it_is(open_browser: Open) -> None:
    reading = open_browser(ARTICLE)
    reading.locator("#c1 .more summary").focus()
    reading.keyboard.press("Enter")
    writing = open_browser("/en/")
    sign_in(writing, "carmen@example.org")
    _write(writing, f"{ARTICLE}/write?reply_to=1", "An answer that changes the list of replies.")
    edited = writing.locator("#comments .comment", has_text="An answer that changes").get_attribute("id") or ""
    open_at(reading, ARTICLE, edited)
    reading.locator(f"#{edited} .when").focus()
    writing.locator(f"#{edited} .more summary").click()
    writing.locator(f"#{edited}").get_by_role("link", name="edit", exact=True).click()
    writing.fill("textarea", "An answer that was edited while somebody read it.")
    writing.get_by_role("button", name="Save").click()
    expect(reading.locator(f"#{edited}")).to_contain_text("while somebody read it")
    expect(reading.locator(f"#{edited} .when")).to_be_focused()
