"""The reference of ``live``: event streams and nothing else, on the same server. One event a second to all.

``python -m benchmarks.bare_stream PORT`` serves it in one process.
"""

import asyncio
import itertools
import json
import sys
import time
from typing import Any

from benchmarks.bare import serve_bare

_waiting: set["asyncio.Queue[bytes]"] = set()
_ticking: list["asyncio.Task[None]"] = []


async def _tick() -> None:
    for number in itertools.count(1):
        await asyncio.sleep(1)
        data = json.dumps({"topic": "bare", "number": number, "at": time.time()})
        frame = f"id: {number}\nevent: comment\ndata: {data}\n\n".encode()
        for queue in list(_waiting):
            queue.put_nowait(frame)


async def application(scope: Any, exchange: Any) -> None:
    """One stream."""
    if not _ticking:
        _ticking.append(asyncio.create_task(_tick()))
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    _waiting.add(queue)
    transport = exchange.response_stream(200, [("content-type", "text/event-stream")])
    await transport.send_bytes(b": hello\n\n")
    try:
        while True:
            await transport.send_bytes(await queue.get())
    finally:
        _waiting.discard(queue)


def main() -> None:
    """Serve on the port that the command names."""
    serve_bare("benchmarks.bare_stream:application", int(sys.argv[1]))


if __name__ == "__main__":
    main()
