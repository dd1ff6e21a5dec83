"""A new SQLite database without its history: what all migrations together make of nothing, as one script.

The migrations of Django, Wagtail and our own rooms take half a minute of a slow
machine's time, nearly all of it to remake models that later ones change again.
``scripts/baseline`` writes the script, and a test holds it to the migrations.
Other databases, and those that exist, go their way by migrations alone.
"""

import re
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from dragoman.foundation.clock import now

SCRIPT = Path(__file__).with_name("baseline.sql")
_RECORDED = re.compile(r"^INSERT INTO \"django_migrations\" VALUES\(\d+,'([^']+)','([^']+)'", re.MULTILINE)
# What a full-text table keeps its words in: it makes them itself.
_SHADOWS = ("config", "content", "data", "docsize", "idx")
_NAMED = re.compile(r"^(?:CREATE TABLE|INSERT INTO) ['\"]?(\w+)")
_LEFT_OUT = ("PRAGMA", "BEGIN", "COMMIT", "INSERT INTO sqlite_", 'INSERT INTO "sqlite_', 'DELETE FROM "sqlite_')


def load() -> bool:
    """Make everything at once in an empty SQLite database; whether it was done.

    It is not where a migration of the script is none of those installed, as with an older Wagtail.
    """
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return False
    script = SCRIPT.read_text(encoding="utf-8")
    if not set(_RECORDED.findall(script)) <= set(MigrationLoader(None).disk_migrations or ()):
        return False
    connection.ensure_connection()
    raw: sqlite3.Connection = connection.connection
    try:
        with connection.wrap_database_errors:
            raw.execute("PRAGMA foreign_keys = OFF")  # rows stand before the tables that they refer to
            raw.execute("BEGIN IMMEDIATE")
            if raw.execute("SELECT 1 FROM sqlite_master").fetchone():
                return False  # another process was faster
            for statement in _statements(script):
                raw.execute(statement)
            for statement, values in _own():
                raw.execute(statement, values)
            raw.execute("COMMIT")
    finally:
        connection.close()  # what is half done goes with it
    return True


def _statements(script: str) -> Iterator[str]:
    """A trigger has several lines, each with an end of its own."""
    begun = ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""
    if begun.strip():
        raise OperationalError(f"baseline.sql breaks off: {begun[:80]}")


def _own() -> Iterator[tuple[str, Sequence[object]]]:
    """What is another in each publication, as statements."""
    yield "UPDATE wagtailcore_locale SET language_code = ?", (settings.LANGUAGE_CODE,)
    yield "UPDATE django_migrations SET applied = ?", (f"{now():%Y-%m-%d %H:%M:%S}",)
    for page in (1, 2):
        yield "UPDATE wagtailcore_page SET translation_key = ? WHERE id = ?", (uuid.uuid4().hex, page)


def script_of(database: Path) -> str:
    """Of a database that has just been migrated and is used for nothing else."""
    with sqlite3.connect(database) as made:
        virtual = made.execute("SELECT name, sql FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'").fetchall()
        made.execute("UPDATE django_migrations SET applied = ''")
        made.execute("UPDATE wagtailcore_page SET translation_key = id")
        made.execute("UPDATE wagtailcore_locale SET language_code = ''")
        shadows = {f"{name}_{shadow}" for name, _sql in virtual for shadow in _SHADOWS}
        statements = [f"{sql};" for _name, sql in virtual]
        for statement in made.iterdump():
            named = _NAMED.match(statement)
            if not statement.startswith(_LEFT_OUT) and (named is None or named[1] not in shadows):
                statements.append(statement)
        made.rollback()
    made.close()
    return "\n".join(statements) + "\n"
