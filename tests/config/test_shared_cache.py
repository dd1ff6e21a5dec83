"""What limits are counted in, where there is a bus."""

from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.servers import free_port, redis_server
from dragoman.config import shared_cache
from dragoman.config.shared_cache import SharedCache


@pytest.fixture(autouse=True)
def rested() -> Iterator[None]:
    shared_cache._rest.end()
    yield
    shared_cache._rest.end()


def _cache(address: str) -> Any:
    return SharedCache(address, {"OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1}})


def test_nodes_count_together() -> None:
    with redis_server() as (address, _pid):
        one, other = _cache(address), _cache(address)
        one.set("tries", [1.0, 2.0])
        assert other.get("tries") == [1.0, 2.0]
        assert not other.add("tries", [])
        other.set("count", 1)
        assert other.incr("count") == 2
        assert one.get("count") == 2


def test_without_the_bus_a_process_counts_for_itself_and_asks_it_again_later() -> None:
    away = _cache(f"redis://127.0.0.1:{free_port()}/0")
    away.set("tries", [1.0])
    assert away.get("tries") == [1.0]
    with redis_server() as (address, _pid):
        back = _cache(address)
        assert back.get("tries") == [1.0]  # it rests: still the process's own
        shared_cache._rest.end()
        assert back.get("tries") is None
