"""A session counts while it is valid, and is nobody's afterwards."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.test import Client

from dragoman.foundation.clock import now
from dragoman.readers.policies import Actor
from dragoman.readers.sessions import SessionStore
from tests.conftest import account_of


def test_a_session_is_found_again_until_its_time_is_over(db: None) -> None:
    kept = SessionStore()
    kept["drafts"] = {"1": {"text": "“¿Qué?”"}}
    kept.save()
    again = SessionStore(kept.session_key)
    assert again["drafts"] == {"1": {"text": "“¿Qué?”"}}
    Session.objects.update(expire_date=now() - timedelta(seconds=1))
    late = SessionStore(kept.session_key)
    assert (late.get("drafts"), late.session_key) == (None, None)


def test_a_reader_whose_password_is_changed_is_signed_out_elsewhere(client: Client, ada: Actor) -> None:
    account = account_of(ada)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/en/profile/", follow=True).wsgi_request.user.is_authenticated
    account.set_password("quite another passphrase")
    account.save(update_fields=["password"])
    assert not client.get("/en/profile/", follow=True).wsgi_request.user.is_authenticated
