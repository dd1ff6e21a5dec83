"""Surrogate keys: what a page shows, and what an event says has changed. Pure.

A key is ``kind:id``: ``comment:7``, ``thread:1``, ``article:3``, ``reader:9``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

HEADER = "Surrogate-Key"
NAMES = "names"  # of a page that shows nicknames
ARTICLES = "articles"  # of a page that lists what is published
PUBLICATION = "publication"  # of a page that shows the names of sections

# For how long, in seconds, a page may still be shown after this process has heard that it is out of date.
# A process hears within 0.3 seconds: in all, what is new stands on every page within one.
SOFT = 0.7
SLOW = 30.0  # whether somebody is online, how many comments stand below a headline: open pages hear it at once
HARD = 0.0


def ranked(thread: str) -> str:
    """Of a page that shows a thread in the order of votes."""
    return f"{thread}:ranked"


def counted(thread: str) -> str:
    """Of a page that shows how many comments a thread has, among other things."""
    return f"{thread}:counted"


def quoting(unit: int) -> str:
    """Of a page that shows a quote of a text."""
    return f"quoting:{unit}"


@dataclass(frozen=True, slots=True)
class Touched:
    """What an event says of the pages that declare one of ``keys``; of one edition alone where it is named."""

    keys: frozenset[str]
    grace: float
    edition: str | None = None


def _commented(topic: str, data: Mapping[str, Any]) -> tuple[Touched, ...]:
    return Touched(frozenset({topic, *_answered(data)}), SOFT), Touched(frozenset({counted(topic)}), SLOW)


def _answered(data: Mapping[str, Any]) -> set[str]:
    """The comment that names this one among its answers."""
    return {f"comment:{data['reply_to']}"} if data.get("reply_to") else set()


def _quoted(data: Mapping[str, Any]) -> set[str]:
    """Those that quote the text."""
    return {quoting(data["unit"])} if data.get("unit") else set()


def _changed(topic: str, data: Mapping[str, Any]) -> tuple[Touched, ...]:
    of = data.get("of")
    own = {ARTICLES} if of == "article" else {f"comment:{data['id']}"} if of == "comment" else set()
    return (Touched(frozenset({topic, *own, *_quoted(data), *_answered(data)}), HARD),)


def _translated(topic: str, data: Mapping[str, Any]) -> tuple[Touched, ...]:
    key = f"comment:{data['id']}" if data["of"] == "comment" else topic
    return (Touched(frozenset({key, *_quoted(data)}), SOFT, data["language"]),)


_BY_KIND: Mapping[str, Callable[[str, Mapping[str, Any]], tuple[Touched, ...]]] = {
    "comment": _commented,
    "changed": _changed,
    "translation": _translated,
    "opened": lambda topic, data: (Touched(frozenset({topic}), SOFT),),
    "vote": lambda topic, data: (Touched(frozenset({f"comment:{data['id']}", ranked(topic)}), SOFT),),
    "presence": lambda topic, data: (Touched(frozenset({f"reader:{data['reader']}"}), SLOW),),
    "renamed": lambda topic, data: (Touched(frozenset({NAMES}), HARD),),
    "notified": lambda topic, data: (),
    "sanctioned": lambda topic, data: (),
    "thanked": lambda topic, data: (),
}


def touched_by(topic: str, kind: str, data: Mapping[str, Any]) -> tuple[Touched, ...]:
    """The pages that must not be shown any more, or not for long.

    A kind that only a later version knows, while both run, takes all pages of its topic away.
    """
    return _BY_KIND.get(kind, _changed)(topic, data)
