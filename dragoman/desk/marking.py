"""Passages of a text marked, for templates."""

from collections.abc import Iterable
from typing import TypeAlias

Piece: TypeAlias = tuple[str, bool]  # words, and whether they are marked


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """The text in pieces; spans may overlap, and what lies outside the text is left out."""
    pieces: list[Piece] = []
    at = 0
    for begin, stop in sorted(spans):
        start, end = max(begin, at), min(stop, len(text))
        if start < end:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]
