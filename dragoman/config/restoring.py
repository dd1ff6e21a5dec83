"""A new home out of a backup: whole, or not at all."""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader

import dragoman
from dragoman.config.archive import ENGINES, FORMAT, MEDIA, BadBackup, reading, sync_folder
from dragoman.config.databases import Database, Postgresql, Sqlite
from dragoman.config.home import FILE, Home, change, load
from dragoman.config.media import bring_elsewhere
from dragoman.foundation.errors import ConfigurationError

_MODE = 0o755
_DATABASES = (Sqlite.name, Postgresql.name)


def restore(
    path: Path,
    home: Path,
    *,
    opens: Callable[[Path], None],
    database: str = "",
    says: Callable[[str], None] = lambda what: None,
) -> Home:
    """Unpack beside the new home, check, bring the database in, and put the home in its place.

    ``opens`` sets Django up for a home. ``database``: the address of an empty PostgreSQL database instead of the one
    that the backup names.
    """
    _check_place(home)
    home.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{home.name}.restoring-", dir=home.parent))
    try:
        says("unpacking")
        facts = _unpack(path, folder)
        settled = _settle(folder, facts["database"], database)
        opens(folder)
        _check_migrations(facts)
        target = _target(settled, facts["database"])
        target.check_place()
        if settled.has_media_elsewhere:
            # Before the database: where the store fails, another try finds that one empty.
            says("bringing media to their store")
            bring_elsewhere(folder / "media")
        says("bringing the database in")
        copied = folder / facts["database"]
        target.copy_in(copied)
        copied.unlink(missing_ok=True)
        folder.chmod(_MODE)  # a proxy reads static files and media below it
        if home.exists():
            home.rmdir()
        os.sync()
        os.replace(folder, home)
        sync_folder(home.parent)
    except OSError as error:
        raise ConfigurationError(f"The backup could not be restored: {error.strerror or error}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return load(home)


def _check_place(home: Path) -> None:
    if (home / FILE).exists():
        raise ConfigurationError(f"There is a publication in {home} already; nothing was changed.")
    if home.is_mount():
        raise ConfigurationError(f"{home} is a mount point: name a new folder below it with --home.")
    if home.exists() and any(home.iterdir()):
        raise ConfigurationError(f"{home} is not empty; nothing was changed. Name a new folder with --home.")


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Everything into the folder; what the backup says of itself."""
    with reading(path) as (facts, members, check):
        _check_facts(facts)
        for name, file in members:
            if name not in (FILE, ENGINES, facts["database"]) and not name.startswith(MEDIA):
                raise ValueError(f"{name} does not belong into it")
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            mode = 0o644 if name.startswith(MEDIA) else 0o600  # what is published may be read by a proxy
            with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as written:
                shutil.copyfileobj(file, written)
        check()
        if not all((folder / name).is_file() for name in (FILE, facts["database"])):
            raise ValueError("the settings or the database are missing")
    return facts


def _check_facts(facts: dict[str, Any]) -> None:
    if facts["format"] != FORMAT:
        raise BadBackup(
            f"The backup has format {facts['format']}, this version of Dragoman reads format {FORMAT}. "
            f"It was made by Dragoman {facts['dragoman']}: restore it with that version. Nothing was changed."
        )
    if facts["database"] not in _DATABASES:
        raise ValueError(f"{facts['database']} is no database")


def _settle(folder: Path, database: str, address: str) -> Home:
    """The settings of the new home."""
    if database == Sqlite.name:
        if address:
            raise ConfigurationError("The backup holds an SQLite database: restore it without --database.")
        return load(folder)
    if address:
        # What stood before or beside the old database knows nothing of this one.
        for key, value in {"database.url": address, "database.direct": "", "database.replica": ""}.items():
            change(folder, key, value)
    return load(folder)


def _target(home: Home, database: str) -> Database:
    if database == Sqlite.name:
        return Sqlite(home.home / "dragoman.sqlite3")
    return Postgresql(home.database_itself)


def _check_migrations(facts: dict[str, Any]) -> None:
    """Refuse a database that a later version has changed: this one would not know its tables."""
    known = set(MigrationLoader(None).disk_migrations)
    unknown = {(app, name) for app, name in facts["migrations"]} - known
    if unknown:
        raise BadBackup(
            f"The backup was made by a later version, Dragoman {facts['dragoman']}: this is {dragoman.__version__} and "
            f"does not know {'.'.join(min(unknown))}. Bring Dragoman up to date first. Nothing was changed."
        )
