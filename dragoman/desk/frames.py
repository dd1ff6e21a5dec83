"""What the desk's screens have in common."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest

from dragoman.foundation.languages import name


def titles(title: str, icon: str) -> dict[str, str]:
    """A title as Wagtail's frame wants it."""
    return {"header_title": title, "page_title": title, "header_icon": icon}


def spoken_by(request: HttpRequest) -> str:
    """The language of whoever looks."""
    return str(getattr(request, "interface", settings.DRAGOMAN.default_language))


def languages_to_choose(tags: Iterable[str], spoken: str) -> list[tuple[str, str]]:
    """With their names, in the order of these."""
    return sorted(((tag, name(tag, seen_in=spoken)) for tag in tags), key=lambda one: one[1].casefold())


def number_of(request: HttpRequest, key: str) -> int:
    """A number of a form or an address; 0 where there is none."""
    typed = request.POST.get(key) or request.GET.get(key) or ""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 19 else 0
