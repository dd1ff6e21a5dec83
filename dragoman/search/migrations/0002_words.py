"""The full-text index beside the entries: a column and its index, or a table of FTS5 that a trigger keeps in step."""

from typing import Any

from django.db import migrations

_POSTGRESQL = (
    "ALTER TABLE search_entry ADD COLUMN words tsvector",
    "CREATE INDEX search_words ON search_entry USING gin (words)",
)
# The words come folded already: the tokenizer has only to part them.
_SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0', detail = 'none')",
    "CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry"
    " BEGIN DELETE FROM search_words WHERE rowid = old.id; END",
)


def make(apps: Any, editor: Any) -> None:
    for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
        editor.execute(statement)


def drop(apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE search_entry DROP COLUMN words")
    else:
        editor.execute("DROP TRIGGER search_entry_gone")
        editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
