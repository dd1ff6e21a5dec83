"""Being called otherwise."""

from datetime import timedelta

import pytest
from django.test import Client

from dragoman.foundation import clock
from dragoman.foundation.errors import SignInNeeded
from dragoman.live.models import OutboxEvent
from dragoman.publication.models import SectionPage
from dragoman.readers import queries
from dragoman.readers.actions import RENAMING, create_reader, rename_reader
from dragoman.readers.errors import BadNickname, NicknameTaken, RenamedTooOften
from dragoman.readers.policies import ANONYMOUS, Actor
from tests.conftest import NOON, account_of


def test_old_links_lead_on_in_every_edition(ada: Actor, section: SectionPage, client: Client) -> None:
    rename_reader(actor=ada, nickname="Adelaide")
    moved = client.get("/es/readers/Ada")
    assert (moved.status_code, moved.headers["Location"]) == (302, "/es/readers/Adelaide")
    assert client.get("/es/readers/Adelaide").status_code == 200
    assert client.get("/es/readers/Nobody").status_code == 404


def test_an_earlier_name_is_taken_by_nobody_else_and_may_be_taken_back(ada: Actor, carmen: Actor) -> None:
    rename_reader(actor=ada, nickname="Adelaide")
    for name in ("Ada", "ADA", "Аda"):  # the last one begins with a Cyrillic letter
        with pytest.raises(NicknameTaken):
            rename_reader(actor=carmen, nickname=name)
        with pytest.raises(NicknameTaken):
            create_reader(nickname=name)
    rename_reader(actor=ada, nickname="Ada")
    assert queries.nickname_now("Adelaide") == "Ada"
    assert queries.nickname_now("Ada") is None


def test_a_name_changes_twice_in_thirty_days_and_then_again(ada: Actor) -> None:
    with clock.stopped_at(NOON):
        rename_reader(actor=ada, nickname="Adelaide")
        rename_reader(actor=ada, nickname="Adele")
        for name in ("Adeline", "Ada", "ADELE"):  # back and forth is renaming too
            with pytest.raises(RenamedTooOften):
                rename_reader(actor=ada, nickname=name)
    with clock.stopped_at(NOON + RENAMING + timedelta(minutes=1)):
        rename_reader(actor=ada, nickname="Adeline")


def test_the_same_name_in_other_letters_is_no_earlier_name(ada: Actor) -> None:
    rename_reader(actor=ada, nickname="ADA")
    rename_reader(actor=ada, nickname="ADA")
    assert queries.nickname_now("ada") is None


def test_what_shows_names_is_rendered_anew(ada: Actor) -> None:
    rename_reader(actor=ada, nickname="Adelaide")
    assert OutboxEvent.objects.get().kind == "renamed"


def test_a_bad_name_is_refused_and_nothing_changes(ada: Actor) -> None:
    with pytest.raises(BadNickname):
        rename_reader(actor=ada, nickname="a@b")
    with pytest.raises(SignInNeeded):
        rename_reader(actor=ANONYMOUS, nickname="Nobody")
    assert account_of(ada).nickname == "Ada"


def test_the_form_says_what_is_wrong_with_a_name(
    ada: Actor, carmen: Actor, section: SectionPage, client: Client
) -> None:
    client.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/en/settings", {"nickname": "Carmen", "edition": "en"})
    assert answer.status_code == 422
    assert "This nickname is taken" in answer.content.decode()
