"""Content codings: which one a request gets, and a body in each of them, made once.

Source: RFC 9110 §12.5.3 (Accept-Encoding), RFC 7932 (br), RFC 8878 (zstd), RFC 1952 (gzip).
"""

import gzip
import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import brotli
from backports import zstd

IDENTITY = ""
_MAKERS: Mapping[str, Callable[[bytes], bytes]] = {
    # Not the highest levels: a busy page is made anew each second.
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstd.compress(body, 6),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_LONGEST = 200  # characters of the header that are looked at
_SMALLEST = 600  # bytes; below it a coding's own frame and header are hardly saved
_PART = re.compile(r"^\s*([a-z*]+)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$", re.IGNORECASE)


def chosen(accept: str) -> str:
    """The coding for an ``Accept-Encoding`` header, :data:`IDENTITY` where none fits.

    The smallest one wins where the client likes several as much. What cannot be read is passed over.
    """
    return _chosen(accept[:_LONGEST])


@lru_cache(maxsize=512)  # browsers spell it in a dozen ways; whoever invents more pushes out old ones
def _chosen(accept: str) -> str:
    weights: dict[str, float] = {}
    for part in accept.split(","):
        found = _PART.match(part)
        if found:
            weights[found[1].lower()] = float(found[2] or 1)
    others = weights.get("*", 0.0)
    liked = [(weights.get(coding, others), -place, coding) for place, coding in enumerate(_MAKERS)]
    weight, _place, coding = max(liked)
    return coding if weight > 0 else IDENTITY


def in_every_coding(body: bytes) -> dict[str, bytes]:
    """The body by coding. A small one stays as it is; a large one is kept in its codings alone."""
    if len(body) < _SMALLEST:
        return {IDENTITY: body}
    return {coding: make(body) for coding, make in _MAKERS.items()}
