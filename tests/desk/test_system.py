"""The system's page in the desk."""

import pytest
from django.test import Client

from dragoman.live.models import Follower
from tests.conftest import MakeActor, account_of
from tests.desk.conftest import BACKEND


def test_it_shows_what_check_finds_and_what_waits(desk: Client) -> None:
    Follower.objects.create(name="search", last_event=0)
    html = desk.get("/admin/system/").content.decode()
    for words in ("Database", "fine", "MiB free", "Comments held before publication", "search", "Python"):
        assert words in html
    assert "desk-system" not in html
    assert '/admin/system/"' in desk.get("/admin/").content.decode()


def test_it_speaks_the_language_of_whoever_looks(desk: Client) -> None:
    html = desk.get("/admin/system/", headers={"Accept-Language": "fr"}).content.decode()
    assert "Base de données" in html


@pytest.mark.parametrize("role", ["editor", "moderator", "translator", "author"])
def test_only_administrators_see_it(client: Client, make_actor: MakeActor, section: object, role: str) -> None:
    client.force_login(account_of(make_actor("Edda", role)), backend=BACKEND)
    assert client.get("/admin/system/").status_code == 302
