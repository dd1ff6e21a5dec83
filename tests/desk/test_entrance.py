"""The door of the admin: one sign-in for readers and staff."""

import re

import pytest
from django.test import Client

from dragoman.publication.models import SectionPage
from tests.conftest import MakeActor, account_of

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def test_who_is_not_signed_in_is_sent_to_the_readers_sign_in_and_back(client: Client, db: None) -> None:
    answer = client.get("/admin/pages/", follow=True)
    assert answer.redirect_chain[-1] == ("/en/account/login/?next=%2Fadmin%2Fpages%2F", 302)
    assert answer.status_code == 200


def test_a_reader_without_a_role_is_told_so_and_not_sent_to_and_fro(client: Client, make_actor: MakeActor) -> None:
    client.force_login(account_of(make_actor("Ada")), backend=_BACKEND)
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert "not allowed" in answer.content.decode()


def test_staff_who_are_signed_in_go_straight_in(client: Client, make_actor: MakeActor, section: SectionPage) -> None:
    client.force_login(account_of(make_actor("Edda", "editor")), backend=_BACKEND)
    assert client.get("/admin/login/").headers["Location"] == "/admin/"


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_other_form_takes_a_password(method: str, client: Client, make_actor: MakeActor) -> None:
    make_actor("Root", "administrator")
    given = {"username": "Root", "password": "a long passphrase"}
    assert getattr(client, method)("/admin/login/", given).headers["Location"].startswith("/en/account/login/")
    assert getattr(client, method)("/admin/password_reset/", {"email": "root@example.org"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_staff_change_neither_name_nor_address_past_its_checks(
    client: Client, make_actor: MakeActor, section: SectionPage
) -> None:
    edda = make_actor("Edda", "editor")
    client.force_login(account_of(edda), backend=_BACKEND)
    shown = client.get("/admin/account/")
    assert b"first_name" not in shown.content
    assert b"locale-preferred_language" in shown.content
    kept = re.findall(r'name="([a-z_]+-[a-z_]+)"', shown.content.decode())
    said = dict.fromkeys(kept, "") | {
        "theme-theme": "system",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    said |= {"name_email-email": "other@example.org", "locale-preferred_language": "es"}
    assert client.post("/admin/account/", said).status_code == 302
    assert client.get("/admin/account/").context["request"].user.wagtail_userprofile.preferred_language == "es"
    assert account_of(edda).email == "edda@example.org"
