"""A server's side of a request, for what it is made to answer."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from dragoman.foundation import rsgi


class Headers:
    """As the server gives them."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, key: str, default: Any = None, /) -> Any:
        return next((value for name, value in self._pairs if name == key), default)

    def items(self) -> list[tuple[str, str]]:
        return list(self._pairs)

    def __contains__(self, key: str, /) -> bool:
        return any(name == key for name, _value in self._pairs)


class Request:
    """One request's scope."""

    proto, http_version, scheme = "http", "1.1", "http"
    authority: str | None = None

    def __init__(
        self,
        path: str,
        query: str = "",
        headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        *,
        method: str = "GET",
        client: str = "1.2.3.4:5",
    ) -> None:
        self.path, self.query_string, self.method, self.client = path, query, method, client
        self.headers: rsgi.Headers = Headers([*headers.items()] if isinstance(headers, Mapping) else [*headers])


class Exchange:
    """One request's answer, as far as it has come; it is its own transport."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.gone = asyncio.Event()
        self.changed = asyncio.Condition()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b""

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    def response_empty(self, status: int, headers: list[tuple[str, str]], /) -> None:
        self.response_bytes(status, headers, b"")

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_stream(self, status: int, headers: list[tuple[str, str]], /) -> "Exchange":
        self.response_bytes(status, headers, b"")
        return self

    async def send_bytes(self, data: bytes, /) -> None:
        async with self.changed:
            self.body += data
            self.changed.notify_all()
