"""Requests' bodies, read before Django gets them: so much of each, so much of all together, and not for ever.

Whoever is not signed in sends forms and comments; a picture is an editor's. So a
stranger's body is small, and ends soon. All bodies of a process together have a
limit too, until they are answered: else some hundred requests that never end
would take the memory of everything else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

from dragoman.foundation.rsgi import Exchange, Scope

_KIB = 1024
SMALL = 512 * _KIB  # of anybody: the longest comment takes a fifth of it, spelled as badly as can be
LARGE = 32 * 1024 * _KIB  # of who is signed in: pictures of the admin; a form is limited far below by Django
MOST = 256 * 1024 * _KIB  # of all together, in this process
PATIENCE = 30.0  # seconds: for all of a stranger's body, for the next piece of who is signed in
_LAST = 1.0  # seconds while the server is being stopped


class BodyRefused(Exception):
    """Why a body is not taken."""

    def __init__(self, status: int, says: bytes) -> None:
        super().__init__(status)
        self.status, self.says = status, says


_TOO_LARGE = 413, b"This request is too large. Nothing was stored."
_TOO_SLOW = 408, b"The rest of this request did not come in time. Nothing was stored."
_TOO_MUCH = 503, b"Too much is being sent at this moment. Nothing was stored; try again in a minute."
AWAY = 503, b"The database does not answer. Nothing was stored; try again in a minute."
_LEAVING = 503, b"This server is being stopped. Nothing was stored; try again in a minute."


@dataclass
class _Body:
    """What has come of one. ``held``: the bytes that count among all."""

    limit: int = SMALL
    size: int = 0
    held: int = 0
    was_asked_for: bool = False
    parts: list[bytes] = field(default_factory=list)

    @property
    def is_too_large(self) -> bool:
        return self.size > self.limit


class Bodies:
    """All bodies that this process has in hand. ``is_known``: whether a request is that of a signed-in reader."""

    def __init__(self, is_known: Callable[[Scope], Awaitable[bool]]) -> None:
        self._is_known = is_known
        self._held = 0
        self._reading: set[asyncio.Task[object]] = set()
        self._is_leaving = False

    @asynccontextmanager
    async def of(self, scope: Scope, exchange: Exchange) -> AsyncIterator[bytes]:
        """The body, which counts among all until the end of the block. Raises :class:`BodyRefused`."""
        body = _Body()
        try:
            await self._read(body, scope, exchange)
            whole = b"".join(body.parts)
            body.parts.clear()
            yield whole
        finally:
            self._let_go(body)

    def leave(self) -> None:
        """Whatever has not come by now is refused: the server waits for every request before it ends."""
        self._is_leaving = True
        for task in self._reading:
            task.cancel()

    async def _read(self, body: _Body, scope: Scope, exchange: Exchange) -> None:
        task = cast("asyncio.Task[object]", asyncio.current_task())
        self._reading.add(task)
        try:
            async with asyncio.timeout(_LAST if self._is_leaving else PATIENCE) as patience:
                async for part in exchange:
                    await self._take(part, body, scope)
                    if body.limit == LARGE:
                        patience.reschedule(asyncio.get_running_loop().time() + PATIENCE)
        except TimeoutError:
            raise BodyRefused(*(_TOO_LARGE if body.is_too_large else _TOO_SLOW)) from None
        except asyncio.CancelledError:
            if not self._is_leaving:
                raise
            task.uncancel()
            raise BodyRefused(*_LEAVING) from None
        finally:
            self._reading.discard(task)
        if body.is_too_large:
            raise BodyRefused(*_TOO_LARGE)

    async def _take(self, part: bytes, body: _Body, scope: Scope) -> None:
        body.size += len(part)
        if (body.parts or body.size > SMALL) and not body.was_asked_for:  # it comes in pieces
            body.was_asked_for = True
            body.limit = LARGE if await self._is_known(scope) else SMALL
        if body.is_too_large:  # the rest is read and thrown away, so that the client hears the answer
            self._let_go(body)
            return
        body.parts.append(part)
        body.held += len(part)
        self._held += len(part)
        if self._held > MOST:
            raise BodyRefused(*_TOO_MUCH)

    def _let_go(self, body: _Body) -> None:
        self._held -= body.held
        body.held = 0
        body.parts.clear()
