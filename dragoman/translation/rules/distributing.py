"""A paragraph's translation typed as one text, laid over the sentences of its original.

A translator may make one sentence of two, or two of one. Read one after the
other the parts are the text; each stands as near to its sentence as their
lengths let it.
"""

from collections.abc import Sequence

from dragoman.translation.rules import sentences


def distribute(text: str, lengths: Sequence[int], language: str) -> list[str]:
    """As many parts as there are ``lengths`` (of the original's sentences, in characters); none is empty.

    Sentences are kept whole where there are enough of them. Empty where the text has fewer words than there are parts.
    """
    pieces = [piece.strip() for piece in sentences.split(text.strip(), language) if piece.strip()]
    if len(pieces) < len(lengths):
        pieces = " ".join(pieces).split()
    if len(pieces) < len(lengths):
        return []
    return [" ".join(part) for part in _cut(pieces, lengths)]


def _cut(pieces: Sequence[str], lengths: Sequence[int]) -> list[Sequence[str]]:
    """Each cut where the share of the text behind it is nearest to the share of the original."""
    parts: list[Sequence[str]] = []
    whole, original = sum(map(len, pieces)), max(1, sum(lengths))
    start = done = wanted = 0
    for number, length in enumerate(lengths[:-1]):
        wanted += length
        most = len(pieces) - (len(lengths) - number - 1)  # the others need one each
        end = start + 1
        done += len(pieces[start])
        while end < most and abs(done + len(pieces[end]) - whole * wanted / original) < abs(
            done - whole * wanted / original
        ):
            done += len(pieces[end])
            end += 1
        parts.append(pieces[start:end])
        start = end
    return [*parts, pieces[start:]]
