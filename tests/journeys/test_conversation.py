"""The main journeys, in a real browser against two web processes and a worker."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, open_at, sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"


def _sign_up(page: Page, site: Site, nickname: str) -> None:
    page.goto("/es/account/signup/")
    page.fill("input[name=email]", f"{nickname.lower()}@example.org")
    page.fill("input[name=username]", nickname)
    page.fill("input[name=password1]", "correct horse battery")
    page.click("main form button[type=submit]")
    page.wait_for_selector("input[name=code]")
    found = re.search(r"^([A-Z0-9-]{6,9})$", site.last_mail(), re.MULTILINE)
    assert found
    page.fill("input[name=code]", found[1])
    page.click("main form button[type=submit] >> nth=0")
    page.wait_for_selector("form[action$='/logout/']")


def _select_first_sentence(page: Page) -> None:
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#article .para .sentence'))")


def _quote_and_write(page: Page, text: str) -> None:
    """By selection, as a reader with a mouse does."""
    page.wait_for_selector("#article .sentence")
    _select_first_sentence(page)
    page.click(".selection-quote")
    page.wait_for_selector(".composer .quote")
    page.fill("#composer textarea", text)
    page.select_option("#composer select[name=language]", "es")


def test_two_readers_meet_across_languages_without_reloading(site: Site, open_browser: Open) -> None:
    second = open_browser(ARTICLE)
    first = open_browser("/es/")
    _sign_up(first, site, "Rosalia")
    first.goto("/es/imported/1-x")
    first.wait_for_url("**/es/imported/1-*")

    _quote_and_write(first, "La campana suena muy bien por la mañana.")
    with site.worker_asleep():
        first.click("#composer button[name=post]")
        first.wait_for_url("**#c4")

        # The second, reading in English, gets a count, and nothing moves until it asks.
        expect(second.locator("#new-comments a")).to_have_text("1 new comment")
        assert second.locator(".comment").count() == 3
        second.click("#new-comments a")
        comment = second.locator("#c4")
        expect(comment).to_contain_text("La campana suena muy bien por la mañana.")
        expect(comment).to_contain_text("not translated yet")
        expect(comment.locator(".quote").first).to_contain_text("polished it")
        second.evaluate("window.stillTheSamePage = true")

    # The translation arrives by itself; the original is one click away.
    expect(second.locator("#c4")).to_contain_text("machine translation")
    expect(second.locator("#c4 > .words")).not_to_contain_text("campana")
    assert second.evaluate("window.stillTheSamePage")
    second.click("#c4 .original summary")
    expect(second.locator("#c4 .original .words")).to_contain_text("La campana suena muy bien")

    # The first reader is online in two tabs, then, having signed out, offline.
    presence = second.locator("#c4 .presence")
    expect(presence).to_have_attribute("data-online", "yes")
    tab = first.context.new_page()
    tab.goto("/es/")
    tab.click("form[action$='/logout/'] button")
    expect(presence).to_have_attribute("data-online", "no")
    expect(presence.locator(".word")).to_have_text("Offline")
    assert second.evaluate("window.stillTheSamePage")


def test_reading_signing_in_and_posting_work_without_scripts(open_browser: Open) -> None:
    page = open_browser(ARTICLE, scripts=False)
    page.click(".para .quote-link >> nth=0")
    page.fill("input[name=login]", "carmen@example.org")
    page.fill("input[name=password]", "a long passphrase")
    page.click("main form button[type=submit]")
    page.check("input[name=quote] >> nth=0")
    page.fill("textarea", "It rings *beautifully* at noon.")
    page.click("button[name=preview]")
    expect(page.locator(".preview em")).to_have_text("beautifully")
    page.click("button[name=post]")
    mine = page.locator(".comment", has_text="It rings beautifully at noon.")
    expect(mine).to_have_count(1)
    expect(mine.locator(".quote")).to_have_count(1)
    expect(mine.locator(".nickname")).to_have_text("Carmen")


def test_a_reply_can_be_taken_back(open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(ARTICLE)
    page.click("#c1 footer a >> nth=0")
    page.fill("textarea", "From the hill I only heard the wind.")
    page.click("button[name=post]")
    mine = page.locator(".comment", has_text="From the hill I only heard the wind.")
    expect(mine.locator(".reply-to")).to_contain_text("in reply to 1")
    number = (mine.get_attribute("id") or "")[1:]
    expect(page.locator("#c1 .replies")).to_contain_text(number)
    mine.locator(".more summary").click()
    mine.locator("button", has_text="take back").click()
    expect(page.locator(f"#c{number}")).to_contain_text("took this comment back")


def test_posting_from_the_article_itself_shows_the_comment_and_an_empty_form(open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(ARTICLE)
    page.fill("#composer textarea", "I wrote this below the article.")
    page.click("#composer button[name=post]")
    expect(page.locator(".comment", has_text="I wrote this below the article.")).to_have_count(1)
    expect(page.locator("#composer textarea")).to_have_value("")


def test_a_refused_comment_keeps_its_draft_and_says_why(open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(ARTICLE)
    page.fill("#composer textarea", "x" * 10_001)
    page.click("#composer button[name=post]")
    expect(page.locator("#composer .error:not([hidden])")).to_contain_text("at most 10000 are possible")
    assert len(page.input_value("#composer textarea")) == 10_001


def test_an_article_shows_its_original_and_its_translation_without_reloading(open_browser: Open) -> None:
    page = open_browser("/es/imported/1-x")
    page.evaluate("window.stillTheSamePage = true")
    expect(page.locator("#article h1")).not_to_have_text("The ferry gets a bell")
    page.click("#article .translation-line a")
    expect(page.locator("#article h1")).to_have_text("The ferry gets a bell")
    expect(page.locator("#article h1 [lang=en]")).to_have_count(1)
    page.click("#article .translation-line a")
    expect(page.locator("#article h1")).not_to_have_text("The ferry gets a bell")
    assert page.evaluate("window.stillTheSamePage")


def test_a_vote_moves_the_count_on_everybodys_screen(open_browser: Open) -> None:
    watching = open_browser(ARTICLE)
    expect(watching.locator("#c1 [data-votes=up]")).to_have_text("0")
    voting = open_browser(ARTICLE)
    sign_in(voting, "carmen@example.org")
    voting.goto(ARTICLE)
    agree = voting.locator("#c1").get_by_role("button", name=re.compile("^agree"))
    agree.click()
    expect(agree).to_have_attribute("aria-pressed", "true")
    expect(voting.locator("#c1 [data-votes=up]")).to_have_text("1")
    expect(watching.locator("#c1 [data-votes=up]")).to_have_text("1")
    agree.click()
    expect(watching.locator("#c1 [data-votes=up]")).to_have_text("0")


def test_an_edit_reaches_open_pages_and_tells_what_it_said_before(open_browser: Open) -> None:
    writing = open_browser(ARTICLE)
    sign_in(writing, "carmen@example.org")
    writing.goto(ARTICLE)
    writing.fill("#composer textarea", "The old bell is made of tin.")
    writing.click("#composer button[name=post]")
    mine = writing.locator("#comments .comment", has_text="The old bell is made of tin.")
    expect(mine).to_have_count(1)
    number = mine.get_attribute("id") or ""
    watching = open_browser()
    open_at(watching, ARTICLE, number)
    expect(watching.locator(f"#{number}")).to_contain_text("made of tin")
    mine.locator(".more summary").click()
    mine.get_by_role("link", name="edit", exact=True).click()
    writing.fill("textarea", "The old bell is made of bronze.")
    writing.get_by_role("button", name="Save").click()
    expect(watching.locator(f"#{number}")).to_contain_text("made of bronze")
    watching.locator(f"#{number} .edited").click()
    expect(watching.locator(".history")).to_contain_text("made of tin")


def test_what_came_since_the_last_visit_is_marked_and_found_with_a_key(site: Site, open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    _sign_up(page, site, "Nuria")
    page.goto(ARTICLE)
    with page.expect_request("**/conversations/1/seen") as told:
        page.locator("#c1").scroll_into_view_if_needed()
    answer = told.value.response()
    assert answer is not None
    assert answer.status == 204
    site.ask("UPDATE conversation_visit SET at = '2020-01-01 00:00:00', read_up_to = 1, read_before = 1")
    page.reload()
    expect(page.locator("#c1.is-unread")).to_have_count(0)
    expect(page.locator("#c2.is-unread")).to_have_count(1)
    page.keyboard.press("n")
    expect(page.locator("#c2")).to_be_focused()


def test_in_the_tree_a_vote_leaves_an_answer_where_it_stands(site: Site, open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(f"{ARTICLE}/write?reply_to=1")
    page.fill("textarea", "An answer that is set in below the first one.")
    page.click("button[name=post]")
    number = page.locator(".comment", has_text="set in below").get_attribute("id")
    reader = open_browser(ARTICLE)
    _sign_up(reader, site, "Tomasa")
    reader.goto(f"{ARTICLE}?order=tree")
    answer = reader.locator(f"#{number}")
    # Asked in one breath: a comment that changes is another element a moment later.
    places = "ids => ids.map(id => document.getElementById(id).getBoundingClientRect().x)"
    before = reader.evaluate(places, [number, "c1"])
    answer.get_by_role("button", name=re.compile("^agree")).click()
    expect(answer.locator("[data-votes=up]")).to_have_text("1")
    assert reader.evaluate(places, [number, "c1"]) == before
    assert before[0] > before[1]


def test_counts_beside_headlines_and_above_the_thread_follow(open_browser: Open) -> None:
    writing = open_browser("/en/")
    sign_in(writing, "carmen@example.org")
    writing.goto(ARTICLE)
    before = int(writing.locator("#conversation-title").inner_text().split()[0])
    front, reading = open_browser("/en/"), open_browser(ARTICLE)
    count = front.locator("[data-count-of]")
    # A count beside a headline may be half a minute old when the page is opened; then it follows.
    expect(count).to_have_text(f"{before} comments")
    writing.fill("#composer textarea", "One more, to be counted everywhere.")
    writing.click("#composer button[name=post]")
    expect(count).to_have_text(f"{before + 1} comments")
    expect(reading.locator("#conversation-title")).to_have_text(f"{before + 1} comments")
