"""A backup of a whole publication in one file: database, settings, media, and the list of its engines."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

import dragoman
from dragoman.config.archive import ENGINES, FIRST, FORMAT, MEDIA, Written, sync_folder, verify, writing
from dragoman.config.databases import own_database
from dragoman.config.home import FILE
from dragoman.config.media import stored_elsewhere
from dragoman.foundation.clock import now
from dragoman.foundation.errors import ConfigurationError, DragomanError
from dragoman.translation.reports import engine_facts


class BackupFailed(DragomanError):
    """No backup was made; the text says why."""

    code = "backup-failed"


def back_up(path: Path, *, says: Callable[[str], None] = lambda what: None) -> Written:
    """Write a backup of the open home while it goes on being served, then read it again.

    The file appears when it is whole; it is for the owner's eyes alone, since it holds the site's secret.
    """
    if path.exists():
        raise ConfigurationError(f"{path} exists already; nothing was changed.")
    if not path.parent.is_dir():
        raise ConfigurationError(f"There is no folder {path.parent}.")
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        written = _write(part, says)
        says("reading it again")
        verify(part)
        _name(part, path)
    except FileExistsError:
        raise ConfigurationError(f"{path} exists already; nothing was changed.") from None
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error.strerror or error}. Nothing was left.") from None
    finally:
        part.unlink(missing_ok=True)
    return written


def _name(part: Path, path: Path) -> None:
    """As a renaming that overwrites nothing, on the disk afterwards."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.replace(part, path)
    sync_folder(path.parent)


def _write(part: Path, says: Callable[[str], None]) -> Written:
    home = settings.DRAGOMAN.home
    database = own_database()
    with tempfile.TemporaryDirectory(prefix=".dragoman-backup-", dir=part.parent) as folder, writing(part) as members:
        members.add_json(FIRST, _facts(database.name))
        says("copying the database")
        copied = Path(folder) / database.name
        database.copy_out(copied)
        members.add(database.name, copied)
        members.add(FILE, home / FILE)
        members.add_json(ENGINES, engine_facts())
        if settings.DRAGOMAN.has_media_elsewhere:
            for name, size, stored in stored_elsewhere():
                says(f"fetching {name}")
                members.add_file(MEDIA + name, stored, size)
        for number, file in enumerate(sorted(_files(home / "media")), 1):
            says(f"packing media, file {number}")
            with contextlib.suppress(FileNotFoundError):  # deleted since it was listed
                members.add(MEDIA + file.relative_to(home / "media").as_posix(), file)
    return members.written


def _facts(database: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "dragoman": dragoman.__version__,
        "made_at": now().isoformat(timespec="seconds"),
        "publication": settings.DRAGOMAN.name,
        "database": database,
        "migrations": sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations()),
    }


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
