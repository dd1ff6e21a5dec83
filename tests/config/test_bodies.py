"""How much of requests' bodies a process takes, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any, cast

import pytest

from dragoman.config import bodies
from dragoman.config.bodies import LARGE, MOST, SMALL, Bodies, BodyRefused
from dragoman.foundation.rsgi import Exchange, Scope

_PIECE = 64 * 1024


class _Sender:
    """An exchange whose client sends pieces, and then says nothing more where it ``hangs``."""

    def __init__(self, pieces: Iterable[bytes], *, hangs: bool = False) -> None:
        self._pieces, self._hangs = pieces, hangs
        self.is_read = asyncio.Event()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        self.is_read.set()
        if self._hangs:
            await asyncio.Event().wait()


def _all(*, known: bool = False) -> Bodies:
    async def is_known(scope: Scope) -> bool:
        return known

    return Bodies(is_known)


async def _taken(all_bodies: Bodies, sender: _Sender) -> int:
    async with all_bodies.of(cast(Scope, None), cast(Exchange, sender)) as body:
        return len(body)


def _sent(size: int) -> _Sender:
    return _Sender(b"x" * _PIECE for _piece in range(size // _PIECE))


def _refusal(work: Callable[[], Any]) -> BodyRefused:
    with pytest.raises(BodyRefused) as caught:
        asyncio.run(work())
    return caught.value


def test_a_stranger_may_send_what_is_small_and_who_is_signed_in_what_is_large() -> None:
    assert asyncio.run(_taken(_all(), _sent(SMALL))) == SMALL
    assert asyncio.run(_taken(_all(known=True), _sent(LARGE))) == LARGE
    for refused in (
        _refusal(lambda: _taken(_all(), _sent(SMALL + _PIECE))),
        _refusal(lambda: _taken(_all(known=True), _sent(LARGE + _PIECE))),
    ):
        assert refused.status == 413
        assert b"Nothing was stored" in refused.says


def test_all_bodies_of_a_process_have_a_limit_together_until_they_are_answered() -> None:
    async def work() -> None:
        full = _all()
        holding = [_Sender([b"x" * SMALL], hangs=True) for _client in range(MOST // SMALL)]
        tasks = [asyncio.create_task(_taken(full, sender)) for sender in holding]
        for sender in holding:
            await sender.is_read.wait()
        with pytest.raises(BodyRefused) as caught:
            await _taken(full, _sent(_PIECE))
        assert caught.value.status == 503
        tasks[0].cancel()
        await asyncio.wait(tasks[:1])
        assert await _taken(full, _sent(_PIECE)) == _PIECE
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert full._held == 0

    asyncio.run(work())


def test_what_is_refused_or_was_answered_counts_no_more() -> None:
    async def work() -> None:
        some = _all()
        async with some.of(cast(Scope, None), cast(Exchange, _sent(SMALL))):
            assert some._held == SMALL
        with pytest.raises(BodyRefused):
            await _taken(some, _sent(SMALL + _PIECE))
        assert some._held == 0

    asyncio.run(work())


@pytest.mark.parametrize(("pieces", "status"), [((b"{",), 408), ((b"x" * SMALL, b"x"), 413)])
def test_a_body_that_does_not_come_in_time_is_refused(
    pieces: tuple[bytes, ...], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.01)
    assert _refusal(lambda: _taken(_all(), _Sender(pieces, hangs=True))).status == status


def test_who_is_signed_in_may_take_long_as_long_as_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.2)

    class Slow(_Sender):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _piece in range(8):
                await asyncio.sleep(0.05)
                yield b"x"

    assert asyncio.run(_taken(_all(known=True), Slow([]))) == 8
    assert _refusal(lambda: _taken(_all(), Slow([]))).status == 408


def test_a_server_that_is_stopped_refuses_what_has_not_come() -> None:
    async def work() -> None:
        leaving = _all()
        sender = _Sender([b"{"], hangs=True)
        task = asyncio.create_task(_taken(leaving, sender))
        await sender.is_read.wait()
        leaving.leave()
        await task

    assert _refusal(work).status == 503


def test_what_begins_while_the_server_is_stopped_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_LAST", 0.01)
    leaving = _all()
    leaving.leave()
    assert asyncio.run(_taken(leaving, _sent(_PIECE))) == _PIECE
    assert _refusal(lambda: _taken(leaving, _Sender([b"{"], hangs=True))).status == 408


def test_whoever_cannot_be_asked_for_is_told_so_and_nothing_is_held() -> None:
    async def nobody_answers(scope: Scope) -> bool:
        raise BodyRefused(*bodies.AWAY)

    some = Bodies(nobody_answers)
    refused = _refusal(lambda: _taken(some, _sent(SMALL + _PIECE)))
    assert (refused.status, some._held) == (503, 0)


def test_a_request_that_is_given_up_by_its_client_is_no_refusal() -> None:
    async def work() -> None:
        sender = _Sender([b"{"], hangs=True)
        task = asyncio.create_task(_taken(_all(), sender))
        await sender.is_read.wait()
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(work())
