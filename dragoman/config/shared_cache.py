"""Limits that count for all nodes together, as long as the bus answers."""

from collections.abc import Callable
from typing import Any

import redis
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

from dragoman.foundation.resting import Rest

_OWN = 50_000  # entries
_rest = Rest(5.0)  # of all caches: Django makes one for each thread


class SharedCache(RedisCache):
    """Redis; while it is away, the memory of this process: limits hold for each process alone then."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("away", {"OPTIONS": {"MAX_ENTRIES": _OWN}})


def _or_own(name: str) -> Callable[..., Any]:
    def ask(self: SharedCache, *rest: Any, **named: Any) -> Any:
        if not _rest.lasts:
            try:
                return getattr(RedisCache, name)(self, *rest, **named)
            except redis.RedisError:
                _rest.begin()
        return getattr(self._own, name)(*rest, **named)

    return ask


for _name in (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "get_many",
    "has_key",
    "incr",
    "set_many",
    "delete_many",
    "clear",
):
    setattr(SharedCache, _name, _or_own(_name))
