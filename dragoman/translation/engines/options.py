"""Reading what an operator told an engine."""

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.translation.engines.base import Misconfigured, Pair


def pairs_of(value: Any) -> list[Pair]:
    """``"en-es,es-en"``, with longer tags ``"zh-Hans:pt-BR"``, or a list of lists; raises :class:`Misconfigured`."""
    if isinstance(value, str):
        parts = [one.strip() for one in value.split(",") if one.strip()]
        value = [one.split(":" if ":" in one else "-", 1) for one in parts]
    try:
        return [(canonical(str(one)), canonical(str(other))) for one, other in value]
    except (UnknownLanguage, ValueError, TypeError):
        raise Misconfigured("pairs are written such as en-es,es-en") from None


def languages_of(value: Any) -> list[str]:
    """``"en,es"`` or a list; raises :class:`Misconfigured`."""
    named = value.split(",") if isinstance(value, str) else list(value or ())
    try:
        return [canonical(str(one).strip()) for one in named if str(one).strip()]
    except UnknownLanguage:
        raise Misconfigured("languages are written such as en,es,pt-BR") from None


def all_pairs(languages: list[str]) -> tuple[Pair, ...]:
    """Each language into each other one."""
    return tuple(permutations(languages, 2))


def key_of(options: Mapping[str, Any]) -> str:
    """The account's key, from the option or from its file; empty where neither is given."""
    if options.get("key_file"):
        try:
            return Path(str(options["key_file"])).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(f"the key's file cannot be read: {error}") from None
    return str(options.get("key", ""))


def is_yes(value: Any) -> bool:
    """``yes`` and ``true`` in any case, and the truth itself."""
    return value is True or str(value).lower() in ("yes", "true", "1")
