"""A backup taken while people write, and the home that it makes."""

import errno
import hashlib
import io
import json
import os
import signal
import sqlite3
import subprocess
import tarfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from backports import zstd
from botocore.config import Config
from storages.backends.s3 import S3Storage

from dragoman.config import backup
from dragoman.config.media import bring_elsewhere, stored_elsewhere
from tests.commandline.test_commands import ROOT, run_in
from tests.config.homes import act, free_port, is_ready, served, until


@pytest.fixture
def address() -> Iterator[str]:
    """A new, empty database in the PostgreSQL server that the run brings."""
    server = os.environ.get("DRAGOMAN_TEST_POSTGRESQL")
    if not server:
        pytest.skip("scripts/test starts the PostgreSQL server that this needs")
    name = f"backup_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield server.rpartition("/")[0] + f"/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _backup(home: Path, file: Path) -> None:
    done = run_in(home, "backup", str(file))
    assert done.returncode == 0, done.stderr


def _refusal(home: Path, *command: str) -> str:
    refused = run_in(home, *command)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1, refused.stderr
    return refused.stderr


def _left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_backup_taken_while_people_write_holds_one_moment(home: Path, tmp_path: Path) -> None:
    (home / "media/images").mkdir(parents=True, exist_ok=True)
    (home / "media/images/ferry é.png").write_bytes(b"a picture")
    over = threading.Event()

    def write() -> None:
        while not over.is_set():
            act(home, "posts", "10")

    writing = threading.Thread(target=write)
    writing.start()
    try:
        _backup(home, tmp_path / "kept.tar.zst")
    finally:
        over.set()
        writing.join()
    made = run_in(tmp_path / "again", "restore", str(tmp_path / "kept.tar.zst"))
    assert made.returncode == 0, made.stderr
    with closing(sqlite3.connect(tmp_path / "again/dragoman.sqlite3")) as database:
        numbers = [row[0] for row in database.execute("SELECT number FROM conversation_comment ORDER BY number")]
        last = database.execute("SELECT last_number FROM conversation_thread").fetchone()[0]
    assert numbers == [*range(1, last + 1)]
    assert (tmp_path / "again/media/images/ferry é.png").read_bytes() == b"a picture"
    assert (tmp_path / "again/dragoman.toml").read_text() == (home / "dragoman.toml").read_text()
    assert (tmp_path / "kept.tar.zst").stat().st_mode & 0o077 == 0
    assert (tmp_path / "again/dragoman.toml").stat().st_mode & 0o077 == 0
    assert _left(tmp_path) == []
    with served(tmp_path / "again", workers=1) as url:
        assert is_ready(url)


def test_a_publication_on_postgresql_comes_back_into_an_empty_database(tmp_path: Path, address: str) -> None:
    home = tmp_path / "home"
    made = run_in(home, "init", "--name", "The Large Courier", "--languages", "en,es", "--database", address)
    assert made.returncode == 0, made.stderr
    act(home, "fill")
    _backup(home, tmp_path / "kept.tar.zst")
    full = _refusal(tmp_path / "again", "restore", str(tmp_path / "kept.tar.zst"))
    assert "The database is not empty" in full
    assert not (tmp_path / "again").exists()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    brought = run_in(tmp_path / "again", "restore", str(tmp_path / "kept.tar.zst"), "--database", address)
    assert brought.returncode == 0, brought.stderr
    shown = run_in(tmp_path / "again", "show", "1", "--language", "en")
    assert "Words that must go." in shown.stdout


def test_nothing_that_exists_is_overwritten(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tar.zst"
    _backup(home, kept)
    before = kept.read_bytes()
    assert "exists already" in _refusal(home, "backup", str(kept))
    assert "There is a publication" in _refusal(home, "restore", str(kept))
    (tmp_path / "full").mkdir()
    (tmp_path / "full/letter.txt").write_text("mine")
    assert "is not empty" in _refusal(tmp_path / "full", "restore", str(kept))
    assert "There is no folder" in _refusal(home, "backup", str(tmp_path / "nowhere/kept"))
    assert kept.read_bytes() == before


def _packed(path: Path, members: dict[str, bytes]) -> Path:
    with zstd.open(path, "wb") as raw, tarfile.open(fileobj=raw, mode="w|") as archive:
        for name, body in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return path


def _facts(**changed: object) -> bytes:
    facts = {"format": 1, "dragoman": "9.9", "database": "database.sqlite3", "migrations": []}
    return json.dumps(facts | changed).encode()


def test_a_file_that_is_no_whole_backup_is_refused_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    kept, new = tmp_path / "kept.tar.zst", tmp_path / "new"
    _backup(home, kept)
    whole = kept.read_bytes()
    bad = tmp_path / "bad"
    for damaged in (b"", b"no backup", whole[: len(whole) // 2], whole[:-4], whole[:5000] + b"!" + whole[5001:]):
        bad.write_bytes(damaged)
        assert "is no backup of Dragoman, or not a whole one" in _refusal(new, "restore", str(bad))
        assert not new.exists()
    escaping = {"backup.json": _facts(), "media/../../escaped": b"x"}
    assert "not a plain file" in _refusal(new, "restore", str(_packed(bad, escaping)))
    assert not (tmp_path / "escaped").exists()
    swapped = {"backup.json": _facts(), "dragoman.toml": b"", "database.sqlite3": b"", "checksums.json": b"{}"}
    assert "is not what was written" in _refusal(new, "restore", str(_packed(bad, swapped)))
    assert "does not belong into it" in _refusal(
        new, "restore", str(_packed(bad, {"backup.json": _facts(), "run/x": b""}))
    )
    assert "its first member is" in _refusal(new, "restore", str(_packed(bad, {})))
    for silent in ({"backup.json": b"[]"}, {"backup.json": _facts(), "checksums.json": b"[1]"}):
        assert "says nothing of itself" in _refusal(new, "restore", str(_packed(bad, silent)))
    assert "There is no file" in _refusal(new, "restore", str(tmp_path / "nothing"))
    assert _left(tmp_path) == []


def test_a_backup_of_another_version_is_refused_with_what_to_do(home: Path, tmp_path: Path) -> None:
    later = _packed(tmp_path / "later", {"backup.json": _facts(format=2)})
    assert "restore it with that version" in _refusal(tmp_path / "new", "restore", str(later))
    toml = (home / "dragoman.toml").read_bytes()
    members = {"dragoman.toml": toml, "database.sqlite3": b""}
    hashes = {name: (len(body), hashlib.sha256(body).hexdigest()) for name, body in members.items()}
    facts = _facts(migrations=[["conversation", "9999_later"]])
    hashes["backup.json"] = (len(facts), hashlib.sha256(facts).hexdigest())
    packed = {"backup.json": facts, **members, "checksums.json": json.dumps(hashes).encode()}
    told = _refusal(tmp_path / "new", "restore", str(_packed(tmp_path / "newer", packed)))
    assert "was made by a later version, Dragoman 9.9" in told
    assert "conversation.9999_later" in told


def test_a_full_disk_leaves_no_half_backup(home: Path, tmp_path: Path) -> None:
    (home / "media").mkdir(exist_ok=True)
    (home / "media/large").write_bytes(os.urandom(3_000_000))
    limited = f"ulimit -f 2000; exec {ROOT}/.venv/bin/dragoman backup {tmp_path}/kept --home {home}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "could not be" in done.stderr
    assert not (tmp_path / "kept").exists()
    assert _left(tmp_path) == []


def test_a_backup_that_is_ended_leaves_nothing_of_what_it_copied(home: Path, tmp_path: Path) -> None:
    (home / "media").mkdir(exist_ok=True)
    for number in range(40):
        (home / f"media/{number}").write_bytes(os.urandom(3_000_000))
    (tmp_path / "kept").mkdir()
    command = [f"{ROOT}/.venv/bin/dragoman", "backup", str(tmp_path / "kept/all"), "--home", str(home)]
    making = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    assert until(lambda: len(_left(tmp_path / "kept")) == 2, 30), "the copy of the database, and what is packed"
    making.terminate()
    assert making.wait(20) == 128 + signal.SIGTERM
    assert list((tmp_path / "kept").iterdir()) == []


def test_a_file_system_without_hard_links_takes_a_backup_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "part").write_bytes(b"all of it")
    backup._name(tmp_path / "part", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == b"all of it"
    (tmp_path / "part").write_bytes(b"another")
    with pytest.raises(FileExistsError):
        backup._name(tmp_path / "part", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == b"all of it"


def test_a_store_of_media_that_is_away_is_an_error_that_commands_tell(tmp_path: Path) -> None:
    store = S3Storage(
        bucket_name="pictures",
        endpoint_url=f"http://127.0.0.1:{free_port()}",
        access_key="key",
        secret_key="secret",
        region_name="eu-north-1",
        client_config=Config(retries={"max_attempts": 0}),
    )
    (tmp_path / "media").mkdir()
    (tmp_path / "media/one.png").write_bytes(b"png")
    with pytest.raises(OSError, match="the store of media"):
        bring_elsewhere(tmp_path / "media", store)
    with pytest.raises(OSError, match="the store of media"):
        list(stored_elsewhere(store))
    assert (tmp_path / "media/one.png").exists()
