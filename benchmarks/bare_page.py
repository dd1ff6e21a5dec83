"""A view that runs statements and answers a constant, asked as Django asks it, without any middleware."""

from collections.abc import Callable, Sequence

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from django.test.utils import override_settings
from django.urls import path


def bare_page(statements: Sequence[str]) -> Callable[[], HttpResponseBase]:
    """Asks it once."""

    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
        return HttpResponse(b"constant")

    handler, requests, addresses = BaseHandler(), RequestFactory(), (path("bare", view),)
    with override_settings(MIDDLEWARE=[]):
        handler.load_middleware()

    def ask() -> HttpResponseBase:
        request = requests.get("/bare")
        request.urlconf = addresses  # type: ignore[assignment]  # Django takes patterns as well as a module's name
        return handler.get_response(request)

    return ask
