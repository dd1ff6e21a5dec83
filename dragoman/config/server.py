"""What Granian loads in each web process."""

import asyncio
import gc
import importlib
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django

from dragoman.config.counting import take_room
from dragoman.delivery.store import Answer
from dragoman.foundation.processes import die_with_parent
from dragoman.foundation.rsgi import Exchange, Scope

# A web process is a fork that has inherited the server's own handler of SIGTERM: only SIGKILL ends it for certain.
die_with_parent(signal.SIGKILL)


_SWITCH = 0.0005  # seconds


@contextmanager
def _ending_at_once() -> Iterator[None]:
    """A signal that comes before the loop runs would be heard by nobody, and the server would wait ten seconds."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Application:
    """What Granian calls in each web process; the server is made there, not where the module is first loaded."""

    def __init__(self) -> None:
        self._server: Any = None
        self._at_once: Callable[[Scope], Answer | None] = lambda scope: None

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Before the first request."""
        with _ending_at_once():
            self._set_up(loop)
        # Granian waits for every answer before it says that it is over, and an event stream has no end. It hears SIGINT
        # as it hears SIGTERM.
        loop.add_signal_handler(signal.SIGTERM, self._leave)

    def _set_up(self, loop: asyncio.AbstractEventLoop) -> None:
        take_room()
        django.setup()
        self._server = importlib.import_module("dragoman.config.composition").Server()
        self._at_once = self._server.at_once
        loop.run_until_complete(self._server.start())
        # Between two statements of a transaction a thread must not wait long for the others: all writers wait with it.
        sys.setswitchinterval(_SWITCH)
        gc.freeze()  # what is loaded by now stays: a full collection would look at all of it

    def _leave(self) -> None:
        self._server.leave()
        signal.raise_signal(signal.SIGINT)

    async def __rsgi__(self, scope: Scope, exchange: Exchange) -> None:
        """One request."""
        answer = self._at_once(scope)
        if answer is not None:
            exchange.response_bytes(answer.status, answer.headers, answer.body)
        else:
            await self._server(scope, exchange)

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        """After the last one."""
        loop.run_until_complete(self._server.stop())


application = Application()
