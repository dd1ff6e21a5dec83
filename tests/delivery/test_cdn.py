"""What a cache before us may keep, and what it is told to forget."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from dragoman.delivery.cdn import Cdn, may_keep
from dragoman.delivery.keys import HARD, SLOW, SOFT, Touched
from dragoman.delivery.purging import LEASE


class Cache:
    """Speaks the interface; notes what it was told."""

    def __init__(self) -> None:
        self.told: list[set[str]] = []
        self.keys: set[str | None] = set()
        self.status = 200
        self.address = ""


@contextmanager
def _cache() -> Iterator[Cache]:
    cache = Cache()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if cache.status == 200:
                cache.told.append(set(self.headers["Surrogate-Key"].split()))
            cache.keys.add(self.headers["Fastly-Key"])
            self.send_response(cache.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_parts: Any) -> None:
            """Tests are quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    cache.address = f"http://127.0.0.1:{server.server_port}/.forget"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield cache
    finally:
        server.shutdown()
        server.server_close()


class Clock:
    """The monotonic clock."""

    def __init__(self) -> None:
        self.now = 1000.0


def _run(journey: Callable[[Cdn, Cache, Clock], Coroutine[None, None, None]]) -> None:
    clock = Clock()
    with _cache() as cache:
        asyncio.run(journey(Cdn(cache.address, "an account's", clock=lambda: clock.now), cache, clock))


def _touched(*keys: str, grace: float = HARD) -> list[Touched]:
    return [Touched(frozenset(keys), grace)]


def test_an_answer_that_may_be_kept_says_for_how_long_and_what_it_shows() -> None:
    assert may_keep({"thread:1", "comment:7"}) == [
        ("surrogate-control", "max-age=30"),
        ("surrogate-key", "comment:7 thread:1"),
    ]


def test_it_is_told_when_no_process_can_answer_any_more_with_what_is_out_of_date_and_not_before() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        cdn.hear(_touched("comment:7"))
        clock.now += LEASE
        assert await cdn.tell()
        assert not cache.told
        clock.now += 0.3
        assert await cdn.tell()
        assert cache.told == [{"comment:7"}]
        assert cache.keys == {"an account's"}
        await cdn.tell()
        assert len(cache.told) == 1

    _run(journey)


def test_what_happens_within_a_moment_is_told_together_and_what_may_be_seen_late_is_not_told() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        cdn.hear(_touched("comment:7"))
        cdn.hear(_touched("comment:8", "thread:1", grace=SOFT))
        cdn.hear(_touched("reader:3", grace=SLOW))
        clock.now += 2
        await cdn.tell()
        assert cache.told == [{"comment:7", "comment:8", "thread:1"}]

    _run(journey)


def test_a_thousand_keys_are_told_in_requests_that_are_not_too_long() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        wanted = {f"comment:{number}" for number in range(1000)}
        cdn.hear(_touched(*wanted))
        clock.now += 2
        await cdn.tell()
        assert set().union(*cache.told) == wanted
        assert max(map(len, cache.told)) <= 256

    _run(journey)


def test_what_it_did_not_take_is_told_again_as_long_as_it_may_have_it() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        cdn.hear(_touched("comment:7"))
        clock.now += 2
        for status in (503, 302):
            cache.status = status
            assert not await cdn.tell()
        cache.status = 200
        assert await cdn.tell()
        assert cache.told == [{"comment:7"}]
        cache.status = 503
        cdn.hear(_touched("comment:8"))
        clock.now += 60
        assert not await cdn.tell()
        cache.status = 200
        assert await cdn.tell()
        assert cache.told == [{"comment:7"}]

    _run(journey)


def test_whoever_took_something_away_waits_until_it_has_forgotten_it() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        cdn.hear(_touched("comment:7"))
        waiting = asyncio.create_task(cdn.settled())
        await asyncio.sleep(0)
        assert not waiting.done()
        clock.now += 2
        await cdn.tell()
        await waiting
        assert cache.told == [{"comment:7"}]

    _run(journey)


def test_when_it_is_not_known_what_happened_everything_is_forgotten() -> None:
    async def journey(cdn: Cdn, cache: Cache, clock: Clock) -> None:
        cdn.forget()
        clock.now += 2
        await cdn.tell()
        assert cache.told == [{"publication"}]

    _run(journey)


def test_a_key_that_cannot_be_sent_ends_nothing() -> None:
    with _cache() as cache:
        clock = Clock()
        cdn = Cdn(cache.address, "klíč", clock=lambda: clock.now)
        cdn.hear(_touched("comment:7"))
        clock.now += 2
        assert not asyncio.run(cdn.tell())
        assert not cache.told
