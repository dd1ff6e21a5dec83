"""Waiting until what was taken away is gone everywhere."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from dragoman.delivery.purging import AHEAD, LEASE, leaving_waits, settle


@pytest.fixture(autouse=True)
def delivering(settings: Any) -> Iterator[None]:
    values = settings.DRAGOMAN.values
    values["delivery.enabled"] = True
    yield
    values["delivery.enabled"], values["delivery.files"] = False, ""


@pytest.fixture
def slept(monkeypatch: Any) -> list[float]:
    found: list[float] = []
    monkeypatch.setattr(time, "sleep", found.append)
    return found


@pytest.mark.django_db(transaction=True)
def test_the_wait_begins_after_the_commit_and_once(slept: list[float]) -> None:
    with transaction.atomic():
        settle()
        settle()
        assert slept == []
    assert slept == [LEASE]
    settle()
    assert slept == [LEASE, LEASE]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_what_was_rolled_back(slept: list[float]) -> None:
    with transaction.atomic():
        settle()
        transaction.set_rollback(True)
    assert slept == []


@pytest.mark.django_db(transaction=True)
def test_files_of_a_proxy_are_waited_for_longer(slept: list[float], settings: Any) -> None:
    settings.DRAGOMAN.values["delivery.files"] = "/run/pages"
    settle()
    assert slept == [AHEAD]


@pytest.mark.django_db(transaction=True)
def test_a_web_process_keeps_its_answer_back_and_its_threads_awake(slept: list[float]) -> None:
    with leaving_waits() as left:
        settle()
        assert left == [LEASE]
    assert slept == []
    settle()
    assert slept == [LEASE]


@pytest.mark.django_db(transaction=True)
def test_a_replica_is_waited_for_too_where_nothing_is_kept_in_memory(slept: list[float], settings: Any) -> None:
    values = settings.DRAGOMAN.values
    values["delivery.enabled"] = False
    settle()
    assert slept == []
    values["database.replica"] = "postgresql://replica.example.org/paper"
    try:
        settle()
    finally:
        values["database.replica"] = ""
    assert slept == [LEASE]
