"""What every request meets: its id and a line about it, and the headers of its answer."""

import logging
import re
import time
from collections.abc import Callable
from typing import TypeAlias
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from dragoman.config.logs import request_id, route_of
from dragoman.config.measures import REQUESTS, SECONDS
from dragoman.config.media import media_origin

Answer: TypeAlias = Callable[[HttpRequest], HttpResponse]
HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = logging.getLogger("dragoman.requests")

# Pages may be cached, so no nonces: everything comes from our own files.
_PICTURES = f"'self' data: {media_origin(settings.DRAGOMAN)}".rstrip()
_READERS = (
    f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {_PICTURES}; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# Wagtail's admin has inline scripts and styles and cannot run under the strict policy.
_STAFF = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    f"img-src {_PICTURES} blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'"
)


class RequestLog:
    """The outermost middleware: a request's id, how long it took, and a line about it."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(_id_of(request))
        began = time.perf_counter()
        try:
            response = self._get_response(request)
            taken = (time.perf_counter() - began) * 1000
            response.headers[HEADER] = request_id.get()
            response.headers["Server-Timing"] = f"app;dur={taken:.1f}"
            REQUESTS.labels(f"{response.status_code // 100}xx").inc()
            SECONDS.observe(taken / 1000)
            told = {"method": request.method, "route": route_of(request), "status": response.status_code}
            _log.info("%(method)s %(route)s %(status)s", told, extra=told | {"milliseconds": round(taken, 1)})
            return response
        finally:
            request_id.reset(token)


def _id_of(request: HttpRequest) -> str:
    """The one that a proxy of ours gave, else a new one."""
    given = request.headers.get(HEADER, "")
    is_ours = request.META.get("REMOTE_ADDR") in settings.DRAGOMAN.proxies
    return given if is_ours and _GIVEN.fullmatch(given) else uuid4().hex


class CompressedText(GZipMiddleware):
    """Compresses what readers get for themselves; pictures are compressed already.

    Django pads the answer by a random length, so that its length tells nothing of the token in it.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """As Django does it, for text and JSON."""
        kind = response.headers.get("Content-Type", "")
        is_text = kind.startswith(("text/", "application/json", "application/problem+json", "application/xml"))
        return super().process_response(request, response) if is_text else response


class SecurityHeaders:
    """The content security policy, strict for readers."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        policy = _STAFF if request.path_info.startswith("/admin/") else _READERS
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response
