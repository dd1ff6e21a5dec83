"""Clients that are slow, fall silent or vanish keep nobody else waiting."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.config.homes import act, served, until

_ARTICLE = "/en/town/1-the-ferry"
_SLOW = 300


def _connected(url: str) -> socket.socket:
    place = urlsplit(url)
    return socket.create_connection((place.hostname or "", place.port or 0), timeout=10)


@contextmanager
def _many(url: str, begin: bytes) -> Iterator[list[socket.socket]]:
    """So many clients that have sent the beginning of a request."""
    with ExitStack() as stack:
        clients = [stack.enter_context(closing(_connected(url))) for _client in range(_SLOW)]
        for client in clients:
            client.sendall(begin)
        yield clients


def test_requests_that_never_end_keep_nobody_waiting(home: Path) -> None:
    with served(home, workers=1) as url:
        heads = f"GET {_ARTICLE} HTTP/1.1\r\nHost: localhost\r\nX-Slow: ".encode()
        bodies = b"POST /api/v1/articles/1/comments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
        with _many(url, heads), _many(url, bodies) as clients:
            for _time in range(5):
                assert httpx.get(url + _ARTICLE, timeout=10).status_code == 200
                assert httpx.get(f"{url}/health/ready", timeout=10).status_code == 200
                for client in clients:
                    client.sendall(b" ")


def test_readers_who_take_their_answer_byte_by_byte_keep_nobody_waiting(home: Path) -> None:
    with served(home, workers=1) as url:
        asked = f"GET {_ARTICLE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        with _many(url, asked * 50) as clients:  # fifty pages each, of which they take a byte
            assert all(client.recv(1) for client in clients)
            assert httpx.get(url + _ARTICLE, timeout=10).status_code == 200
            assert httpx.get(url + "/en/search?q=ferry", timeout=10).status_code == 200


def test_open_pages_that_read_no_more_keep_nobody_from_hearing(home: Path) -> None:
    with served(home, workers=1) as url:
        stream = b"GET /events?topics=thread:1&language=en HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with _many(url, stream) as silent, closing(_connected(url)) as listening:
            assert all(client.recv(1) for client in silent)  # open, and from now on nobody reads
            # From another address: one address may have a hundred streams.
            listening.sendall(stream.replace(b"\r\n\r\n", b"\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n"))
            act(home, "posts", "20")
            listening.settimeout(20)
            heard = b""
            while b'"number":21' not in heard:
                heard += listening.recv(65536)
            assert until(lambda: _open_streams(url) > 50, 20)
        # The others have left without a word of farewell; their streams are taken away.
        assert until(lambda: _open_streams(url) == 0, 40)


def _open_streams(url: str) -> float:
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("dragoman_streams"))


def test_a_stream_whose_client_is_gone_without_a_trace_is_not_counted_for_ever(home: Path) -> None:
    with served(home, workers=1) as url:
        stream = _connected(url)
        stream.sendall(b"GET /events?topics=thread:1&language=en HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream.recv(1)
        assert until(lambda: _open_streams(url) == 1, 20)
        # A reset instead of a farewell: what a phone that lost its network looks like when it is heard of again.
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        stream.close()
        assert until(lambda: _open_streams(url) == 0, 40)


def test_a_stream_whose_client_takes_nothing_any_more_is_ended(home: Path) -> None:
    """What it does not take would be kept for it, for as long as it says nothing."""
    with served(home, workers=1) as url, socket.socket() as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)  # the kernel makes the least of it
        place = urlsplit(url)
        stream.connect((place.hostname, place.port))
        stream.sendall(b"GET /events?topics=thread:1&language=en HTTP/1.1\r\nHost: localhost\r\n\r\n")
        stream.recv(1)
        assert until(lambda: _open_streams(url) == 1, 20)
        act(home, "posts", "60")
        assert until(lambda: _open_streams(url) == 0, 60)
