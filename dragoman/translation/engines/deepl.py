"""DeepL, through its own client, whose retries are off.

Texts go as XML: names, links and code as elements that it leaves alone. It
answers in the order of the questions and without ids, so the number is checked.
Nothing of one text is shown to it with another: its ``context`` is not used.
"""

import contextlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import deepl

from dragoman.foundation import clock
from dragoman.foundation.languages import UnknownLanguage, base, canonical, same_to_a_reader
from dragoman.translation.engines.base import (
    Batch,
    Caps,
    Died,
    EngineError,
    Item,
    Misconfigured,
    Pair,
    Quota,
    Result,
)
from dragoman.translation.engines.options import all_pairs, languages_of
from dragoman.translation.engines.remote import (
    Refused,
    Remote,
    address_of,
    checked_key,
    fitting,
    results_of,
    translate_by,
)

_MOST_TEXTS = 50
_MOST_CHARACTERS = 30_000  # of four bytes each they fit into the 128 KiB that it takes, with what stands around them
_START = 10.0  # seconds for each of the two questions about what it offers
_USAGE = 5.0  # seconds at most for the question when the account's period ends
_SHORTEST, _LONGEST = timedelta(minutes=10), timedelta(days=31)  # until a used-up account is looked at again
# What a language without a region is as a target; without one DeepL takes no English and no Portuguese.
_PLAIN = {"en": "EN-US", "pt": "PT-PT", "zh": "ZH-HANS"}
_RETIRED = frozenset({"EN", "PT"})
_FORMALITIES = {"": None, "default": None, "more": "prefer_more", "less": "prefer_less"}


class _Transport(deepl.http_client.HttpClient):
    """In place of the client's own: no retries, no redirects, bounded in time and size."""

    def __init__(self) -> None:
        super().__init__(send_platform_info=False)
        self.seconds = _START
        self._remote = Remote()

    def request_with_backoff(  # noqa: PLR0917 (the client's own signature)
        self,
        method: str,
        url: str,
        data: dict[str, Any] | None,
        json: dict[str, Any] | None,
        headers: dict[str, str],
        stream: bool = False,  # noqa: FBT001, FBT002 (the client's own signature)
        **_more: Any,
    ) -> tuple[int, str]:
        """One request, without backing off; raises our errors, so that the client sees but good answers."""
        reply = self._remote.send(method, url, json_body=json, query=data, headers=headers, seconds=self.seconds)
        if reply.status == 456:
            raise Quota("the account's characters are used up (456)")
        reply.check()
        if reply.status == 413:
            raise Refused("too-long")
        if reply.status >= 300:
            raise Refused
        reply.read()
        return reply.status, reply.body.decode()

    def close(self) -> None:
        """End the connection."""
        self._remote.close()
        super().close()  # type: ignore[no-untyped-call]


class _Client(deepl.DeepLClient):
    """The client on our transport."""

    def __init__(self, key: str, url: str | None) -> None:
        super().__init__(key, server_url=url, send_platform_info=False)
        self._client: _Transport = _Transport()

    def within(self, seconds: float) -> "_Client":
        """The client, which now takes no longer than this for a request."""
        self._client.seconds = seconds
        return self

    def period_ends(self) -> datetime:
        """When there will be characters again: as the account says, or the next month."""
        first = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        with contextlib.suppress(EngineError, Refused, ValueError, TypeError, KeyError):
            _status, _content, usage = self._api_call("v2/usage", method="GET")
            ends = datetime.fromisoformat(usage["end_time"])
            return ends if ends.tzinfo else ends.replace(tzinfo=UTC)
        return (first + timedelta(days=32)).replace(day=1)


class DeepL:
    """The engine ``deepl``."""

    sends_out = True

    def __init__(self, options: Mapping[str, Any], name: str = "deepl") -> None:
        self.name = name
        self.version = "v2"  # of the API; it does not tell its models' versions
        logging.getLogger("deepl").setLevel(logging.WARNING)  # below, the client writes down whole texts
        key = checked_key(options)
        if not key:
            raise Misconfigured("DeepL needs the option “key” or “key_file”")
        formality = str(options.get("formality", ""))
        if formality not in _FORMALITIES:
            raise Misconfigured("the formality is more, less or default")
        self._formality = _FORMALITIES[formality]
        self._client = _Client(key, address_of(options) + "/" if options.get("url") else None)
        self._codes = self._offered(languages_of(options.get("languages")))
        if not self._codes:
            raise Misconfigured("it offers no pair of the languages that it shall be asked for")
        self.caps = Caps(
            tuple(self._codes),
            styles=("xml",),
            max_items=_MOST_TEXTS,
            max_characters=_MOST_CHARACTERS,
            max_text=_MOST_CHARACTERS,
            seconds=20.0,
        )

    def _offered(self, wanted: list[str]) -> dict[Pair, Pair]:
        """Pairs of canonical tags, and DeepL's codes for them."""
        client = self._client.within(_START)
        try:
            sources = _tags(one.code for one in client.get_source_languages())
            targets = _tags(one.code for one in client.get_target_languages() if one.code.upper() not in _RETIRED)
        except (Refused, KeyError, TypeError, AttributeError, ValueError, deepl.DeepLException):
            raise Misconfigured("it does not say which languages it offers") from None
        tags = wanted or list(dict.fromkeys([*sources, *targets]))
        return {
            (one, other): (source, target)
            for one, other in all_pairs(tags)
            if base(one) != base(other)
            and (source := _source(one, sources)) is not None
            and (target := _target(other, targets)) is not None
        }

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Ask, in as few requests as it bears."""
        source, target = self._codes.get((batch.source, batch.target), ("", ""))

        def ask(items: Sequence[Item], left: float) -> list[Result]:
            return self._ask(source, target, items, left)

        return translate_by(ask, batch, self.caps, seconds, fitting(self.caps))

    def _ask(self, source: str, target: str, items: Sequence[Item], seconds: float) -> list[Result]:
        deadline = time.monotonic() + seconds
        try:
            answers = self._client.within(seconds).translate_text(
                [item.text for item in items],
                source_lang=source,
                target_lang=target,
                tag_handling="xml",
                tag_handling_version="v2",
                # Every text is one sentence; none of our elements ends it.
                split_sentences=deepl.SplitSentences.OFF,
                outline_detection=False,
                non_splitting_tags=["a", "b", "x"],
                ignore_tags=["x"],
                preserve_formatting=True,
                formality=self._formality,
            )
        except Quota as error:
            left = min(max(deadline - time.monotonic(), 0.1), _USAGE)
            wait = self._client.within(left).period_ends() - clock.now()
            raise Quota(str(error), min(max(wait, _SHORTEST), _LONGEST).total_seconds()) from None
        except (deepl.DeepLException, AttributeError, TypeError, KeyError, ValueError):
            raise Died("it answers nonsense") from None
        texts = [answer.text for answer in answers] if isinstance(answers, list) else [answers.text]
        return results_of(items, texts)

    def close(self) -> None:
        """End the connection."""
        self._client.close()  # type: ignore[no-untyped-call]


def _tags(codes: Iterable[str]) -> dict[str, str]:
    tags: dict[str, str] = {}
    for code in codes:
        with contextlib.suppress(UnknownLanguage):
            tags[canonical(code)] = code
    return tags


def _source(tag: str, offered: Mapping[str, str]) -> str | None:
    """Its sources have no regions, and its Chinese is in either script."""
    if tag in offered:
        return offered[tag]
    plain = offered.get(base(tag))
    return plain if base(tag) == "zh" or same_to_a_reader(tag, base(tag)) else None


def _target(tag: str, offered: Mapping[str, str]) -> str | None:
    if tag in offered:
        return offered[tag]
    close = {code.upper(): code for one, code in offered.items() if same_to_a_reader(tag, one)}
    return close.get(_PLAIN.get(base(tag), ""), next(iter(close.values()), None))
