"""Requests to addresses that an operator has named: signed, bounded, and followed nowhere else.

The signature is an HMAC-SHA256 (RFC 2104) over the moment and the body, as webhooks of many services have it, so that
the other side knows who asks and that the question is fresh.
"""

import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from dragoman import __version__


def signature(key: str, moment: str, body: bytes) -> str:
    """``sha256=…`` over the moment (seconds since 1970), a full stop and the body."""
    return "sha256=" + hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


@contextmanager
def post(address: str, body: bytes, *, key: str, patience: float) -> Iterator[requests.Response]:
    """Send JSON; the answer is read by the caller, piece by piece. ``patience``: seconds without a byte."""
    moment = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"Dragoman/{__version__}",
        "Accept-Encoding": "identity",  # a small answer cannot unfold into a large one
        "Dragoman-Timestamp": moment,
        "Dragoman-Signature": signature(key, moment, body),
    }
    with requests.Session() as session:
        session.trust_env = False
        with session.post(
            address, data=body, headers=headers, timeout=patience, allow_redirects=False, stream=True
        ) as answer:
            yield answer
