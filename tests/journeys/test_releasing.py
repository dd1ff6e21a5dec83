"""An editor lets editions go out, and readers' open pages show it."""

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.clusters import run_in
from tests.interchange.test_import_page import PAGE
from tests.journeys.conftest import Site, sign_in, wait_for

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
DESK = "wcag2a wcag2aa wcag21aa wcag22aa".split()


@pytest.fixture(scope="module")
def number(site: Site) -> int:
    """An article of its own, translated, and an editor."""
    file = site.home / "horn.txt"
    file.write_text(PAGE.replace("The ferry gets a bell", "The ferry gets a horn"), encoding="utf-8")
    made = json.loads(run_in(site.home, "import", "page", str(file), "--language", "en", "--json").stdout)
    erin = ("Erin", "--email", "erin@example.org", "--password", "a long passphrase", "--role", "editor")
    run_in(site.home, "user", "create", *erin)
    article = int(made["article"])

    def is_translated() -> bool:
        rows = site.ask(
            "SELECT count(*) FROM translation_job j JOIN translation_occurrence o ON o.segment_id = j.segment_id"
            f" JOIN publication_articlepage p ON p.unit_id = o.unit_id WHERE p.number = {article}"
        )
        return int(rows[0][0]) == 0

    wait_for(is_translated, "the article was never translated")
    return article


def test_an_editor_releases_three_editions_at_one_moment_and_withdraws_one(
    site: Site, open_browser: Open, number: int
) -> None:
    editor = open_browser("/en/")
    sign_in(editor, "erin@example.org")
    editor.goto("/admin/")
    editor.click("a[href='/admin/editions/']")
    editor.click(f"a[href='/admin/editions/{number}/']")
    for language in ("es", "ca", "ar"):
        form = editor.locator(f"form[action$='/mode/']:has(input[value={language}])")
        form.locator("select").select_option("review")
        form.locator("button").click()
        expect(editor.locator(f"tr:has(#release-{language}) strong")).to_have_text("waits for its release")

    spanish, catalan = (open_browser(f"/{language}/imported/{number}-x") for language in ("es", "ca"))
    expect(spanish.locator("#article h1")).to_have_text("The ferry gets a horn")
    expect(spanish.locator("#article .translation-line")).to_contain_text("no ha salido en este idioma")
    spanish.evaluate("window.stillTheSamePage = true")

    for language in ("es", "ca", "ar"):
        editor.check(f"#release-{language}")
    editor.click("button[form=release]")
    expect(spanish.locator("#article .translation-line")).to_contain_text("automática")
    expect(catalan.locator("#article .translation-line")).to_contain_text("automàtica")
    expect(spanish.locator("#article h1")).not_to_have_text("The ferry gets a horn")

    editor.click("form[action$='/withdraw/']:has(input[value=es]) button")
    expect(spanish.locator("#article h1")).to_have_text("The ferry gets a horn")
    expect(catalan.locator("#article .translation-line")).to_contain_text("automàtica")
    assert spanish.evaluate("window.stillTheSamePage")


def test_the_desks_pages_are_within_everybodys_reach(open_browser: Open, number: int) -> None:
    page = open_browser("/en/", bypass_policy=True)
    sign_in(page, "erin@example.org")
    own = f"/admin/editions/{number}/own/es/"
    for path in ("/admin/editions/", f"/admin/editions/{number}/", own, "/admin/glossary/", "/admin/glossary/new/"):
        page.goto(path)
        found = Axe().run(page, context="main", options={"runOnly": DESK})
        assert [(path, one["id"]) for one in found.response["violations"]] == []
