"""What the house writes down about itself: one line for each record, as text or as JSON, and nothing about people.

A request is named by its route, not by its address: addresses hold nicknames. No
client's address, no account, no text is written. All records of one request
carry its id, which the answer has too (``X-Request-ID``).
"""

import json
import logging
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

# Of the request in hand.
request_id: ContextVar[str] = ContextVar("request_id", default="-")
_EXTRAS = ("method", "route", "status", "milliseconds")


def route_of(request: HttpRequest) -> str:
    """The pattern that a request's address has matched."""
    found = request.resolver_match
    return found.route if found is not None and found.route else "-"


class Impersonal(logging.Filter):
    """Adds the request's id to a record, and takes its address out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        record.request_id = request_id.get()
        asked = getattr(record, "request", None)
        if isinstance(asked, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(route_of(asked) if one == asked.path else one for one in record.args)
        return True


class Text(logging.Formatter):
    """For people who read along."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802 — the name is logging's
        """With the first line of what each error says: in those after it a database tells the values of its rows."""
        told = super().formatException(ei)
        for fault in _with_causes(ei[1]):
            whole = str(fault)
            told = told.replace(whole, whole.partition("\n")[0]) if "\n" in whole else told
        return told


def _with_causes(fault: BaseException | None) -> Iterator[BaseException]:
    """An error, and those that it came from or came in the way of."""
    seen: set[int] = set()
    waiting = [fault]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


class Json(Text):
    """For programs: an object on each line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, message, request, process, and what is known of a request or an error."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "request": getattr(record, "request_id", "-"),
            "process": record.process,
            **{name: record.__dict__[name] for name in _EXTRAS if name in record.__dict__},
        }
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Django's ``LOGGING``: everything to standard error, ``form`` is ``text`` or ``json``."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"impersonal": {"()": "dragoman.config.logs.Impersonal"}},
        "formatters": {
            "text": {"()": "dragoman.config.logs.Text"},
            "json": {"()": "dragoman.config.logs.Json"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["impersonal"]},
            "none": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["console"], "level": level.upper()},
        "loggers": {
            # What strangers ask for is no fault of ours; Django would also mail it.
            "django": {"handlers": [], "level": level.upper(), "propagate": True},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"handlers": ["none"], "propagate": False},
            "django.server": {"handlers": ["none"], "propagate": False},
        },
    }
