"""A new SQLite database comes from one script, which makes what all migrations make."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from dragoman.config import baseline
from dragoman.config.home import create

ROOT = Path(__file__).parent.parent.parent


def _load(home: Path, language: str, *, script: Path = baseline.SCRIPT) -> str:
    """Whether it loaded, in a process whose publication is that home; again, which it must not."""
    create(home, {"publication.name": "The New Courier", "publication.languages": [language]})
    code = (
        "import django, sys; django.setup()\n"
        "from pathlib import Path\n"
        "from dragoman.config import baseline\n"
        "baseline.SCRIPT = Path(sys.argv[1])\n"
        "print(baseline.load(), baseline.load())"
    )
    environment = {**os.environ, "DRAGOMAN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "dragoman.config.settings"}
    command = [sys.executable, "-c", code, str(script)]
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_the_script_is_what_the_migrations_make(tmp_path: Path) -> None:
    made = tmp_path / "made.sql"
    subprocess.run([ROOT / "scripts" / "baseline", made], check=True)
    assert made.read_text(encoding="utf-8") == baseline.SCRIPT.read_text(encoding="utf-8"), "run scripts/baseline"


def test_each_publication_has_its_own_language_and_keys(tmp_path: Path) -> None:
    keys: set[str] = set()
    for language in ("ar", "es"):
        assert _load(tmp_path / language, language) == "True False"
        with sqlite3.connect(tmp_path / language / "dragoman.sqlite3") as made:
            assert made.execute("PRAGMA foreign_key_check").fetchall() == []
            assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert made.execute("SELECT language_code FROM wagtailcore_locale").fetchall() == [(language,)]
            keys |= {key for (key,) in made.execute("SELECT translation_key FROM wagtailcore_page")}
        made.close()
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 4


def _tables(home: Path) -> list[tuple[str]]:
    with sqlite3.connect(home / "dragoman.sqlite3") as made:
        found: list[tuple[str]] = made.execute("SELECT name FROM sqlite_master").fetchall()
    made.close()
    return found


def test_with_a_migration_that_is_not_installed_all_is_left_to_those_that_are(tmp_path: Path) -> None:
    script = tmp_path / "script.sql"
    script.write_text("""INSERT INTO "django_migrations" VALUES(1,'wagtailcore','9999_of_tomorrow','');""")
    assert _load(tmp_path / "home", "en", script=script) == "False False"
    assert _tables(tmp_path / "home") == []


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    script = tmp_path / "script.sql"
    script.write_text("""CREATE TABLE "one" ("id" integer);\nCREATE TABLE "two\n""")
    with pytest.raises(subprocess.CalledProcessError):
        _load(tmp_path / "home", "en", script=script)
    assert _tables(tmp_path / "home") == []


@pytest.mark.django_db
def test_a_database_that_exists_is_left_to_the_migrations() -> None:
    tables = connection.introspection.table_names()
    assert not baseline.load()
    assert connection.introspection.table_names() == tables
