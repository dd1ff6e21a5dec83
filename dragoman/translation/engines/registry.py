"""Engines by kind: finding the local ones, building one from its record."""

from collections.abc import Callable, Mapping
from typing import Any

from dragoman.translation.engines.apertium import Apertium
from dragoman.translation.engines.base import Engine, Misconfigured
from dragoman.translation.engines.scripted import Scripted

_KINDS: dict[str, Callable[[Mapping[str, Any], str], Engine]] = {
    "apertium": lambda options, name: Apertium(name=name),
    "scripted": Scripted,
}


def build(kind: str, name: str, options: Mapping[str, Any]) -> Engine:
    """An engine ready to work; raises :class:`Misconfigured`."""
    if kind not in _KINDS:
        raise Misconfigured(f"there is no engine of the kind “{kind}”; known are {', '.join(sorted(_KINDS))}")
    return _KINDS[kind](options, name)


def find_local() -> list[Engine]:
    """Every engine that works on this machine without being told anything."""
    try:
        return [Apertium()]
    except Misconfigured:
        return []
