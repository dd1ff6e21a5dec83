"""An administrator at the desk."""

import pytest
from django.test import Client

from dragoman.readers.policies import Actor
from tests.conftest import MakeActor, account_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def root(make_actor: MakeActor, section: object) -> Actor:
    return make_actor("Root", "administrator")


@pytest.fixture
def desk(client: Client, root: Actor) -> Client:
    client.force_login(account_of(root), backend=BACKEND)
    return client
