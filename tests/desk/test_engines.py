"""The engines page in the desk."""

import pytest
from django.test import Client

from dragoman.translation.models import Engine, Job
from dragoman.translation.worker import work_until_empty
from tests.conftest import MakeActor, account_of
from tests.desk.conftest import BACKEND
from tests.translation.shop import SOURCE, SPANISH, ask, scripted, show


def test_the_page_shows_state_budget_speed_and_failures_with_their_texts(desk: Client) -> None:
    scripted("out", faults={SOURCE: "failed"}, sends_out=True)
    ask()
    work_until_empty()
    html = desk.get("/admin/engines/").content.decode()
    for words in ("out", "works", "sends texts out of the house", "repetition", SOURCE, "Characters a second"):
        assert words in html
    assert "1 failed their checks and show the original" in html


def test_without_an_engine_the_page_says_what_that_means(desk: Client) -> None:
    assert "texts are shown in their own languages" in desk.get("/admin/engines/").content.decode()


def test_an_engine_is_switched_placed_and_limited(desk: Client) -> None:
    scripted("one")
    scripted("two")
    for address, data in (
        ("two/first", {}),
        ("two/budget", {"characters": "1 000 000"}),
        ("one/off", {}),
    ):
        assert desk.post(f"/admin/engines/{address}/", data).status_code == 302
    first, second = Engine.objects.order_by("position")
    assert (first.name, first.monthly_budget, second.is_enabled) == ("two", 1_000_000, False)
    desk.post("/admin/engines/one/on/")
    desk.post("/admin/engines/two/budget/", {"characters": ""})
    assert Engine.objects.get(name="one").is_enabled
    assert Engine.objects.get(name="two").monthly_budget is None


@pytest.mark.parametrize("typed", ["-5", "ten", "1.5", "9" * 40])
def test_a_budget_that_is_no_number_is_refused_and_changes_nothing(desk: Client, typed: str) -> None:
    scripted("one")
    shown = desk.post("/admin/engines/one/budget/", {"characters": typed}, follow=True).content.decode()
    assert "A budget is a number of characters" in shown
    assert Engine.objects.get().monthly_budget is None


def test_what_failed_is_asked_for_again(desk: Client) -> None:
    scripted("one", faults={SOURCE: "failed"})
    unit = ask()
    work_until_empty()
    scripted("one", answers={f"es|{SOURCE}": SPANISH})
    shown = desk.post("/admin/engines/again/", {"quality": "rejected"}, follow=True).content.decode()
    assert "1 sentence is asked for again." in shown
    work_until_empty()
    assert show(unit).text == SPANISH
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", ["editor", "moderator", "translator"])
def test_only_administrators_manage_engines(client: Client, make_actor: MakeActor, section: object, role: str) -> None:
    client.force_login(account_of(make_actor("Edda", role)), backend=BACKEND)
    scripted("one")
    assert client.get("/admin/engines/").status_code in (302, 403)
    assert client.post("/admin/engines/one/off/").status_code in (302, 403)
    assert Engine.objects.get().is_enabled


def test_what_does_not_exist_is_not_found(desk: Client) -> None:
    scripted("one")
    assert desk.post("/admin/engines/one/explode/").status_code == 404
    assert desk.post("/admin/engines/again/", {"quality": "perfect"}).status_code == 404
    assert "There is no engine" in desk.post("/admin/engines/nobody/off/", follow=True).content.decode()
