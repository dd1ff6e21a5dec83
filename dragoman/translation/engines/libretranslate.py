"""LibreTranslate, and servers that speak its protocol. Its server is AGPL-3: we speak HTTP with it and share no code.

It answers in the order of the questions and without ids, so the number is
checked. It undoes HTML's escapes once in its answers; reading them twice
changes only a text about escapes.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dragoman.foundation.languages import UnknownLanguage, canonical, same_to_a_reader
from dragoman.translation.engines.base import (
    Batch,
    Caps,
    Died,
    EngineError,
    Item,
    Misconfigured,
    Pair,
    RateLimited,
    Result,
)
from dragoman.translation.engines.options import is_yes, languages_of
from dragoman.translation.engines.remote import (
    Refused,
    Remote,
    Reply,
    address_of,
    checked_key,
    fitting,
    results_of,
    translate_by,
)

_START = 10.0  # seconds for each of the two questions about what it offers
_OLD_CODES = {"zt": "zh-Hant", "pb": "pt-BR"}
# The same words for too many texts and too many characters: the first number tells them apart.
_TOO_MUCH = re.compile(r"\((\d+)\) exceeds text limit \((\d+)\)")
# An exception while it translated, in older and newer versions.
_BROKE = re.compile(r"cannot translate text|encountered an internal error", re.IGNORECASE)
_BANNED = 3600.0  # seconds; it shuts those out who were told too often to slow down


class LibreTranslate:
    """The engine ``libretranslate``."""

    version = ""  # it does not tell

    def __init__(self, options: Mapping[str, Any], name: str = "libretranslate") -> None:
        self.name = name
        self.sends_out = not is_yes(options.get("in_house"))
        self._url = address_of(options)
        self._key = checked_key(options)
        self._remote = Remote()
        self._codes = dict(_offered(self._get("/languages"), languages_of(options.get("languages"))))
        if not self._codes:
            raise Misconfigured("it offers no pair of the languages that it shall be asked for")
        limit = self._limit()
        self.caps = Caps(
            tuple(self._codes),
            styles=("html",),
            max_items=32,
            max_characters=min(10_000, limit),
            max_text=min(5_000, limit),
            seconds=30.0,  # it may run on a small machine of one's own
        )
        self._most = self.caps.max_items

    def _get(self, path: str) -> Any:
        reply = self._remote.send("GET", self._url + path, seconds=_START)
        reply.check()
        return reply.read()

    def _limit(self) -> int:
        """Characters of one request, where it tells."""
        with contextlib.suppress(EngineError, AttributeError, TypeError, ValueError):
            limit = int(self._get("/frontend/settings").get("charLimit"))
            return limit if limit > 0 else 1_000_000
        return 1_000_000

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Ask, in as few requests as the server bears."""
        within = fitting(self.caps)
        codes = self._codes.get((batch.source, batch.target), ("", ""))

        def ask(items: Sequence[Item], left: float) -> list[Result]:
            return self._ask(codes, items, left)

        return translate_by(ask, batch, self.caps, seconds, lambda items: len(items) <= self._most and within(items))

    def _ask(self, codes: Pair, items: Sequence[Item], seconds: float) -> list[Result]:
        question: dict[str, Any] = {
            "q": [item.text for item in items],
            "source": codes[0],
            "target": codes[1],
            "format": "html",
        }
        if self._key:
            question["api_key"] = self._key
        reply = self._remote.send("POST", self._url + "/translate", json_body=question, seconds=seconds)
        self._check(reply, len(items))
        answer = reply.read()
        return results_of(items, answer.get("translatedText") if isinstance(answer, dict) else None)

    def _check(self, reply: Reply, asked: int) -> None:
        says = reply.says()
        if reply.status == 500 and isinstance(says, dict) and _BROKE.search(str(says.get("error"))):
            raise Died("one of the texts broke it (500)")
        if reply.status == 403 and "too many" in reply.words():
            raise RateLimited("it has shut us out for asking too often (403)", _BANNED)
        reply.check()
        if reply.status < 300:
            return
        if "api key" in reply.words():
            raise Misconfigured(f"it wants a key ({reply.status})")
        limit = _TOO_MUCH.search(reply.words())
        if limit and asked > 1 and int(limit[1]) == asked:
            self._most = max(1, int(limit[2]))
        raise Refused("too-long" if limit or reply.status == 413 else "unsupported")

    def close(self) -> None:
        """End the connection."""
        self._remote.close()


def _offered(languages: Any, wanted: list[str]) -> Iterator[tuple[Pair, Pair]]:
    """Each pair of canonical tags, and how the server calls them."""
    if not isinstance(languages, list):
        raise Misconfigured("it does not say which languages it offers: is this the address of a LibreTranslate?")
    for language in languages:
        if not isinstance(language, dict) or not isinstance(language.get("targets"), list):
            continue
        source = _tag(language.get("code"), wanted)
        for code in language["targets"]:
            target = _tag(code, wanted)
            if source and target and source != target:
                yield (source, target), (str(language["code"]), str(code))


def _tag(code: Any, wanted: list[str]) -> str:
    """The canonical tag; empty for a language that is not wanted, or that nobody knows."""
    try:
        tag = canonical(_OLD_CODES.get(str(code), str(code)))
    except UnknownLanguage:
        return ""
    return tag if not wanted or any(same_to_a_reader(tag, one) for one in wanted) else ""
