"""What balancers and Prometheus ask of a web process: ``/health/live``, ``/health/ready``, ``/metrics``.

Answered before Django, whatever host they ask for: a balancer knows a machine by its
address. Health needs neither a thread nor the database at that moment.
"""

import json
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST

from dragoman.config.front import Overloaded, plain
from dragoman.config.metrics import metrics
from dragoman.delivery.store import Answer


class Operators:
    """``is_ready``: whether the database answers, as far as is known. ``ask``: in a thread that has a connection."""

    def __init__(self, is_ready: Callable[[], bool], ask: Callable[[Callable[[], bytes]], Awaitable[bytes]]) -> None:
        self._is_ready, self._ask = is_ready, ask

    async def answer(self, path: str) -> Answer | None:
        """``None`` for all other addresses."""
        if path == "/health/live":
            return _health(200, "alive")
        if path == "/health/ready":
            return _health(200, "ready") if self._is_ready() else _health(503, "database does not answer")
        if path == "/metrics":
            try:
                told = await self._ask(metrics)
            except Overloaded as overload:
                return plain(503, overload.says)
            return Answer(200, [("content-type", CONTENT_TYPE_LATEST), _UNKEPT], told)
        return None


_UNKEPT = ("cache-control", "no-store")


def _health(status: int, says: str) -> Answer:
    return Answer(status, [("content-type", "application/json"), _UNKEPT], json.dumps({"status": says}).encode())
