"""SQL that is run past Django's cursor."""

import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import psycopg
from psycopg.types.numeric import Int8

Row: TypeAlias = tuple[Any, ...]
_PREPARED = 500  # values at most of a statement that PostgreSQL is to keep


class Text:
    """The SQL of a statement, run past Django's cursor, of which each takes longer than SQLite does for its answer.

    PostgreSQL gets the values beside it, not in it as from Django's cursor, so that it can be prepared.
    Where somebody listens to statements (``execute_wrapper``, captured queries) it goes through Django's cursor.
    """

    def __init__(self, sql: str) -> None:
        self._sql = sql
        # As Django's own cursor for SQLite spells it.
        self._marked = re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")

    def rows(self, connection: Any, values: Sequence[Any]) -> list[Row]:
        """What it finds."""
        if _is_heard(connection):
            with connection.cursor() as cursor:
                cursor.execute(self._sql, values)
                return list(cursor.fetchall())
        with connection.wrap_database_errors:
            return list(self._run(connection, values).fetchall())

    def count(self, connection: Any, values: Sequence[Any]) -> int:
        """How many rows it changed."""
        if _is_heard(connection):
            with connection.cursor() as cursor:
                cursor.execute(self._sql, values)
                return int(cursor.rowcount)
        with connection.wrap_database_errors:
            return int(self._run(connection, values).rowcount)

    def _run(self, connection: Any, values: Sequence[Any]) -> Any:
        connection.validate_no_broken_transaction()
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            return connection.connection.execute(self._marked, values)
        # One width for all numbers: PostgreSQL would prepare the statement anew for each.
        told = [Int8(value) if type(value) is int else value for value in values]
        prepare = None if len(told) <= _PREPARED else False  # "None": as often as the settings say
        try:
            return psycopg.Cursor(connection.connection).execute(self._sql, told, prepare=prepare)
        except psycopg.errors.FeatureNotSupported:
            # A migration widened a column of what was prepared. A rollback forgets that; else a new connection does.
            if connection.in_atomic_block:
                raise
            connection.close()
            connection.ensure_connection()
            return psycopg.Cursor(connection.connection).execute(self._sql, told, prepare=prepare)


def _is_heard(connection: Any) -> bool:
    return bool(connection.execute_wrappers or connection.queries_logged)
