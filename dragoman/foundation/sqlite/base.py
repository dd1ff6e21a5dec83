"""The database backend: ``ENGINE = "dragoman.foundation.sqlite"``."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.utils import OperationalError

from dragoman.foundation.sqlite.turns import Busy, Turns, turns_at

_Wrapper: Any = base.DatabaseWrapper  # its hooks are not typed
_Operations: Any = operations.DatabaseOperations


class Operations(_Operations):  # type: ignore[misc]
    """Moments, as they are written here, are read by the interpreter's own parser; Django's takes ten times as long."""

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """A moment with its time zone."""
        if type(value) is str and connection.timezone is UTC:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        return super().convert_datetimefield_value(value, expression, connection)


class DatabaseWrapper(_Wrapper):  # type: ignore[misc]
    """Each transaction waits for its turn before it begins, and ends it however it ends."""

    ops_class = Operations

    def __init__(self, *rest: Any, **named: Any) -> None:
        super().__init__(*rest, **named)
        self._turn: Turns | None = None

    def _start_transaction_under_autocommit(self) -> None:
        name = str(self.settings_dict["NAME"])
        if not self.is_in_memory_db():
            turn = turns_at(name)
            try:
                turn.take(float(self.settings_dict["OPTIONS"].get("timeout", 5)))
            except Busy:
                raise OperationalError("database is locked") from None
            self._turn = turn
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.end()
