"""Sign-up, verification, sign-in, password reset, nicknames, presence."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from dragoman.foundation import clock
from dragoman.live.models import OutboxEvent
from dragoman.publication.models import SectionPage
from dragoman.readers import actions, queries
from dragoman.readers.errors import EmailTaken, NicknameTaken, UnknownRole
from dragoman.readers.models import Reader
from dragoman.readers.policies import Actor
from tests.conftest import NOON, account_of

SIGN_UP = {"email": "new@example.org", "username": "Newcomer", "password1": "correct horse battery"}


def _sign_up(client: Client, **changes: str) -> str:
    response = client.post("/en/account/signup/", SIGN_UP | changes, follow=True)
    return str(response.content.decode())


def test_a_reader_signs_up_confirms_by_code_and_is_signed_in(client: Client, section: SectionPage) -> None:
    _sign_up(client)
    found = re.search(r"^([A-Z0-9-]{6,9})$", str(mail.outbox[0].body), re.MULTILINE)
    assert found, mail.outbox[0].body
    client.post("/en/account/confirm-email/", {"code": found[1]})
    reader = Reader.objects.get(nickname="Newcomer")
    assert EmailAddress.objects.filter(user=reader, verified=True).exists()
    assert b"Newcomer" in client.get("/en/").content


def test_an_unverified_address_cannot_sign_in(client: Client, section: SectionPage) -> None:
    _sign_up(client)
    client.cookies.clear()
    client.post("/en/account/login/", {"login": SIGN_UP["email"], "password": SIGN_UP["password1"]})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("nickname", ["ada", "АDA", "Аda", "Ａｄａ"])
def test_a_nickname_that_looks_like_another_is_refused(
    client: Client, section: SectionPage, ada: Actor, nickname: str
) -> None:
    assert "looks too much like one" in _sign_up(client, username=nickname)
    assert Reader.objects.count() == 1


@pytest.mark.parametrize("nickname", ["", "   ", "<script>", "x" * 41, "\u202eevil", "!!!"])
def test_a_nickname_that_nobody_could_read_is_refused_or_cleaned(
    client: Client, section: SectionPage, nickname: str
) -> None:
    _sign_up(client, username=nickname)
    assert all(reader.nickname == "evil" for reader in Reader.objects.all())


def test_a_forgotten_password_is_set_anew_by_mail(client: Client, section: SectionPage, ada: Actor) -> None:
    client.post("/en/account/password/reset/", {"email": "ada@example.org"})
    found = re.search(r"http://testserver(/en/account/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert found, mail.outbox[0].body
    form = client.get(found[1], follow=True)
    path = form.request["PATH_INFO"]
    client.post(path, {"password1": "another long passphrase", "password2": "another long passphrase"})
    assert account_of(ada).check_password("another long passphrase")


def test_sign_in_does_not_lead_to_a_foreign_host(client: Client, section: SectionPage, ada: Actor) -> None:
    sent = {"login": "ada@example.org", "password": "a long passphrase"}
    response = client.post("/en/account/login/?next=https://evil.example/", sent)
    assert response.status_code == 302
    assert "evil" not in response.headers["Location"]


def test_the_operator_creates_accounts_with_roles_and_tokens(db: None) -> None:
    reader = actions.create_reader(nickname="Root", email="root@example.org", roles=["administrator"])
    token = actions.create_token(reader_id=reader.pk)
    actor = queries.actor_by_token(token)
    assert (actor.nickname, "administrator" in actor.roles) == ("Root", True)
    assert not queries.actor_by_token(token + "x").is_signed_in


def test_two_accounts_share_neither_name_nor_address_and_roles_exist(ada: Actor) -> None:
    with pytest.raises(NicknameTaken):
        actions.create_reader(nickname="ADA")
    with pytest.raises(EmailTaken):
        actions.create_reader(nickname="Other", email="ADA@example.org")
    with pytest.raises(UnknownRole):
        actions.create_reader(nickname="Another", roles=["king"])
    assert not Reader.objects.filter(nickname="Another").exists()


def _presence(reader: int) -> list[bool]:
    events = OutboxEvent.objects.filter(kind="presence").order_by("id")
    return [event.data["online"] for event in events if event.data["reader"] == reader]


def test_a_reader_comes_online_and_goes_offline_once_for_everybody(ada: Actor) -> None:
    reader = ada.id or 0
    actions.tell_present([reader], process="one")
    actions.tell_present([reader], process="two")
    actions.tell_gone(reader)
    assert queries.online_among([reader]) == set()
    assert _presence(reader) == [True, False]


def test_a_reader_whose_process_died_is_swept_offline(ada: Actor) -> None:
    reader = ada.id or 0
    with clock.stopped_at(NOON):
        actions.tell_present([reader], process="one")
    with clock.stopped_at(NOON + actions.ONLINE_FOR + timedelta(seconds=1)):
        actions.sweep_presence()
    assert _presence(reader) == [True, False]


def test_who_hides_is_never_shown_online(ada: Actor) -> None:
    reader = ada.id or 0
    actions.change_profile(actor_id=reader, real_name="", shows_real_name=True, languages=[], hides_presence=True)
    actions.tell_present([reader], process="one")
    assert queries.online_among([reader]) == set()
    assert _presence(reader) == []
