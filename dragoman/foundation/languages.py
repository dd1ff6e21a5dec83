"""Language tags (BCP 47), their direction and their names.

Tags are canonical everywhere inside the house: ``zh-hans`` becomes
``zh-Hans``, ``iw`` becomes ``he``. Two tags are *the same language to a
reader* when base language and script agree: ``pt-BR`` and ``pt-PT`` do,
``zh-Hans`` and ``zh-Hant`` do not.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import icu
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import InvalidInput

_SHAPE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


class UnknownLanguage(InvalidInput):
    """The tag is no well-formed BCP 47 tag of a language that Unicode's CLDR knows."""

    code = "unknown-language"
    message = _("This is not the tag of a language that we know; use one such as en or pt-BR.")


@lru_cache(maxsize=1024)
def canonical(tag: str) -> str:
    """The canonical form of ``tag``; raises :class:`UnknownLanguage`."""
    shaped = tag.strip().replace("_", "-")
    if len(shaped) > 35 or not _SHAPE.match(shaped):
        raise UnknownLanguage
    try:
        locale = icu.Locale.forLanguageTag(shaped)
    except icu.ICUError:
        raise UnknownLanguage from None
    known = locale.getDisplayLanguage(icu.Locale("en")) != locale.getLanguage()
    if not locale.getLanguage() or not known:
        raise UnknownLanguage
    return str(icu.Locale.createCanonical(locale.getName()).toLanguageTag())


@lru_cache(maxsize=1024)
def base(tag: str) -> str:
    """``pt`` for ``pt-BR``."""
    return tag.split("-", maxsplit=1)[0].lower()


def interface_for(edition: str) -> str:
    """The language that our own words are in for an edition: its catalogue where there is one, else the default."""
    for tag in (edition, base(edition)):
        if tag in settings.CATALOGUES:
            return tag
    return str(settings.LANGUAGE_CODE)


@lru_cache(maxsize=1024)
def script(tag: str) -> str:
    """The ISO 15924 script that the tag names or implies: ``Hans`` for ``zh``."""
    locale = icu.Locale.forLanguageTag(tag)
    return str(locale.getScript() or icu.Locale.addLikelySubtags(locale).getScript())


def among(tag: str, known: Iterable[str]) -> str | None:
    """The one of these languages that a tag of another tool means: itself, or the same to a reader (es for es-ES)."""
    tags = list(known)
    return tag if tag in tags else next((one for one in tags if same_to_a_reader(one, tag)), None)


def same_to_a_reader(one: str, other: str) -> bool:
    """Whether a reader of one of the tags needs no translation from the other."""
    return base(one) == base(other) and script(one) == script(other)


@lru_cache(maxsize=1024)
def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, as HTML's ``dir`` wants it."""
    codes = icu.Script.getCode(script(tag) or "Zyyy")
    return "rtl" if icu.Script(codes[0]).isRightToLeft() else "ltr"


@lru_cache(maxsize=4096)
def name(tag: str, *, seen_in: str) -> str:
    """The language's name, written in ``seen_in``, for the middle of a sentence."""
    return str(icu.Locale.forLanguageTag(tag).getDisplayName(icu.Locale.forLanguageTag(seen_in)))


@lru_cache(maxsize=1024)
def autonym(tag: str) -> str:
    """The language's name in itself, with a capital where its script has them."""
    own = name(tag, seen_in=tag)
    return own[:1].upper() + own[1:]
