"""Content codings."""

import gzip

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from dragoman.delivery.encoding import chosen, in_every_coding


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("zstd;q=1.0, br;q=0.9", "zstd"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "zstd"),
        ("identity", ""),
        ("gzip;q=0", ""),
        ("GZIP", "gzip"),
        ("", ""),
        ("br;q=nonsense, gzip", "gzip"),
        (",,;;", ""),
    ],
)
def test_a_client_gets_what_it_likes_best(accept: str, coding: str) -> None:
    assert chosen(accept) == coding


@given(st.binary(max_size=5_000))
def test_a_body_comes_back_from_every_coding(body: bytes) -> None:
    undo = {"": bytes, "br": brotli.decompress, "zstd": zstd.decompress, "gzip": gzip.decompress}
    made = in_every_coding(body)
    assert all(undo[coding](coded) == body for coding, coded in made.items())
