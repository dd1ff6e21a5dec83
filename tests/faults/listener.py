"""An open page: hears of every comment, and goes on where it was when its stream ends."""

import json
import socket
import threading
import time
from collections.abc import Sequence

_SILENT = 40  # seconds; the server says “still here” every fifteen


class Listener:
    """One stream after the other, from any of the ports."""

    def __init__(self, ports: Sequence[int], last: int) -> None:
        self._ports = ports
        self.last = last
        self.numbers: list[int] = []
        self.missed = 0
        self.streams = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stop.set()
        self._thread.join(5)

    def _listen(self) -> None:
        while not self._stop.is_set():
            port = self._ports[self.streams % len(self._ports)]
            self.streams += 1
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=_SILENT) as stream:
                    self._hear(stream)
            except OSError:
                pass
            time.sleep(0.2)

    def _hear(self, stream: socket.socket) -> None:
        asked = (
            f"GET /events?topics=thread:1&language=en HTTP/1.0\r\nHost: localhost\r\nLast-Event-ID: {self.last}\r\n\r\n"
        )
        stream.sendall(asked.encode())
        file = stream.makefile("r", encoding="utf-8", newline="\n")
        said: dict[str, str] = {}
        for line in file:
            if self._stop.is_set():
                return
            name, _colon, value = line.rstrip("\r\n").partition(": ")
            if name:
                said[name] = value
            else:
                self._take(said)
                said = {}

    def _take(self, said: dict[str, str]) -> None:
        if "id" not in said:
            return
        self.last = int(said["id"])
        data = json.loads(said.get("data", "{}"))
        if said.get("event") == "missed":
            self.missed += 1
        elif said.get("event") == "comment":
            self.numbers.append(int(data["number"]))
