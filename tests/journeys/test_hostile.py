"""Hostile strings through the real forms: as comment, as nickname, as headline."""

import json
import os
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.commandline.test_commands import run_in
from tests.journeys.conftest import Site, sign_in

pytestmark = pytest.mark.journey
Open = Callable[..., Page]
ARTICLE = "/en/imported/1-the-ferry-gets-a-bell"


def hostile_strings() -> list[str]:
    """The corpus's where it is at hand, else our own."""
    corpus = os.environ.get("DRAGOMAN_CORPUS", "")
    path = Path(corpus) / "hostile" / "blns.json" if corpus else Path(__file__).parent / "data" / "hostile.json"
    return [str(one) for one in json.loads(path.read_text("utf-8"))]


def test_hostile_strings_are_shown_unharmed_and_run_nothing(site: Site, open_browser: Open) -> None:
    """Each is posted through the real form; the browser's fixture fails on any dialog or error."""
    page = open_browser(ARTICLE)
    sign_in(page, "carmen@example.org")
    page.goto(f"{ARTICLE}/write")
    token = page.input_value("#composer input[name=csrfmiddlewaretoken]")
    posted: list[str] = []
    for text in hostile_strings():
        form: dict[str, str | float | bool] = {"csrfmiddlewaretoken": token, "text": f"{text} end", "language": "en"}
        answer = page.request.post(f"{ARTICLE}/write", form=form, headers={"referer": site.url}, max_redirects=0)
        assert answer.status in (303, 422), text
        if answer.status == 303:
            posted.append(text)
    assert posted
    path: str | None = ARTICLE
    shown = ""
    while path:
        page.goto(path)
        shown += page.locator("#comments").inner_text()
        following = page.locator("a[rel=next]")
        path = following.get_attribute("href") if following.count() else None
        assert page.locator("#comments script, #comments iframe, #comments img, #comments svg").count() == 0
        assert page.locator("#comments [onerror], #comments [onclick], #comments [style]").count() == 0
    assert shown.count("end") >= len(posted)


def test_hostile_nicknames_are_refused_and_given_back_as_typed_or_taken(site: Site, open_browser: Open) -> None:
    """The form is sent without a browser's page, whose scripts would work for each sign-up."""
    page = open_browser("/en/")
    address = "/en/account/signup/"
    taken = 0
    for number, text in enumerate(hostile_strings()):
        page.context.clear_cookies()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.request.get(address).text())
        assert token
        form: dict[str, str | float | bool] = {
            "csrfmiddlewaretoken": token[1],
            "email": f"hostile{number}@example.org",
            "username": text,
            "password1": "correct horse battery",
        }
        answer = page.request.post(address, form=form, headers={"referer": site.url}, max_redirects=0)
        assert answer.status in (200, 302), text
        assert answer.status == 302 or escape(text.strip()) in answer.text(), text
        taken += answer.status == 302
    assert taken


def _headline_form(token: str, headline: str, number: int) -> dict[str, str | float | bool]:
    form: dict[str, str | float | bool] = {
        "csrfmiddlewaretoken": token,
        "title": headline,
        "slug": f"hostile-{number}",
        "lead": headline,
        "language": "en",
        "dated": "",
        "comments_open": "on",
        "body-count": "0",
        "action-publish": "1",
    }
    for relation in ("bylines", "people", "comments"):
        form |= {f"{relation}-TOTAL_FORMS": "0", f"{relation}-INITIAL_FORMS": "0"}
    return form


def test_hostile_headlines_are_shown_as_typed_and_run_nothing(site: Site, open_browser: Open) -> None:
    made = run_in(
        site.home, "user", "create", "Edda", "--email", "edda@example.org", "--password", "a long passphrase",
        "--role", "editor",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    page = open_browser("/en/")
    sign_in(page, "edda@example.org")
    address = f"/admin/pages/add/publication/articlepage/{_section(site)}/"
    source = page.request.get(address).text()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', source)
    assert token
    published = 0
    for number, text in enumerate(hostile_strings()):
        form = _headline_form(token[1], text[:250], number)
        answer = page.request.post(address, form=form, headers={"referer": site.url}, max_redirects=0)
        assert answer.status in (200, 302), text
        published += answer.status == 302
    assert published
    path: str | None = "/en/imported/"
    cards = 0
    while path:
        page.goto(path)
        cards += page.locator(".card").count()
        assert page.locator("main script, main iframe, main img, main svg, main [onerror], main [style]").count() == 0
        following = page.locator("a[rel=next]")
        path = following.get_attribute("href") if following.count() else None
    assert cards >= published


def _section(site: Site) -> int:
    """The id of the page of the imported articles' section."""
    return int(site.ask("SELECT id FROM wagtailcore_page WHERE slug = 'imported'")[0][0])
