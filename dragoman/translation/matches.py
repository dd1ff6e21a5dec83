"""What helps with a sentence: the same and similar ones that people have translated."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q

from dragoman.foundation.languages import canonical
from dragoman.translation.models import Current, Occurrence
from dragoman.translation.queries import in_public
from dragoman.translation.rules.markers import MARKER, contents_of, plain, words_of

_LEAST = 0.6  # of two sentences' words must be alike
_MOST = 5
_CANDIDATES = 400  # the newest with one of the longest words
_WORDS = 3
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence of the memory with a person's translation, as plain text. ``share``: alike of a hundred words."""

    original: str
    translated: str
    by: str
    share: int


def similar_sentences(unit_id: int, anchor: int, language: str) -> list[Match]:
    """The most alike first, at most five; a suggestion only. Two queries, one of which reads part of the memory."""
    row = (
        Occurrence.objects.filter(unit=unit_id, anchor=anchor, last_revision=None, unit__is_gone=False)
        .select_related("segment")
        .first()
    )
    if row is None:
        return []
    words = sorted(set(_WORD.findall(words_of(row.segment.text))), key=lambda one: (-len(one), one))[:_WORDS]
    wanted = Q()
    for word in words:
        wanted |= Q(segment__text__icontains=word)
    if not words:
        return []
    candidates = (
        Current.objects.filter(
            in_public("segment"),
            wanted,
            unit=None,
            language=canonical(language),
            translation__origin="human",
            segment__language=row.segment.language,
        )
        .exclude(segment=row.segment_id)
        .select_related("segment", "translation")
        .order_by("-id")[:_CANDIDATES]
    )
    return _best(row.segment.text, candidates, row.contents)


def _best(text: str, candidates: Iterable[Current], contents: dict[str, list[str]]) -> list[Match]:
    mine, here = _tokens(text), contents_of(contents)
    found = []
    for one in candidates:
        share = SequenceMatcher(None, mine, _tokens(one.segment.text), autojunk=False).ratio()
        if share >= _LEAST:
            original, translated = (plain(words, here) for words in (one.segment.text, one.translation.text))
            found.append(Match(original, translated, one.translation.by, round(100 * share)))
    return sorted(found, key=lambda one: -one.share)[:_MOST]


def _tokens(marked: str) -> list[str]:
    """Words; every marker is one, whatever it stands for."""
    return re.findall(r"\w+|·", MARKER.sub(" · ", marked).casefold())
