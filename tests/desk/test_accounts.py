"""Accounts in the admin: changed by the readers' own actions, by administrators alone."""

import re
from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from dragoman.publication.models import SectionPage
from dragoman.readers import administering
from dragoman.readers.actions import Unclaimed, create_reader, create_token, find_or_create_unclaimed
from dragoman.readers.errors import EmailTaken
from dragoman.readers.models import EarlierNickname, Reader
from dragoman.readers.policies import Actor
from dragoman.readers.queries import actor_by_id, actor_by_token
from tests.conftest import MakeActor, account_of

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/admin/users/"


@pytest.fixture
def root(make_actor: MakeActor, client: Client, section: SectionPage) -> Actor:
    """An administrator, signed in."""
    root = make_actor("Root", "administrator")
    client.force_login(account_of(root), backend=_BACKEND)
    return root


def _place(actor: Actor) -> str:
    return reverse("wagtailusers_users:edit", args=[actor.id])


def _said(client: Client, actor: Actor) -> dict[str, object]:
    """What the form shows of an account, as a browser would send it back."""
    form = client.get(_place(actor)).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: value for name, value in shown.items() if value not in (False, None)}


def _errors(html: bytes) -> list[str]:
    return re.findall(r'<p class="error-message">\s*([^<]+)', html.decode())


def test_a_role_is_given_and_taken_back_without_a_new_account(client: Client, root: Actor, ada: Actor) -> None:
    said = _said(client, ada)
    answer = client.post(_place(ada), {**said, "roles": ["moderator", "editor"]})
    assert answer.status_code == 302
    assert actor_by_id(ada.id).roles == {"reader", "moderator", "editor"}
    assert set(account_of(ada).groups.values_list("name", flat=True)) == {"moderator", "editor"}
    client.post(_place(ada), {**_said(client, ada), "roles": ["editor"]})
    assert actor_by_id(ada.id).roles == {"reader", "editor"}
    assert set(account_of(ada).groups.values_list("name", flat=True)) == {"editor"}


def test_another_nickname_leaves_the_old_one_leading_there(client: Client, root: Actor, ada: Actor) -> None:
    client.post(_place(ada), {**_said(client, ada), "nickname": "Zoe"})
    account = Reader.objects.get(nickname_key="zoe")
    assert (account.pk, account.nickname) == (ada.id, "Zoe")
    assert EarlierNickname.objects.get().nickname_key == "ada"
    assert client.get("/en/readers/Ada").headers["Location"].endswith("/en/readers/Zoe")


def test_a_name_that_an_import_brought_stays_as_it_is(client: Client, root: Actor) -> None:
    pk = find_or_create_unclaimed([Unclaimed("old/sailor?")])["old/sailor?"]
    place = reverse("wagtailusers_users:edit", args=[pk])
    seen = administering.account_of(Reader.objects.get(pk=pk)).token
    said = {"nickname": "old/sailor?", "roles": ["author"], "is_active": "on", "seen": seen}
    assert client.post(place, said).status_code == 302
    assert actor_by_id(pk).roles == {"reader", "author"}


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("nickname", "BLAI", "taken, or looks too much like"),
        ("nickname", "<b>", "cannot hold any of these signs"),
        ("email", "BLAI@example.org", "already an account"),
        ("roles", ["king"], "not one of the available choices"),
    ],
)
def test_what_cannot_be_stands_with_its_reason_and_changes_nothing(
    field: str, value: object, reason: str, client: Client, root: Actor, ada: Actor, make_actor: MakeActor
) -> None:
    make_actor("Blai")
    said = {**_said(client, ada), "real_name": "Ada Lundgren", field: value}
    answer = client.post(_place(ada), said)
    assert answer.status_code == 200
    assert any(reason in words for words in _errors(answer.content))
    assert account_of(ada).real_name == "Ada Lund"


def test_nobody_signs_in_to_a_closed_account_and_its_open_sessions_end(client: Client, root: Actor, ada: Actor) -> None:
    browser, token = Client(), create_token(reader_id=ada.id or 0)
    browser.force_login(account_of(ada), backend=_BACKEND)
    assert "Ada" in browser.get("/en/").content.decode()
    client.post(_place(ada), {name: value for name, value in _said(client, ada).items() if name != "is_active"})
    assert "Ada" not in browser.get("/en/").content.decode()
    client.post(_place(ada), {**_said(client, ada), "is_active": "on"})
    assert account_of(ada).is_active
    assert "Ada" not in browser.get("/en/").content.decode(), "whoever had it open is not back with it"
    assert not actor_by_token(token).is_signed_in


def test_administrators_cannot_shut_themselves_out(client: Client, root: Actor) -> None:
    said = _said(client, root)
    for change in ({"roles": ["editor"]}, {"is_active": ""}):
        answer = client.post(_place(root), {name: value for name, value in {**said, **change}.items() if value})
        assert "cannot take your own rights away" in answer.content.decode()
    assert actor_by_id(root.id).roles == {"reader", "administrator"}


def test_a_new_account_has_its_roles_and_its_verified_address(client: Client, root: Actor) -> None:
    said = {"nickname": "Edda", "email": "Edda@Example.org", "roles": ["editor"], "is_verified": "on"}
    client.post(reverse("wagtailusers_users:add"), {**said, "password": "short"})
    assert not Reader.objects.filter(nickname="Edda").exists()
    client.post(reverse("wagtailusers_users:add"), {**said, "password": "a long passphrase"})
    edda = Reader.objects.get(nickname="Edda")
    assert (edda.email, edda.is_verified) == ("edda@example.org", True)
    assert edda.check_password("a long passphrase")
    assert actor_by_id(edda.pk).roles == {"reader", "editor"}
    shown = client.get(LIST, {"q": "edd"}).content.decode()
    assert "Edda" in shown
    assert "Editor" in shown


def test_what_somebody_else_changed_meanwhile_is_not_taken_back(client: Client, root: Actor, ada: Actor) -> None:
    said = _said(client, ada)
    client.post(_place(ada), {**said, "email": "new@example.org", "roles": ["editor"]})
    answer = client.post(_place(ada), {**said, "real_name": "Ada Lundgren"})
    assert "was changed meanwhile" in answer.content.decode()
    assert (account_of(ada).email, account_of(ada).real_name) == ("new@example.org", "Ada Lund")


def test_an_address_is_one_whatever_its_case_and_is_nobody_elses_second_one(
    client: Client, root: Actor, ada: Actor, make_actor: MakeActor
) -> None:
    EmailAddress.objects.create(user=account_of(make_actor("Blai")), email="second@example.org", verified=True)
    for taken in ("second@example.org", "BLAI@example.org"):
        assert client.post(_place(ada), {**_said(client, ada), "email": taken}).status_code == 200
        with pytest.raises(EmailTaken):
            create_reader(nickname="Zoe", email=taken)
    client.post(_place(ada), {**_said(client, ada), "email": "Ada.Lund@Example.org"})
    assert EmailAddress.objects.get(user=ada.id).email == account_of(ada).email == "ada.lund@example.org"


def test_a_renamed_reader_of_an_import_is_the_same_at_the_next_one(client: Client, root: Actor) -> None:
    pk = find_or_create_unclaimed([Unclaimed("Lotse")])["Lotse"]
    account = replace(administering.account_of(Reader.objects.get(pk=pk)), nickname="Hafenlotse")
    administering.change_account(actor=root, reader_id=pk, account=account)
    assert find_or_create_unclaimed([Unclaimed("Lotse")]) == {"Lotse": pk}


@pytest.mark.parametrize("role", ["editor", "moderator", "translator", "author"])
def test_others_of_the_staff_see_no_accounts(role: str, client: Client, root: Actor, make_actor: MakeActor) -> None:
    client.force_login(account_of(make_actor("Edda", role)), backend=_BACKEND)
    for place in (LIST, _place(root), reverse("wagtailusers_users:add")):
        assert client.get(place).status_code == 302
    assert LIST not in client.get("/admin/").content.decode()


def test_nobody_is_deleted_and_nothing_is_done_to_many_at_once(client: Client, root: Actor, ada: Actor) -> None:
    shown = client.get(_place(ada)).content.decode() + client.get(LIST).content.decode()
    assert f"/delete/{ada.id}/" not in shown
    assert f"/copy/{ada.id}/" not in shown
    client.post(reverse("wagtailusers_users:delete", args=[ada.id]))
    for act in ("assign_role", "delete", "set_active_state"):
        place = reverse("wagtail_bulk_action", args=["readers", "reader", act])
        client.post(f"{place}?id={ada.id}", {"role": "1", "mark_as_active": "False"})
    assert account_of(ada).is_active
    assert not account_of(ada).groups.exists()
