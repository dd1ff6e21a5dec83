"""Copying a whole database, consistent, while everybody goes on reading and writing it."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Protocol

import dj_database_url
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.client import DatabaseClient

from dragoman.foundation.errors import ConfigurationError, DragomanError


class DatabaseCopyFailed(DragomanError):
    """The database could not be copied out or in; the text says why."""

    code = "database-copy-failed"


class Database(Protocol):
    """One kind of database. ``name`` is its copy's in a backup."""

    name: str

    def copy_out(self, path: Path) -> None:
        """Write a copy of this moment."""

    def check_place(self) -> None:
        """Raise where a copy cannot be brought in."""

    def copy_in(self, path: Path) -> None:
        """Bring a copy in, whole or not at all."""


class Sqlite:
    """The file at ``place``."""

    name = "database.sqlite3"

    def __init__(self, place: Path) -> None:
        self._place = place

    def copy_out(self, path: Path) -> None:
        """By SQLite's own online backup, under one reading transaction; checked."""
        try:
            with closing(sqlite3.connect(self._place)) as source, closing(sqlite3.connect(path)) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
                check_sqlite(target)
        except sqlite3.Error as error:
            raise DatabaseCopyFailed(f"The database could not be copied: {error}.") from None

    def check_place(self) -> None:
        """A new home has no file yet: nothing can be in the way."""

    def copy_in(self, path: Path) -> None:
        """Checked, then moved to its place."""
        try:
            with closing(sqlite3.connect(path)) as copied:
                check_sqlite(copied)
        except sqlite3.Error as error:
            raise DatabaseCopyFailed(f"The database in the backup is damaged: {error}.") from None
        path.replace(self._place)


def check_sqlite(connection: sqlite3.Connection) -> None:
    """Raise :class:`sqlite3.DatabaseError` where pages or foreign keys are not what they should be."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise sqlite3.DatabaseError(found)
    orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if orphan is not None:
        raise sqlite3.DatabaseError(f"a row of {orphan[0]} points to one of {orphan[2]} that is not there")


class Postgresql:
    """The database at an address. Its own programs copy it: ``pg_dump`` and ``pg_restore``."""

    name = "database.dump"

    def __init__(self, url: str) -> None:
        self._settings = {"OPTIONS": {}, **dj_database_url.parse(url)}

    def copy_out(self, path: Path) -> None:
        """In PostgreSQL's own compressed format, of one snapshot."""
        self._run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")

    def check_place(self) -> None:
        """It must be empty: nothing is ever overwritten."""
        command = [
            "--tuples-only",
            "--no-align",
            "--command",
            "SELECT count(*) FROM pg_tables WHERE schemaname='public'",
        ]
        if self._run("psql", *command).strip() != "0":
            raise ConfigurationError(
                "The database is not empty; nothing was changed. Make an empty one and name it with --database."
            )

    def copy_in(self, path: Path) -> None:
        """In one transaction."""
        self._run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(path))

    def _run(self, program: str, *arguments: str) -> str:
        if shutil.which(program) is None:
            raise ConfigurationError(f"{program} is not installed. On Debian: apt-get install postgresql-client")
        # The password goes by the environment: anybody may read a command line.
        command, environment = DatabaseClient.settings_to_cmd_args_env(self._settings, [])
        place = [*command[1:-1], f"--dbname={command[-1]}"]
        done = subprocess.run(
            [program, *place, *arguments],
            env=os.environ | (environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
            raise DatabaseCopyFailed(f"{program} failed: {said}")
        return done.stdout


def own_database() -> Database:
    """The open home's."""
    connections.close_all()
    # A pooler would keep pg_dump's settings (an empty search path) for whoever gets its connection next.
    url = settings.DRAGOMAN.database_itself
    return Postgresql(url) if url else Sqlite(Path(settings.DATABASES["default"]["NAME"]))
