"""Answers when something cannot be done."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from dragoman.foundation.errors import DragomanError, NotFound

AWAY = 30  # seconds after which it is worth trying again


class Expired(DragomanError):
    """The form's protection against forgery does not fit (any more)."""

    code = "expired"
    status = 403


def failure(request: HttpRequest, error: DragomanError) -> HttpResponse:
    """A page that says what is wrong and what to do, in the reader's language."""
    return render(request, "website/failure.html", {"error": error}, status=error.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For addresses that lead nowhere."""
    return failure(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault of ours. No template that asks the database: it may be what failed.

    A database that is away, locked for too long or full is no fault of the code: 503, which proxies and programs
    understand.
    """
    sentence = _("Something went wrong on our side. Your text is still in your browser: go back and try again.")
    if isinstance(sys.exc_info()[1], OperationalError):
        headers = {"Retry-After": str(AWAY)}
        return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8", headers=headers)
    return HttpResponse(sentence, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long: the draft is shown again, to be copied or sent once more."""
    error = Expired(
        _("This form was open for too long, or your browser sends no cookies. Nothing was lost: please send it again.")
    )
    draft = request.POST.get("text", "")
    return render(request, "website/failure.html", {"error": error, "draft": draft, "retry": request.path}, status=403)
