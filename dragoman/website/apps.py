from typing import Any

from django.apps import AppConfig
from django.http import HttpRequest, HttpResponse


class WebsiteConfig(AppConfig):
    name = "dragoman.website"
    label = "website"

    def ready(self) -> None:
        """Answer the previews of drafts."""
        from dragoman.publication import previews  # noqa: PLC0415 — models exist only now

        previews.register(_preview)


def _preview(article: Any, request: HttpRequest, language: str) -> HttpResponse:
    # Imported when the first is asked for: commands and the worker show none.
    from dragoman.website.views.articles import preview_article  # noqa: PLC0415

    return preview_article(article, request, language)
