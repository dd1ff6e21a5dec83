"""Readers suggest, translators mend, and pages that are open show it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.clusters import run_in
from tests.interchange.test_import_page import PAGE
from tests.journeys.conftest import Site, sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/es/imported/1-x"


def _sentences_of(site: Site, number: int) -> str:
    """Where the sentences of a comment are mended in Spanish."""
    rows = site.ask(f"SELECT unit_id FROM conversation_comment WHERE number = {number}")
    return f"/es/translations/{rows[0][0]}"


def test_a_readers_suggestion_becomes_the_shown_translation_in_two_clicks(site: Site, open_browser: Open) -> None:
    watching = open_browser(ARTICLE)
    comment = watching.locator("#c1")
    expect(comment.locator(".translation-line")).to_contain_text("automática")
    watching.evaluate("window.stillTheSamePage = true")

    reader = open_browser(ARTICLE, scripts=False)
    reader.click("#c1 .translation-line a[href*='/translations/']")
    reader.fill("input[name=login]", "carmen@example.org")
    reader.fill("input[name=password]", "a long passphrase")
    reader.click("main form button[type=submit]")
    first = reader.locator(".sentences ol > li").first
    first.locator("textarea").fill("Así lo diría una persona.")
    first.locator("input[name=note]").fill("Nadie habla como la máquina.")
    first.locator("button[value=suggest]").click()
    expect(reader.locator(".message")).to_be_visible()

    translator = open_browser("/en/")
    sign_in(translator, "thea@example.org")
    translator.goto("/admin/")
    translator.click("a[href='/admin/suggestions/']")
    translator.click("form[action$='/accept/'] button")
    expect(translator.locator("main")).to_contain_text("Nothing waits.")

    expect(comment.locator(".words").first).to_contain_text("Así lo diría una persona.")
    expect(comment.locator(".translation-line")).to_contain_text("Carmen")
    assert watching.evaluate("window.stillTheSamePage")


def test_all_originals_are_shown_at_once_without_leaving_the_page_or_without_scripts(open_browser: Open) -> None:
    page = open_browser(ARTICLE)
    page.evaluate("window.stillTheSamePage = true")
    translated = page.locator("#article h1").inner_text()
    page.click("[data-originals]")
    expect(page.locator("#article h1")).to_have_text("The ferry gets a bell")
    closed = page.locator("#comments details.original:not([open])")
    expect(page.locator("#comments details.original[open]").first).to_be_visible()
    assert closed.count() == 0
    page.click("[data-originals]")
    expect(page.locator("#article h1")).to_have_text(translated)
    expect(page.locator("#comments details.original[open]")).to_have_count(0)
    assert page.evaluate("window.stillTheSamePage")

    plain = open_browser(ARTICLE, scripts=False)
    plain.click(".originals a")
    expect(plain.locator("#article h1")).to_have_text("The ferry gets a bell")
    expect(plain.locator("#comments details.original")).to_have_count(0)
    plain.click(".originals a")
    expect(plain.locator("#article h1")).to_have_text(translated)


def test_a_translator_mends_a_sentence_by_keyboard_alone(site: Site, open_browser: Open) -> None:
    page = open_browser("/es/")
    sign_in(page, "thea@example.org")
    page.goto(_sentences_of(site, 2))
    area = page.locator("textarea").first
    area.focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Mejor así.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".message").first).to_be_visible()
    expect(area).to_have_value("Mejor así.")
    expect(page.locator(".sentences .state").first).to_contain_text("Thea")


def test_a_translator_works_a_whole_article_by_keyboard_alone_and_signs_it_off(site: Site, open_browser: Open) -> None:
    file = site.home / "whistle.txt"
    file.write_text(PAGE.replace("The ferry gets a bell", "The ferry gets a whistle"), encoding="utf-8")
    run_in(site.home, "import", "page", str(file), "--language", "en")
    rows = site.ask("SELECT max(unit_id) FROM publication_articlepage")
    page = open_browser("/es/")
    sign_in(page, "thea@example.org")
    page.goto(f"/es/translations/{rows[0][0]}")
    areas = page.locator(".sentences textarea")
    whole = areas.count()
    assert whole > 3
    areas.first.focus()
    for number in range(whole):
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type(f"Frase {number}, dicha por una persona.")
        page.keyboard.press("ControlOrMeta+Enter")
        expect(areas.nth(number)).to_have_value(f"Frase {number}, dicha por una persona.")
        expect(page.locator(".sentences .state").nth(number)).to_contain_text("Thea")
        if number < whole - 1:
            expect(areas.nth(number + 1)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("button[value=sign]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text("Aprobada en tu nombre.")


def test_what_a_translator_typed_outlives_the_page(site: Site, open_browser: Open) -> None:
    page = open_browser("/es/")
    sign_in(page, "thea@example.org")
    page.goto(_sentences_of(site, 3))
    area = page.locator(".sentences textarea").first
    area.fill("A medio escribir")
    page.reload()
    expect(area).to_have_value("A medio escribir")
    # Somebody else's word stands there meanwhile: it is not covered, and what was typed is not lost.
    other = open_browser("/es/")
    sign_in(other, "thea@example.org")
    other.goto(_sentences_of(site, 3))
    other.locator(".sentences textarea").first.fill("Lo de otra persona")
    other.locator("button[value=correct]").first.click()
    expect(other.locator(".message").first).to_be_visible()
    page.reload()
    expect(area).to_have_value("Lo de otra persona")
    expect(page.locator(".sentences li").first).to_contain_text("A medio escribir")


def test_the_sentences_are_within_everybodys_reach(site: Site, open_browser: Open) -> None:
    page = open_browser("/es/", bypass_policy=True, width=360)
    sign_in(page, "thea@example.org")
    for path in (_sentences_of(site, 3), _sentences_of(site, 3).replace("/es/", "/ar/")):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        assert [one["id"] for one in found.response["violations"]] == []
