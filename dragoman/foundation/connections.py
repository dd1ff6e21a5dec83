"""Asking the database outside of a request, where Django does not look after the connection."""

from collections.abc import Callable
from typing import TypeVar

from django.db import close_old_connections

_Result = TypeVar("_Result")


def with_fresh_connection(question: Callable[[], _Result]) -> _Result:
    """Ask in this thread; a connection that broke is opened anew."""
    close_old_connections()
    return question()
