"""Sitemaps: what search engines may show, each page with its other editions.

Source: sitemaps.org, protocol 0.9; alternates as Google's “localized versions” wants them: each names all.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

from dragoman.publication.listing import Listed, highest_number, listed_articles
from dragoman.publication.queries import section_paths

_Item = TypeVar("_Item")
AT_ONCE = 500  # articles of one file: of twelve editions with twelve links each, seven megabytes


class _Ours(Sitemap[_Item]):
    """At the address that the settings say: a proxy before us speaks TLS where we do not."""

    @property
    def protocol(self) -> str | None:  # type: ignore[override]  # an attribute of Django's
        """That of the site's address; where the settings have none, the request's."""
        return urlsplit(settings.DRAGOMAN.site_url).scheme or None


class Articles(_Ours[int]):
    """Articles by their numbers, so that a file stays what it is when new ones come."""

    limit = AT_ONCE

    def items(self) -> Sequence[int]:
        """All numbers that there may be."""
        return range(1, highest_number() + 1)

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """Those of one file; raises where there is no such file."""
        numbers = self.paginator.page(page).object_list
        listed = listed_articles(numbers[0], numbers[-1]) if numbers else []
        return _urls(listed, f"{protocol}://{site.domain}")


class Fronts(_Ours[str]):
    """Front pages and section pages, which are there in every edition."""

    def items(self) -> Sequence[str]:
        """The parts of their addresses after the edition."""
        return ["", *(f"{slug}/" for slug in sorted(section_paths().values()))]

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: str | None = None) -> list[dict[str, Any]]:
        """All of them."""
        rests = self.paginator.page(page).object_list
        pages = [Listed({tag: f"/{tag}/{rest}" for tag in settings.DRAGOMAN.languages}, None) for rest in rests]
        return _urls(pages, f"{protocol}://{site.domain}")


def _urls(listed: Iterable[Listed], asked_at: str) -> list[dict[str, Any]]:
    """As Django's template wants them. ``asked_at``: the site's address, where the settings say none."""
    site = settings.DRAGOMAN.site_url or asked_at
    return [
        {
            "location": site + path,
            "lastmod": one.changed_at,
            "alternates": [{"location": site + other, "lang_code": tag} for tag, other in one.paths.items()],
        }
        for one in listed
        for path in one.paths.values()
    ]


SITEMAPS: Mapping[str, type[Sitemap[Any]]] = {"pages": Fronts, "articles": Articles}
