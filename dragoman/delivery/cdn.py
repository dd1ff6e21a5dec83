"""A cache of somebody else's before all: a CDN, or Varnish. What it may keep, and what it must forget.

Speaks Fastly's interface (``POST`` with ``Surrogate-Key``, and the key of an account in ``Fastly-Key``), which the
Varnish configuration that we ship understands too. Every web process tells of everything that it hears: one that
lives is enough. Source: W3C note “Edge Architecture Specification” (2001) for ``Surrogate-Control``.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable

import requests

from dragoman.delivery.keys import HEADER, PUBLICATION, SOFT, Touched
from dragoman.delivery.purging import LEASE
from dragoman.delivery.store import Pairs

CONTROL = "surrogate-control"
_KEPT_FOR = 30  # seconds at most, even of what it was never told to forget
# Seconds after which no process answers any more with what has just become known here as out of date.
_SETTLED = max(LEASE, SOFT) + 0.25
_LOOK = 0.1  # seconds between two looks at what is due
_REST = 1.0  # seconds after a failure
PATIENCE = 5.0  # seconds for one answer, and for which an action waits
_AT_ONCE = 200  # keys; Fastly takes 256
_log = logging.getLogger(__name__)


def may_keep(keys: Iterable[str]) -> Pairs:
    """The headers that let it keep an answer."""
    return [(CONTROL, f"max-age={_KEPT_FOR}"), (HEADER.lower(), " ".join(sorted(keys)))]


class Cdn:
    """Tells the cache at ``address`` what to forget; one event loop uses it."""

    def __init__(self, address: str, key: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._address = address
        self._headers = {"Fastly-Key": key} if key else {}
        self._clock = clock
        self._waiting: deque[tuple[float, frozenset[str]]] = deque()  # when it is due, what
        self._is_failing = False  # said once

    def hear(self, touched: Iterable[Touched]) -> None:
        """Something happened. What may be seen late anyway is left to its age."""
        keys = frozenset(key for one in touched if one.grace <= SOFT for key in one.keys)
        if keys:
            self._waiting.append((self._clock() + _SETTLED, keys))

    def forget(self) -> None:
        """All of it: we do not know what happened."""
        self._waiting.append((self._clock() + _SETTLED, frozenset({PUBLICATION})))

    async def run(self) -> None:
        """Tell it, a second after each thing was heard, until cancelled; what fails is told again while it matters."""
        while True:
            await asyncio.sleep(_LOOK if await self.tell() else _REST)

    async def tell(self) -> bool:
        """Whatever is due, at once; whether that was taken."""
        now = self._clock()
        due = [one for one in self._waiting if one[0] <= now]
        keys = sorted(frozenset().union(*(keys for _when, keys in due)))
        try:
            for start in range(0, len(keys), _AT_ONCE):
                await asyncio.to_thread(self._post, keys[start : start + _AT_ONCE])
        except Exception as error:  # whatever it is, the next words must be told
            self._fail(error, now)
            return False
        self._is_failing = self._is_failing and not due
        self._leave(len(due))
        return True

    async def settled(self) -> None:
        """Wait until it has forgotten what was heard before; not for ever, for it may not answer."""
        last, end = self._waiting[-1][0] if self._waiting else 0.0, time.monotonic() + PATIENCE
        while self._waiting and self._waiting[0][0] <= last and time.monotonic() < end:
            await asyncio.sleep(_LOOK / 2)

    def try_out(self) -> None:
        """Tell it to forget nothing; raises ``requests.RequestException`` where it does not take that.

        Or ``ValueError``, where its key is none that could be sent.
        """
        self._post(["nothing"])

    def _post(self, keys: list[str]) -> None:
        told = {**self._headers, HEADER: " ".join(keys)}
        answer = requests.post(self._address, headers=told, timeout=PATIENCE, allow_redirects=False)
        if not 200 <= answer.status_code < 300:
            raise requests.HTTPError(f"it answers {answer.status_code} {answer.reason}")

    def _fail(self, error: Exception, now: float) -> None:
        if not self._is_failing:
            _log.error("the cache before us does not take what it must forget: %s", error)
        self._is_failing = True
        # By then it has none of it any more.
        self._leave(sum(when + _KEPT_FOR < now for when, _keys in self._waiting))

    def _leave(self, count: int) -> None:
        for _one in range(count):
            self._waiting.popleft()
