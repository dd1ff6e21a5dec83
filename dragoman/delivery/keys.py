"""Surrogate keys: what a page shows, and what an event says has changed. Pure.

A key is ``kind:id``: ``comment:7``, ``thread:1``, ``article:3``, ``reader:9``.
"""

from collections.abc import Mapping
from typing import Any

HEADER = "Surrogate-Key"
NAMES = "names"  # of a page that shows nicknames


def keys_of_event(topic: str, kind: str, data: Mapping[str, Any]) -> frozenset[str]:
    """What a page that shows any of these must not show any more."""
    if kind == "presence":
        return frozenset({f"reader:{data['reader']}"})
    if kind == "renamed":
        return frozenset({NAMES})
    if data.get("of") == "article":
        return frozenset({topic})
    keys = {f"comment:{data[name]}" for name in ("id", "reply_to") if data.get(name)}
    return frozenset(keys | {topic} if kind in ("comment", "changed") else keys)
