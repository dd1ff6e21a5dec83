"""The words of entries, kept by the database's own full-text index: FTS5 or a tsvector.

Both get the same words (see ``rules.words``) and compare them as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

MOST_FOUND = 400  # of one question: whoever reads further asks more precisely


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. Every one of ``terms`` must be there, in any of its forms."""

    terms: Sequence[Sequence[str]]
    language: str
    kind: str = ""
    section: str = ""
    author: int | None = None
    source_language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False


def store_words(entries: Sequence[tuple[int, Sequence[str]]]) -> None:
    """The words of entries, in the place of those that they had."""
    if not entries:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(
                "UPDATE search_entry SET words = to_tsvector('simple', %s) WHERE id = %s",
                [(" ".join(words), entry) for entry, words in entries],
            )
            return
        cursor.executemany("DELETE FROM search_words WHERE rowid = %s", [(entry,) for entry, _words in entries])
        cursor.executemany(
            "INSERT INTO search_words (rowid, words) VALUES (%s, %s)",
            [(entry, " ".join(words)) for entry, words in entries],
        )


def found(question: Question) -> list[int]:
    """Ids of entries, the best first, or the newest; at most :data:`MOST_FOUND`. One query."""
    where, values = _filters(question)
    order = "e.at DESC, e.id DESC" if question.newest_first else None
    if connection.vendor == "postgresql":
        match = " & ".join(f"({' | '.join(forms)})" for forms in question.terms)
        sql = (
            "SELECT e.id FROM search_entry e, to_tsquery('simple', %s) q"  # noqa: S608 — fixed parts alone
            f" WHERE e.words @@ q{where} ORDER BY {order or 'ts_rank(e.words, q) DESC, e.at DESC'} LIMIT %s"
        )
    else:
        match = " AND ".join("(" + " OR ".join(f'"{form}"' for form in forms) + ")" for forms in question.terms)
        sql = (
            "SELECT e.id FROM search_words w JOIN search_entry e ON e.id = w.rowid"  # noqa: S608 — fixed parts alone
            f" WHERE search_words MATCH %s{where} ORDER BY {order or 'bm25(search_words), e.at DESC'} LIMIT %s"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [match, *values, MOST_FOUND])
        return [row[0] for row in cursor.fetchall()]


def _filters(question: Question) -> tuple[str, list[Any]]:
    """Conditions on the entries and their values; a value never becomes part of the statement."""
    wanted: list[tuple[str, list[Any]]] = [
        ("(e.language = %s OR e.is_original)", [question.language]),
    ]
    given = (
        ("e.kind = %s", question.kind),
        ("e.section = %s", question.section),
        ("e.author_id = %s", question.author),
        ("e.source_language = %s", question.source_language),
        ("e.at >= %s", question.since),
        ("e.at < %s", question.until),
    )
    wanted += [(condition, [_as_stored(value)]) for condition, value in given if value not in ("", None)]
    return "".join(f" AND {condition}" for condition, _values in wanted), [
        one for _c, values in wanted for one in values
    ]


def _as_stored(value: Any) -> Any:
    """SQLite keeps moments as texts in UTC."""
    if isinstance(value, datetime) and connection.vendor == "sqlite":
        return connection.ops.adapt_datetimefield_value(value)
    return value
