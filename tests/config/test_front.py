"""Django in a fixed pool of threads, of which all may be busy."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from dragoman.config import front
from dragoman.config.front import Front, Overloaded
from dragoman.delivery.store import Answer

_REQUEST = {"path": "/en/"}


async def _settled() -> None:
    pass


class _Slow(Front):
    """Whose views wait for a database that hangs."""

    def __init__(self) -> None:
        super().__init__(2, _settled)
        self.goes_on = threading.Event()
        self.begun: list[str] = []

    def _waiting_answer(self, scope: Any, body: bytes) -> tuple[Answer, float]:
        self.begun.append(scope["path"])
        self.goes_on.wait(20)
        return Answer(200, [], b""), 0.0


@pytest.fixture
def slow() -> Iterator[_Slow]:
    made = _Slow()
    yield made
    made.goes_on.set()
    made.close()


def test_who_waits_too_long_is_told_and_what_has_not_begun_never_will(
    slow: _Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "_PATIENCE", 0.2)

    async def work() -> list[Answer]:
        return list(await asyncio.gather(*(slow.answer({"path": f"/{number}"}, b"") for number in range(5))))

    answers = asyncio.run(work())
    assert {one.status for one in answers} == {503}
    assert all(("retry-after", "60") in one.headers for one in answers)
    assert sorted(b"Nothing was stored" in one.body for one in answers) == [False, False, True, True, True]
    assert len(slow._in_hand) == 5  # they count until a thread has let them go
    slow.goes_on.set()
    slow.close()
    assert sorted(slow.begun) == ["/0", "/1"]
    assert not slow._in_hand


def test_a_question_that_waits_too_long_is_told_so_too(slow: _Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "_PATIENCE", 0.1)
    with pytest.raises(Overloaded):
        asyncio.run(slow.ask(lambda: slow.goes_on.wait(20)))


def test_more_than_can_be_answered_are_refused_at_once(slow: _Slow) -> None:
    async def work() -> Answer:
        waiting = [asyncio.create_task(slow.answer(_REQUEST, b"")) for _client in range(slow._most)]
        await asyncio.sleep(0)  # each has its place
        refused = await slow.answer(_REQUEST, b"")
        slow.goes_on.set()
        assert {(await one).status for one in waiting} == {200}
        assert (await slow.answer(_REQUEST, b"")).status == 200
        return refused

    refused = asyncio.run(work())
    assert refused.status == 503
    assert b"Nothing was stored" in refused.body
