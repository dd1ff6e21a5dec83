"""What the house writes down about itself: one line for each record, as text or as JSON, and nothing about people.

A request is named by its route, not by its address: addresses hold nicknames. No
client's address, no account, no text is written. All records of one request
carry its id, which the answer has too (``X-Request-ID``).
"""

import json
import logging
import re
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_request_id: ContextVar[str] = ContextVar("request_id", default="-")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_VALUES = re.compile(r"^DETAIL:.*$\n?", re.MULTILINE)  # PostgreSQL names the values that were in the way
_EXTRAS = ("method", "route", "status", "milliseconds")
_log = logging.getLogger("dragoman.requests")


def route_of(request: HttpRequest) -> str:
    """The pattern that a request's address has matched."""
    found = request.resolver_match
    return found.route if found is not None and found.route else "-"


class RequestLog:
    """The outermost middleware: a request's id, how long it took, and a line about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request_id.set(_id_of(request))
        began = time.perf_counter()
        try:
            response = self._get_response(request)
            taken = (time.perf_counter() - began) * 1000
            response.headers[HEADER] = _request_id.get()
            response.headers["Server-Timing"] = f"app;dur={taken:.1f}"
            told = {"method": request.method, "route": route_of(request), "status": response.status_code}
            _log.info("%(method)s %(route)s %(status)s", told, extra=told | {"milliseconds": round(taken, 1)})
            return response
        finally:
            _request_id.reset(token)


def _id_of(request: HttpRequest) -> str:
    """The one that a proxy of ours gave, else a new one."""
    given = request.headers.get(HEADER, "")
    is_ours = request.META.get("REMOTE_ADDR") in settings.DRAGOMAN.proxies
    return given if is_ours and _GIVEN.fullmatch(given) else uuid4().hex


class Impersonal(logging.Filter):
    """Adds the request's id to a record, and takes its address out."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        record.request_id = _request_id.get()
        asked = getattr(record, "request", None)
        if isinstance(asked, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(route_of(asked) if one == asked.path else one for one in record.args)
        return True


class Text(logging.Formatter):
    """For people who read along."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802 — the name is logging's
        """Without the values that a database complains of."""
        return _VALUES.sub("", super().formatException(ei))


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
