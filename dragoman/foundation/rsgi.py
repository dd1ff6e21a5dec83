"""The interface between the server and us: RSGI 1.x, as far as we use it.

Source: the RSGI specification of Granian. One call sends a whole answer, where
ASGI takes two.
"""

from collections.abc import AsyncIterator, Awaitable
from typing import Any, Protocol

from granian._granian import RSGIProtocolClosed  # ``granian.rsgi`` has it, but type checkers are not told

ProtocolClosed = RSGIProtocolClosed  # what sending raises when the client has gone


class Headers(Protocol):
    """A request's headers; names in small letters. Of one that comes several times ``get`` tells the first."""

    def get(self, key: str, default: Any = ..., /) -> Any:
        """One value."""

    def items(self) -> list[tuple[str, str]]:
        """All of them, in their order."""

    def __contains__(self, key: str, /) -> bool:
        """Whether there is one."""


class Scope(Protocol):
    """A request without its body. ``path`` is decoded; ``client`` is an address with a port.

    ``authority`` is what HTTP/2 says instead of a host's header.
    """

    proto: str
    http_version: str
    scheme: str
    method: str
    path: str
    query_string: str
    client: str
    authority: str | None

    @property
    def headers(self) -> Headers:
        """The request's headers."""


class Transport(Protocol):
    """A response that is sent piece by piece."""

    def send_bytes(self, data: bytes, /) -> Awaitable[None]:
        """Hand it to the server, which keeps it until the client takes it: there is no waiting for room."""


class Exchange(Protocol):
    """One request's answer: exactly one of the responses may be called."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """The body in pieces."""

    def client_disconnect(self) -> Awaitable[None]:
        """Wait until the client has gone."""

    def response_empty(self, status: int, headers: list[tuple[str, str]], /) -> None:
        """An answer without a body."""

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes, /) -> None:
        """A whole answer."""

    def response_stream(self, status: int, headers: list[tuple[str, str]], /) -> Transport:
        """The beginning of a long one."""
