"""One event stream: what it has, what it is given, what it sends.

Source of the format: WHATWG HTML, server-sent events.
"""

import asyncio
import json
from dataclasses import dataclass, field

from dragoman.foundation.rsgi import Transport
from dragoman.live.events import Heard

ALL_LANGUAGES = "*"  # a browser with tabs in several editions
NOT_YET = 2**63  # no event has such an id: a stream that is catching up reads them from the table


@dataclass(eq=False, slots=True)
class Stream:
    """One browser. ``after`` is the last event that it has; for ``waiter`` its coroutine waits.

    What happens here happens ten thousand times for each event: nothing may be
    computed that could have been computed once.
    """

    topics: frozenset[str]
    language: str
    beat: int
    after: int = NOT_YET
    frames: list[bytes] = field(default_factory=list)
    waiter: "asyncio.Future[None] | None" = None
    is_over: bool = False

    def speaks(self, language: str | None) -> bool:
        """Whether it wants events about this language; all want those about none."""
        return language is None or self.language in (language, ALL_LANGUAGES)

    def give(self, frame: bytes) -> None:
        """One more to send."""
        self.frames.append(frame)
        self.wake()

    def end(self) -> None:
        """Nothing more is sent."""
        self.frames.clear()
        self.is_over = True
        self.wake()

    def wake(self) -> None:
        """Its coroutine goes on."""
        waiter, self.waiter = self.waiter, None
        if waiter is not None and not waiter.done():
            waiter.set_result(None)


async def forward(stream: Stream, transport: Transport) -> None:
    """Send what is given to the stream until it is over."""
    loop = asyncio.get_running_loop()
    while not stream.is_over:
        if not stream.frames:
            stream.waiter = loop.create_future()
            await stream.waiter
            continue
        frames, stream.frames = stream.frames, []
        await transport.send_bytes(frames[0] if len(frames) == 1 else b"".join(frames))


def spoken(heard: Heard) -> str | None:
    """The language that an event is about, if it is about one."""
    language = heard.announcement.data.get("language")
    return language if isinstance(language, str) else None


def frame(heard: Heard) -> bytes:
    data = json.dumps({"topic": heard.announcement.topic, **heard.announcement.data}, separators=(",", ":"))
    return f"id: {heard.id}\nevent: {heard.announcement.kind}\ndata: {data}\n\n".encode()
