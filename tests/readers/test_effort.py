"""The little work that a sign-up costs."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from dragoman.foundation.clock import now
from dragoman.readers import effort
from dragoman.readers.effort import EffortNeeded, FormTooOld, check_effort, is_proof, new_challenge, use_up
from dragoman.readers.models import Reader

FIELDS = {"email": "noor@example.org", "username": "Noor", "password1": "a long passphrase"}


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """They hold, the cache is empty, and the work is small."""
    monkeypatch.setitem(settings.DRAGOMAN.values, "limits.enabled", True)
    monkeypatch.setattr(effort, "BITS", 8)
    cache.clear()
    yield
    cache.clear()


def worked(challenge: str) -> str:
    return next(str(number) for number in itertools.count() if is_proof(challenge, str(number)))


def sign_up(client: Client, **fields: Any) -> Any:
    return client.post("/en/account/signup/", FIELDS | fields)


def test_who_has_done_the_work_signs_up_at_once(client: Client, db: None) -> None:
    form = client.get("/en/account/signup/").content.decode()
    assert 'name="challenge"' in form
    assert "effort.js" in form
    challenge = new_challenge()
    assert sign_up(client, challenge=challenge, proof=worked(challenge)).status_code == 302
    assert Reader.objects.get().nickname == "Noor"


def test_without_a_script_there_is_a_waiting_time_and_never_a_closed_door(client: Client, db: None) -> None:
    challenge = new_challenge()
    answer = sign_up(client, challenge=challenge)
    assert "Please send the form again in 20 seconds." in answer.content.decode()
    assert "noor@example.org" in answer.content.decode()
    assert not Reader.objects.exists()
    with time_machine.travel(time.time() + 21, tick=False):
        assert sign_up(client, challenge=challenge).status_code == 302
    assert Reader.objects.count() == 1


def test_a_slip_in_another_field_costs_no_second_wait(client: Client, db: None) -> None:
    challenge = new_challenge()
    proof = worked(challenge)
    assert sign_up(client, challenge=challenge, proof=proof, username="").status_code == 200
    assert sign_up(client, challenge=challenge, proof=proof).status_code == 302


def test_a_form_makes_one_account(client: Client, db: None) -> None:
    challenge = new_challenge()
    proof = worked(challenge)
    sign_up(client, challenge=challenge, proof=proof)
    again = sign_up(Client(), challenge=challenge, proof=proof, email="b@example.org", username="Bea")
    assert "too old, or was sent already" in again.content.decode()
    assert Reader.objects.count() == 1
    assert not use_up(challenge)


@pytest.mark.parametrize("proof", ["", "x", "-1", "9" * 21, "٣", "1.5"])
def test_nonsense_is_no_proof(proof: str) -> None:
    with pytest.raises(EffortNeeded):
        check_effort(new_challenge(), proof)


@pytest.mark.parametrize("change", [lambda one: one + "x", lambda one: "", lambda one: "1" + one, lambda one: "a:b"])
def test_a_challenge_of_ones_own_or_an_old_one_is_not_taken(change: Any) -> None:
    challenge = new_challenge()
    with pytest.raises(FormTooOld):
        check_effort(change(challenge), "1")
    with time_machine.travel(now().timestamp() + 3 * 3600, tick=False), pytest.raises(FormTooOld):
        check_effort(challenge, "1")


@pytest.mark.parametrize("address", ["a@mailinator.com", "b@sub.mailinator.com", "c@MAILINATOR.com"])
def test_addresses_that_are_thrown_away_are_not_taken_unless_the_operator_wants_it(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    challenge = new_challenge()
    proof = worked(challenge)
    answer = sign_up(client, challenge=challenge, proof=proof, email=address)
    assert "throw-away addresses" in answer.content.decode()
    assert not Reader.objects.exists()
    monkeypatch.setitem(settings.DRAGOMAN.values, "limits.throwaway_addresses", True)
    assert sign_up(client, challenge=challenge, proof=proof, email=address).status_code == 302
