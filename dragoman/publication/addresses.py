"""Readers' addresses as strings. The website owns them; pages and feeds only spell them.

``/<language>/<section>/<number>-<slug>``, the slug from that edition's headline.
"""

import re
from typing import Any

from django.conf import settings
from django.utils.text import slugify

from dragoman.foundation.languages import same_to_a_reader

_NUMBER = re.compile(r"/(\d{1,9})(?:-[^/]*)?$")


def edition_of(language: str) -> str:
    """The publication's edition for readers of ``language``, else the default one."""
    for tag in settings.DRAGOMAN.languages:
        if tag == language:
            return str(tag)
    return next(
        (str(tag) for tag in settings.DRAGOMAN.languages if same_to_a_reader(tag, language)),
        str(settings.DRAGOMAN.default_language),
    )


def slug_of(headline: str) -> str:
    """From a headline in any script; at most eight words."""
    words = slugify(headline, allow_unicode=True).split("-")
    return "-".join(word for word in words if word)[:80] if len(words) <= 8 else "-".join(words[:8])[:80]


def spell(language: str, section: str, number: int, headline: str) -> str:
    """An article's path in one edition."""
    return f"/{language}/{section}/{number}-{slug_of(headline)}"


def address_by_number(language: str, number: int) -> str:
    """An address of which no more is known: the page leads on to its own, with its section and headline."""
    return f"/{language}/article/{number}"


def number_in(path: str) -> int:
    """The number of the article at a path; 0 where it is no article's."""
    found = _NUMBER.search(path)
    return int(found[1]) if found else 0


def article_path(page: Any, language: str) -> str:
    """The path of an article page, with the slug of the headline that it was written with."""
    section = page.get_parent().slug if page.path else ""
    return spell(language, section, page.number or 0, page.title)


def url_parts(page: Any, path: str, request: Any) -> tuple[int, str, str] | None:
    """What Wagtail wants of a page's address: site, host and path."""
    sites = page._get_relevant_site_root_paths(request)
    return (sites[0].site_id, sites[0].root_url, path) if sites else None
