"""A wire between two programs that can be cut."""

import selectors
import socket
import threading
from contextlib import suppress

_PIECE = 65536


class Proxy:
    """Listens at ``port`` and hands everything on to ``behind``; one thread."""

    def __init__(self, port: int, behind: int) -> None:
        self._behind = behind
        self._other: dict[socket.socket, socket.socket] = {}
        self._is_cut = False
        self._lock = threading.Lock()
        self._waiting = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=256)
        self._waiting.register(self._listener, selectors.EVENT_READ)
        threading.Thread(target=self._serve, name=f"wire-{port}", daemon=True).start()

    def cut(self) -> None:
        """End every connection and take no new one."""
        with self._lock:
            self._is_cut = True
            for one in list(self._other):
                self._end(one)

    def mend(self) -> None:
        """Take connections again."""
        self._is_cut = False

    def _serve(self) -> None:
        while True:
            for key, _events in self._waiting.select():
                with self._lock, suppress(OSError, KeyError):
                    if key.fileobj is self._listener:
                        self._take()
                    elif isinstance(key.fileobj, socket.socket):
                        self._hand_on(key.fileobj)

    def _take(self) -> None:
        client, _address = self._listener.accept()
        if self._is_cut:
            client.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._behind), timeout=2)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        for one, other in ((client, server), (server, client)):
            self._other[one] = other
            self._waiting.register(one, selectors.EVENT_READ)

    def _hand_on(self, one: socket.socket) -> None:
        try:
            piece = one.recv(_PIECE)
            if piece:
                self._other[one].sendall(piece)
        except OSError:
            piece = b""
        if not piece:
            self._end(one)

    def _end(self, one: socket.socket) -> None:
        other = self._other.pop(one, None)
        for end in (one, other):
            if end is not None:
                self._other.pop(end, None)
                with suppress(KeyError, ValueError):
                    self._waiting.unregister(end)
                end.close()
