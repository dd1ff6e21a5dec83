"""A comment that nobody on duty reads is held, removed, objected to and restored: four browsers, two languages."""

import json
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dragoman.readers.effort import is_proof
from tests.clusters import run_in
from tests.interchange.test_import_page import PAGE
from tests.journeys.conftest import Site, sign_in, wait_for

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "imported/1-the-ferry-gets-a-bell"
DESK = "wcag2a wcag2aa wcag21aa wcag22aa".split()
_RIGHTMOST = """Math.max(0, ...[...document.querySelectorAll(".acts input:not([type=hidden]), .acts textarea")].map(
  (one) => one.getBoundingClientRect().right))"""
WORDS = "La nueva campana del barco es verde y el alcalde es muy feo."


def _moderator(site: Site, open_browser: Open, nickname: str) -> Page:
    address = f"{nickname.lower()}@example.org"
    told = ("--email", address, "--password", "a long passphrase", "--role", "moderator")
    run_in(site.home, "user", "create", nickname, *told)
    page = open_browser("/en/")
    sign_in(page, address)
    return page


def _is_translated(site: Site, kind: str, owner: str = "") -> bool:
    """Whether no such text waits; of others' comments some may, for edits wait two minutes."""
    rows = site.ask(
        "SELECT count(*) FROM translation_job j JOIN translation_occurrence o ON o.segment_id = j.segment_id"
        f" JOIN translation_unit u ON u.id = o.unit_id WHERE u.owner_kind = '{kind}' AND j.language IN ('en', 'es')"
        + (f" AND u.owner_id = {owner}" if owner else "")
    )
    return int(rows[0][0]) == 0


def _fresh(page: Page, address: str, words: str) -> None:
    """At an address whose page says something; it is asked for anew until it does."""
    page.goto(address)

    def says() -> bool:
        if words in page.inner_text("main"):
            return True
        page.reload()
        return False

    wait_for(says, f"{address} never said {words}")


def test_a_comment_read_in_translation_is_removed_objected_to_and_restored_by_another_person(
    site: Site, open_browser: Open
) -> None:
    vera = _moderator(site, open_browser, "Vera")
    _let_spanish_wait(vera)
    try:
        _hold_remove_object_and_restore(site, open_browser, vera)
    finally:  # other journeys write in Spanish, too
        vera.goto("/admin/rulebook/")
        vera.get_by_role("button", name="Take back").click()
        expect(vera.locator("table", has_text="Spanish")).to_have_count(0)


def _hold_remove_object_and_restore(site: Site, open_browser: Open, vera: Page) -> None:
    writer = open_browser("/es/")
    sign_in(writer, "carmen@example.org")
    comment = _write(writer)
    reader = open_browser(f"/en/{ARTICLE}?from=9999")  # the last window, where what is new comes
    reader.evaluate("window.stillTheSamePage = true")
    wait_for(lambda: _is_translated(site, "comment", comment), "the held comment was never translated")
    _remove(vera, comment)
    wait_for(lambda: _is_translated(site, "decision"), "the note was never translated")
    _object(site, writer, comment)
    wait_for(lambda: _is_translated(site, "appeal"), "the objection was never translated")

    vera.goto("/admin/comments/appeal/?for=all")
    vera.locator(f"#comment-{comment} button[data-key=a]").click()
    expect(vera.locator(".messages")).to_contain_text("This is about your own decision.")
    _restore(_moderator(site, open_browser, "Omar"), comment)

    news = reader.locator("#new-comments a")
    expect(news).to_be_visible()
    news.click()
    shown = reader.locator(f".comment[data-comment='{comment}']")
    expect(shown.locator(".words").first).to_contain_text("green")
    expect(shown.locator(".number")).not_to_be_empty()
    assert reader.evaluate("window.stillTheSamePage")
    expect(writer.locator("#bell .told-number")).to_be_visible()


def _let_spanish_wait(vera: Page) -> None:
    vera.goto("/admin/rulebook/")
    spanish = vera.locator("form:has(select[name=key] option[value=es]):has(input[value=language])")
    spanish.locator("select[name=key]").select_option("es")
    spanish.get_by_role("button", name="Set").click()
    expect(vera.locator("table", has_text="Spanish")).to_be_visible()


def _write(writer: Page) -> str:
    """The comment's id."""
    writer.goto(f"/es/{ARTICLE}")
    writer.fill("#composer textarea", WORDS)
    writer.select_option("#composer select[name=language]", "es")
    writer.click("#composer button[name=post]")
    held = writer.locator("#held .comment", has_text="campana")
    expect(held).to_have_count(1)
    return held.get_attribute("data-comment") or ""


def _remove(vera: Page, comment: str) -> None:
    """With the keyboard alone, but for the words of one's own."""
    vera.goto("/admin/comments/held/")
    case = vera.locator(f"#comment-{comment}")
    expect(case.locator(".words").first).to_have_text(WORDS)
    expect(case.locator(".words").nth(1)).to_contain_text("green")
    assert _violations(vera) == []
    for key in ("j", "r", "1"):
        vera.keyboard.press(key)
    case.locator("details[data-key=r] textarea").fill("The mayor is a person.")
    case.locator("details[data-key=r] button").click()
    expect(vera.locator(".messages")).to_contain_text("1 comment decided.")


def _object(site: Site, writer: Page, comment: str) -> None:
    statement = f"/es/comments/{comment}/decision"
    expect(writer.locator("#bell .told-number")).to_be_visible()
    writer.click("#bell")
    writer.locator(".told-list a").first.click()
    expect(writer).to_have_url(f"{site.url}{statement}")
    _fresh(writer, statement, "alcalde es una persona")
    expect(writer.locator(".decision")).to_contain_text("insultos o acoso")
    assert _violations(writer) == []
    writer.fill("#words", "El barco es verde.")
    writer.locator(".decision form button").click()
    expect(writer.locator(".decision [role=status]")).to_be_visible()


def _restore(omar: Page, comment: str) -> None:
    omar.goto("/admin/comments/appeal/?for=all")
    expect(omar.locator(f"#comment-{comment} .appeal")).to_contain_text("green")
    omar.keyboard.press("j")
    omar.keyboard.press("a")
    expect(omar.locator(".messages")).to_contain_text("1 comment decided.")


def test_a_comment_moves_to_another_article_and_open_pages_of_both_follow(site: Site, open_browser: Open) -> None:
    file = site.home / "gong.txt"
    file.write_text(PAGE.replace("The ferry gets a bell", "The ferry gets a gong"), encoding="utf-8")
    made = json.loads(run_in(site.home, "import", "page", str(file), "--language", "en", "--json").stdout)
    other = f"imported/{int(made['article'])}-the-ferry-gets-a-gong"
    writer = open_browser("/en/")
    sign_in(writer, "carmen@example.org")
    writer.goto(f"/en/{ARTICLE}")
    writer.fill("#composer textarea", "The gong is much louder than that.")
    writer.click("#composer button[name=post]")
    comment = writer.locator(".comment", has_text="louder than that").get_attribute("data-comment") or ""
    here, there = open_browser(f"/en/{ARTICLE}?from=9999"), open_browser(f"/en/{other}?from=9999")
    _fresh(here, f"/en/{ARTICLE}?from=9999", "louder than that")
    for page in (here, there):
        page.evaluate("window.stillTheSamePage = true")

    _move(_moderator(site, open_browser, "Gil"), comment, f"{site.url}/en/{other}")

    signpost = here.locator(".comment .tombstone a", has_text="moved this comment to another conversation")
    expect(signpost).to_be_visible()
    expect(here.locator(f".comment[data-comment='{comment}']")).to_have_count(0)
    there.locator("#new-comments a").click()
    expect(there.locator(f".comment[data-comment='{comment}'] .words").first).to_contain_text("louder than that")
    assert all(page.evaluate("window.stillTheSamePage") for page in (here, there))
    signpost.click()
    expect(here).to_have_url(re.compile(f"/en/{other}.*#c4$"))
    expect(here.locator("#c4 .words").first).to_contain_text("louder than that")
    expect(writer.locator("#bell .told-number")).to_be_visible()


def _move(gil: Page, comment: str, address: str) -> None:
    """With the keyboard alone."""
    gil.goto(f"/admin/comments/new/#comment-{comment}")
    gil.keyboard.press("m")
    expect(gil.locator(f"#comment-{comment} input[name=to]")).to_be_focused()
    gil.keyboard.type(address)
    assert _violations(gil) == []
    gil.keyboard.press("Enter")
    expect(gil.locator(".messages")).to_contain_text("1 comment moved.")


def test_the_rulebook_and_the_desk_are_accessible_on_a_phone(site: Site, open_browser: Open) -> None:
    page = open_browser("/en/", width=390)
    told = ("--email", "pia@example.org", "--password", "a long passphrase", "--role", "moderator")
    run_in(site.home, "user", "create", "Pia", *told)
    sign_in(page, "pia@example.org")
    for address in ("comments/", "comments/all/", "rulebook/", "rulebook/lists/new/", "readers/"):
        page.goto(f"/admin/{address}")
        page.evaluate("document.querySelectorAll('.acts details').forEach((one) => { one.open = true; })")
        assert _violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
        assert page.evaluate(_RIGHTMOST) <= 390, address


def _violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": DESK}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]


def test_a_sign_up_costs_the_browser_a_little_work(site: Site, open_browser: Open) -> None:
    page = open_browser("/en/account/signup/")
    proof = page.locator("input[name=proof]")
    wait_for(proof.input_value, "the browser never found a proof")
    challenge = page.locator("input[name=challenge]").input_value()
    assert is_proof(challenge, proof.input_value())
