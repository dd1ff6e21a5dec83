"""A sentence cut at its markers, for engines that bear none, and put together again."""

from collections.abc import Mapping, Sequence

from dragoman.translation.rules.markers import MARKER, words_of


def split_at_markers(text: str) -> list[str]:
    """Words and markers in their order; joined they are the text."""
    parts: list[str] = []
    at = 0
    for match in MARKER.finditer(text):
        parts += [text[at : match.start()], match[0]]
        at = match.end()
    return [part for part in [*parts, text[at:]] if part]


def join_parts(order: Sequence[int | str], texts: Mapping[int, str | None]) -> str | None:
    """The markers with the translated pieces between them; ``None`` where a piece is missing or without words."""
    joined = ""
    for place in order:
        if isinstance(place, str):
            joined += place
            continue
        text = texts.get(place)
        if not text or not words_of(text).strip():
            return None
        joined += (" " if joined and not joined[-1].isspace() else "") + text.strip() + " "
    return " ".join(joined.split())
