"""Waking the other processes after a commit: “look into the database”.

It says nothing more, and nothing is lost when it is not heard: every listener
also looks once a second. Embedded: a datagram to each Unix socket in the home's
``run`` folder. Outgrown: one message on a Redis channel.
"""

import contextlib
import os
import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import redis
from django.conf import settings

from dragoman.foundation.resting import Rest

_CHANNEL = "dragoman:wake"
_REST = 5.0  # seconds
_rest = Rest(_REST)  # a bus that did not answer is not called: every writer would wait for it


class Ear(Protocol):
    """Something to wait at."""

    def wait(self, seconds: float) -> bool:
        """Whether a call came within ``seconds``."""


def call() -> None:
    """Wake every listener. Never fails: the call is a courtesy, the tables are the truth."""
    if settings.DRAGOMAN.bus:
        if not _rest.lasts:
            try:
                _redis().publish(_CHANNEL, "")
            except redis.RedisError:
                _rest.begin()
        return
    with contextlib.suppress(OSError), _folder() as folder:
        for name in os.listdir(folder):
            _send(f"/proc/self/fd/{folder}/{name}")


@contextmanager
def listening() -> Iterator[Ear]:
    """An ear that is closed at the end of the block."""
    if settings.DRAGOMAN.bus:
        subscription = _redis().pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
        with contextlib.closing(subscription):
            yield _RedisEar(subscription)
        return
    ear = _SocketEar()
    try:
        yield ear
    finally:
        ear.close()


@contextmanager
def _folder() -> Iterator[int]:
    """The run folder as a handle: a socket's path may have 108 bytes, a home's may have more."""
    path = Path(settings.DRAGOMAN.home) / "run"
    path.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _send(path: str) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.settimeout(0)
        try:
            sender.sendto(b"!", path)
        except ConnectionRefusedError:
            with contextlib.suppress(OSError):
                os.unlink(path)  # its listener is dead
        except OSError:
            pass  # full: it has been called already


class _SocketEar:
    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._name = f"{os.getpid()}.{id(self)}"
        with _folder() as folder:
            self._socket.bind(f"/proc/self/fd/{folder}/{self._name}")
        self._socket.settimeout(0)

    def wait(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._socket], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            while ready:
                self._socket.recv(16)
        return bool(ready)

    def close(self) -> None:
        self._socket.close()
        with contextlib.suppress(OSError), _folder() as folder:
            os.unlink(self._name, dir_fd=folder)


class _RedisEar:
    def __init__(self, subscription: "redis.client.PubSub") -> None:
        self._subscription = subscription
        self._rest = Rest(_REST)
        self._subscribe()

    def _subscribe(self) -> None:
        """Again where the bus was away when it was tried, but not all the time: one that hangs is waited for."""
        if not self._subscription.subscribed and not self._rest.lasts:
            self._rest.begin()
            with contextlib.suppress(redis.RedisError):
                self._subscription.subscribe(_CHANNEL)

    def wait(self, seconds: float) -> bool:
        try:
            self._subscribe()
            called = found = self._subscription.get_message(timeout=seconds) is not None
            while found:  # all that have come: whoever looks seldom would have them pile up at the bus
                found = self._subscription.get_message(timeout=0) is not None
            return called
        except redis.RedisError:
            # The bus is down: look into the tables at the usual pace.
            select.select([], [], [], seconds)
            return False


def _redis() -> "redis.Redis":
    return _client(settings.DRAGOMAN.bus)


@cache
def _client(address: str) -> "redis.Redis":
    """Kept: its pool spares each commit a connection of its own, and notices one that broke."""
    return redis.Redis.from_url(address, socket_timeout=1, socket_connect_timeout=1)
