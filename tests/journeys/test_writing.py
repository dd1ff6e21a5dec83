"""Writing a comment: help while one types, drafts, and what happens when the network or a second tab interferes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"
TEXT = "#composer textarea"


@pytest.fixture
def writing(open_browser: Open) -> Page:
    """Carmen below the article, with an empty form."""
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(ARTICLE)
    return page


def _post(page: Page) -> None:
    page.click("#composer button[name=post]")


def test_the_toolbar_and_its_keys_mark_what_is_selected(writing: Page) -> None:
    writing.fill(TEXT, "A bell of bronze")
    writing.evaluate(f"document.querySelector('{TEXT}').setSelectionRange(2, 6)")
    writing.get_by_role("toolbar").get_by_role("button", name="strong").click()
    expect(writing.locator(TEXT)).to_have_value("A **bell** of bronze")
    writing.evaluate(f"document.querySelector('{TEXT}').setSelectionRange(14, 20)")
    writing.locator(TEXT).press("Control+i")
    expect(writing.locator(TEXT)).to_have_value("A **bell** of *bronze*")
    writing.keyboard.press("Control+z")
    expect(writing.locator(TEXT)).to_have_value("A **bell** of bronze")


def test_the_toolbar_is_one_stop_of_the_tab_key(writing: Page) -> None:
    writing.get_by_role("toolbar").get_by_role("button", name="strong").focus()
    writing.keyboard.press("ArrowRight")
    expect(writing.get_by_role("toolbar").get_by_role("button", name="emphasis")).to_be_focused()
    writing.keyboard.press("Tab")
    expect(writing.locator(TEXT)).to_be_focused()


def test_a_preview_follows_what_is_typed(writing: Page) -> None:
    writing.locator(TEXT).press_sequentially("It rings *beautifully*.")
    expect(writing.locator("[data-live-preview] em")).to_have_text("beautifully")


def test_a_participant_is_mentioned_by_a_few_letters(writing: Page) -> None:
    writing.locator(TEXT).press_sequentially("I agree, @old")
    option = writing.locator("[data-mentions] [role=option]")
    expect(option).to_have_text("old sailor")
    writing.keyboard.press("Enter")
    expect(writing.locator(TEXT)).to_have_value("I agree, @old sailor ")
    expect(writing.locator("[data-mentions]")).to_be_hidden()


def test_a_draft_outlives_the_page_and_can_be_discarded(writing: Page) -> None:
    writing.fill(TEXT, "A draft that is not finished yet")
    writing.reload()
    expect(writing.locator(TEXT)).to_have_value("A draft that is not finished yet")
    writing.locator("[data-restored] button").click()
    expect(writing.locator(TEXT)).to_have_value("")
    writing.reload()
    expect(writing.locator(TEXT)).to_have_value("")


def test_the_same_draft_in_a_second_tab_is_one_comment(writing: Page) -> None:
    writing.fill(TEXT, "Posted from two tabs at once.")
    second = writing.context.new_page()
    second.goto(ARTICLE)
    expect(second.locator(TEXT)).to_have_value("Posted from two tabs at once.")
    _post(writing)
    expect(writing.locator(".comment", has_text="Posted from two tabs at once.")).to_have_count(1)
    _post(second)
    expect(second.locator(TEXT)).to_have_value("")
    expect(second.locator("#comments .comment", has_text="Posted from two tabs at once.")).to_have_count(1)


def test_a_lost_answer_neither_loses_nor_doubles_a_comment(writing: Page) -> None:
    writing.fill(TEXT, "Sent over a network that breaks.")
    # The server takes the comment; its answer never arrives.
    writing.route("**/write", lambda route: (route.fetch(max_redirects=0), route.abort()))
    _post(writing)
    expect(writing.locator("[data-offline]")).to_be_visible()
    expect(writing.locator(TEXT)).to_have_value("Sent over a network that breaks.")
    writing.unroute("**/write")
    _post(writing)
    expect(writing.locator("#comments .comment", has_text="Sent over a network that breaks.")).to_have_count(1)
    expect(writing.locator(TEXT)).to_have_value("")


def test_a_part_of_a_comment_is_quoted_by_selecting_it(writing: Page) -> None:
    writing.evaluate(
        """() => {
            const sentence = document.querySelector('#c1 .sentence').firstChild;
            getSelection().setBaseAndExtent(sentence, 0, sentence, 12);
        }"""
    )
    chosen = writing.evaluate("getSelection().toString()")
    writing.click(".selection-quote")
    expect(writing.locator(".composer .quote")).to_have_count(1)
    writing.fill("textarea", "That is the part that I mean.")
    writing.click("button[name=post]")
    mine = writing.locator("#comments .comment", has_text="That is the part that I mean.")
    expect(mine.locator(".quote p").first).to_have_text(chosen)
    expect(mine.locator(".reply-to")).to_contain_text("in reply to 1")
    # In another edition the whole sentence is shown, and the quoted words on demand.
    number = mine.get_attribute("id") or ""
    writing.goto(f"/es/imported/1-x#{number}")
    quote = writing.locator(f"#{number} .quote")
    if quote.locator("summary").count():
        quote.locator("summary").click()
        expect(quote.locator(".quoted-words")).to_have_text(chosen)
