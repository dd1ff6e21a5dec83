"""What the engines behind an address share: one bounded request, and a batch in requests that the service bears.

A request is sent once and never again: when to try anew is the scheduler's to
decide. No error text holds anything that was sent or answered, keys least of all.
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from dragoman import __version__
from dragoman.foundation import clock
from dragoman.translation.engines.base import (
    Batch,
    Caps,
    Died,
    EngineError,
    Item,
    Misconfigured,
    Quota,
    RateLimited,
    Result,
    Transient,
)
from dragoman.translation.engines.options import key_of

LONGEST = 16 * 1024 * 1024  # bytes of one answer
_CONNECT = 5.0  # seconds; a service that is there takes a call at once
_PIECE = 64 * 1024
_WAIT = 30.0  # seconds after “too many requests” where the service does not say
_LONGEST_WAIT = 24 * 3600.0  # a slip in a header must not silence an engine for good
_HEADERS = {
    "User-Agent": f"Dragoman/{__version__}",
    "Accept": "application/json",
    "Accept-Language": "en",  # of the services' error texts, by which some are told apart
    "Accept-Encoding": "identity",  # a small answer cannot unfold into a large one
}


class Refused(Exception):
    """The service declines these texts; ``error`` is what is said of the one that it declines alone."""

    def __init__(self, error: str = "unsupported") -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Reply:
    """What the service answered, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read(self) -> Any:
        """Its JSON; raises :class:`Died`, or :class:`Transient` where something on the way answered instead."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            if "html" in self.headers.get("Content-Type", "").lower():
                raise Transient("a web page came instead of an answer") from None
            raise Died("it answers nonsense") from None

    def says(self) -> Any:
        """The JSON of a refusal; empty where there is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return {}

    def words(self) -> str:
        """A refusal in small letters, to be searched and never shown: it may hold a key or a text."""
        return self.body[:_PIECE].decode("utf-8", "replace").lower()

    def check(self) -> None:
        """Raise what any service means by this status; 400, 413 and 422 are about the texts and left to the caller."""
        status = self.status
        if status < 300 or status in (400, 413, 422):
            return
        if status in (401, 403, 407):
            raise Misconfigured(f"it does not accept the key ({status})")
        if status == 402:
            raise Quota("the account is used up (402)")
        if status == 429:
            raise RateLimited("too many requests (429)", wait_of(self.headers))
        # A passing redirect is a sign-in page on the way, or maintenance.
        if status >= 500 or status in (302, 303, 307, 408, 425):
            raise Transient(f"it cannot answer now ({status})")
        raise Misconfigured(f"it does not answer at this address ({status})")


class Remote:
    """One connection; not shared between threads."""

    def __init__(self) -> None:
        self._session = requests.Session()

    def send(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        json_body: Any = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request; raises :class:`Transient` where no whole answer comes in time."""
        deadline = time.monotonic() + seconds
        # Prepared by itself, not by the session: that would put a password of ~/.netrc into the key's place.
        request = requests.Request(
            method,
            url,
            params=query,
            headers={**_HEADERS, **(headers or {})},
            data=None if json_body is None else json.dumps(json_body, ensure_ascii=False).encode(),
        ).prepare()
        if json_body is not None:
            request.headers["Content-Type"] = "application/json"
        around = self._session.merge_environment_settings(request.url, {}, stream=True, verify=None, cert=None)
        try:
            answer = self._session.send(
                request,
                timeout=urllib3.Timeout(connect=min(_CONNECT, seconds), total=seconds),  # type: ignore[arg-type]
                allow_redirects=False,  # the key goes nowhere else
                **around,
            )
            with closing(answer):
                return Reply(answer.status_code, answer.headers, _whole(answer, deadline))
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise Transient(f"no answer within {seconds:.0f} seconds") from None
        except requests.exceptions.SSLError:
            raise Transient("no safe connection: its certificate is not accepted") from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError):
            raise Transient("it cannot be reached, or ended before it had answered") from None

    def close(self) -> None:
        """End the connection."""
        self._session.close()


def _whole(answer: requests.Response, deadline: float) -> bytes:
    body = bytearray()
    while answer.raw is not None and (piece := answer.raw.read1(_PIECE, decode_content=True)):
        body += piece
        if len(body) > LONGEST:
            raise Died("its answer has no end")
        if time.monotonic() > deadline:
            raise urllib3.exceptions.TimeoutError
    return bytes(body)


def wait_of(headers: Mapping[str, str], otherwise: float = _WAIT) -> float:
    """The seconds of a Retry-After header, which holds a number or a date."""
    value = headers.get("Retry-After", "").strip()
    try:
        seconds = float(value) if not value[:1].isalpha() else _until(value)
    except (ValueError, TypeError, OverflowError):
        return otherwise
    return min(max(seconds, 1.0), _LONGEST_WAIT)


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - clock.now().timestamp()


def address_of(options: Mapping[str, Any]) -> str:
    """The option ``url`` without its last slash; raises :class:`Misconfigured`."""
    url = str(options.get("url", "")).strip().rstrip("/")
    try:
        parts = urlsplit(url)
        requests.Request("GET", url).prepare()
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except (ValueError, requests.RequestException):
        is_whole = False
    if not is_whole or parts.username is not None or parts.query or parts.fragment:
        raise Misconfigured("the address is written such as https://translate.example.org, without a key in it")
    return url


def checked_key(options: Mapping[str, Any]) -> str:
    """The key, which must fit into a header; raises :class:`Misconfigured`."""
    key = key_of(options)
    if not all("!" <= sign <= "~" for sign in key):
        raise Misconfigured("the key holds signs that no key has, such as spaces or letters with accents")
    return key


Ask = Callable[[Sequence[Item], float], list[Result]]


def translate_by(
    ask: Ask, batch: Batch, caps: Caps, seconds: float, fits: Callable[[Sequence[Item]], bool]
) -> list[Result]:
    """The batch in requests that fit; what the service declines is halved until one text stands alone.

    ``ask`` answers some items within some seconds; it may raise :class:`Refused`.
    """
    if (batch.source, batch.target) not in caps.pairs:
        return [Result(item.id, None, "unsupported") for item in batch.items]
    deadline = time.monotonic() + seconds
    results = [answer for item in batch.items if (answer := _without_asking(item)) is not None]
    answered = {result.id for result in results}
    waiting: list[Sequence[Item]] = [[item for item in batch.items if item.id not in answered]]
    while waiting:
        items = waiting.pop()
        try:
            results += _ask_once(ask, items, deadline, fits)
        except Refused as refusal:
            if len(items) == 1:
                results.append(Result(items[0].id, None, refusal.error))
            else:
                middle = len(items) // 2
                waiting += [items[middle:], items[:middle]]
        except EngineError:
            # What has been translated, and paid for, is kept; the rest meets the same error another time.
            if not any(result.text for result in results):
                raise
            return results + [Result(item.id, None, "later") for group in (items, *waiting) for item in group]
    return results


def _without_asking(item: Item) -> Result | None:
    """What is known of a text at once: nothing becomes nothing, and half a character cannot be sent."""
    if not item.text.strip():
        return Result(item.id, "")
    try:
        item.text.encode()
    except UnicodeEncodeError:
        return Result(item.id, None, "unsupported")
    return None


def _ask_once(ask: Ask, items: Sequence[Item], deadline: float, fits: Callable[[Sequence[Item]], bool]) -> list[Result]:
    if not items:
        return []
    if not fits(items):
        raise Refused("too-long")
    left = deadline - time.monotonic()
    if left <= 0:
        raise Transient("no time is left")
    return ask(items, left)


def fitting(caps: Caps) -> Callable[[Sequence[Item]], bool]:
    """Whether items are within what the engine says of itself."""

    def fits(items: Sequence[Item]) -> bool:
        lengths = [len(item.text) for item in items]
        return len(items) <= caps.max_items and sum(lengths) <= caps.max_characters and max(lengths) <= caps.max_text

    return fits


def results_of(items: Sequence[Item], texts: Any) -> list[Result]:
    """Answers that come in the order of the questions; raises :class:`Died` where they are not as many."""
    if not isinstance(texts, list) or len(texts) != len(items):
        raise Died("it answers another number of texts than it was asked")
    return [Result(item.id, sound(text)) for item, text in zip(items, texts, strict=True)]


def sound(text: Any) -> str:
    """The text; raises :class:`Died` where it is none, or cannot be stored."""
    if not isinstance(text, str):
        raise Died("it answers something that is no text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Died("it answers half a character") from None
    return text
