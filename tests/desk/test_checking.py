"""What ``check`` says of each thing that may be wrong."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from benchmarks.servers import free_port, redis_server
from dragoman.desk.checking import Finding, check_all
from dragoman.foundation.clock import now
from dragoman.live.models import Follower, OutboxEvent
from dragoman.translation.models import Engine
from tests.mailbox import mails_go_to_a_free_port


@pytest.fixture
def set_to(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change a setting of the publication until the end of the test."""
    return lambda key, value: monkeypatch.setitem(settings.DRAGOMAN.values, key, value)


def _found(name: str) -> Finding:
    return next(one for one in check_all() if one.name == name)


def test_a_migration_that_is_missing(db: None) -> None:
    assert _found("database").ok
    newest = MigrationRecorder.Migration.objects.filter(app="live").latest("pk")
    newest.delete()
    found = _found("database")
    assert not found.ok
    assert "1 migration is missing" in found.says


def test_a_setting_of_djangos_that_cannot_be_meant(db: None, settings: Any) -> None:
    assert _found("settings").ok
    settings.LANGUAGES_BIDI = ["no language!"]
    assert not _found("settings").ok


def test_a_bus_that_is_away_and_one_that_is_there(db: None, set_to: Any) -> None:
    set_to("bus.url", f"redis://127.0.0.1:{free_port()}/0")
    assert not _found("bus").ok
    with redis_server() as (address, _pid):
        set_to("bus.url", address)
        assert _found("bus").ok


def test_an_address_of_a_bus_that_cannot_be_read(db: None, set_to: Any) -> None:
    set_to("bus.url", "redis://localhost:six/0")
    assert not _found("bus").ok


def test_a_cdn_that_does_not_answer(db: None, set_to: Any) -> None:
    set_to("delivery.enabled", True)
    set_to("delivery.cdn", f"http://127.0.0.1:{free_port()}/")
    assert not _found("cdn").ok


def test_what_nobody_has_dealt_with_for_minutes_says_that_no_worker_runs(db: None) -> None:
    OutboxEvent.objects.all().delete()
    OutboxEvent.objects.create(topic="thread:1", kind="comment", at=now().replace(year=2020))
    assert not _found("worker").ok  # none has ever come
    first = OutboxEvent.objects.create(topic="thread:1", kind="comment", at=now())
    Follower.objects.create(name="search", last_event=first.pk)
    assert _found("worker").ok
    OutboxEvent.objects.create(topic="thread:1", kind="comment", at=now())
    assert _found("worker").ok
    OutboxEvent.objects.filter(pk__gt=first.pk).update(at=now().replace(year=2020))
    late = _found("worker")
    assert not late.ok
    assert "2020-" in late.says


def test_an_engine_that_needs_its_operator(db: None) -> None:
    Engine.objects.create(name="bought", kind="deepl", needs_operator=True, last_failure="the key is refused")
    found = _found("engines")
    assert not found.ok
    assert "bought needs you: the key is refused" in found.says


@pytest.mark.parametrize("address", ["", "https://paper.example.org"])
def test_a_mail_server_that_is_away_whether_or_not_there_is_mail_about_conversations(
    db: None, set_to: Any, settings: Any, address: str
) -> None:
    """Codes for signing up go out in either case."""
    port = mails_go_to_a_free_port(settings)
    told = {"site.url": address, "mail.backend": "smtp", "mail.host": "127.0.0.1", "mail.port": port}
    for key, value in told.items():
        set_to(key, value)
    found = _found("mail")
    assert not found.ok
    assert f"127.0.0.1:{port}" in found.says


def test_a_disk_that_is_nearly_full(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=10**8))
    found = _found("disk")
    assert (found.ok, found.says) == (False, "95 MiB free")


def test_a_clock_that_is_behind_what_was_written(db: None) -> None:
    assert _found("clock").ok
    OutboxEvent.objects.create(topic="thread:1", kind="comment", at=now() + timedelta(minutes=1))
    assert not _found("clock").ok
