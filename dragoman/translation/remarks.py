"""Translators among themselves: what they say of a sentence in a language."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.foundation.text import one_line
from dragoman.readers.policies import Actor, require
from dragoman.translation import errors
from dragoman.translation.correcting import Place
from dragoman.translation.models import Occurrence, Remark

LONGEST = 1000  # characters


@dataclass(frozen=True, slots=True)
class ShownRemark:
    """One of them."""

    text: str
    by: str
    at: datetime


def remark(*, actor: Actor, place: Place, text: str) -> None:
    """Say something of a sentence to other translators; raises where there is no such sentence, or nothing said."""
    reader = require(actor, "translation.correct")
    words = one_line(text)
    if not words:
        raise errors.EmptyTranslation
    if len(words) > LONGEST:
        raise errors.LongTranslation
    there = Occurrence.objects.filter(unit=place.unit, anchor=place.anchor, last_revision=None, unit__is_gone=False)
    if not there.exists():
        raise errors.NoSuchSentence
    Remark.objects.create(
        unit_id=place.unit,
        anchor=place.anchor,
        language=canonical(place.language),
        text=words,
        reader_id=reader,
        at=now(),
    )


def remarks_on(unit_id: int, language: str) -> dict[int, list[ShownRemark]]:
    """By sentence, the oldest first. One query."""
    found: dict[int, list[ShownRemark]] = defaultdict(list)
    rows = Remark.objects.filter(unit=unit_id, language=canonical(language)).select_related("reader").order_by("id")
    for row in rows:
        found[row.anchor].append(ShownRemark(row.text, row.reader.nickname, row.at))
    return dict(found)
