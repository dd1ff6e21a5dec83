"""The reference of ``live``: event streams and nothing else, on the same server. One event a second to all.

``python -m benchmarks.bare_stream PORT`` serves it in one process.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces

_waiting: set["asyncio.Queue[bytes]"] = set()
_ticking: list["asyncio.Task[None]"] = []


async def _tick() -> None:
    for number in itertools.count(1):
        await asyncio.sleep(1)
        data = json.dumps({"topic": "bare", "number": number, "at": time.time()})
        frame = f"id: {number}\nevent: comment\ndata: {data}\n\n".encode()
        for queue in list(_waiting):
            queue.put_nowait(frame)


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """One stream."""
    if scope["type"] != "http":
        return
    if not _ticking:
        _ticking.append(asyncio.create_task(_tick()))
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    _waiting.add(queue)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
    try:
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
    finally:
        _waiting.discard(queue)


def main() -> None:
    """Serve on the port that the command names."""
    Granian(
        "benchmarks.bare_stream:application",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        workers=1,
        backpressure=19_000,
        backlog=4096,
        log_access=False,
    ).serve()


if __name__ == "__main__":
    main()
