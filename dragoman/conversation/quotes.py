"""Reading quotes: what comments quote, and how often a text is quoted."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from dragoman.conversation.models import Comment, Quote, Thread
from dragoman.foundation.statements import Select, SelectModels
from dragoman.translation.passages import PassageKey, present_passages
from dragoman.translation.presented import PresentedPassage
from dragoman.translation.queries import Mode


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote for one reader. ``partial``: only a part of the sentence was quoted."""

    passage: PresentedPassage
    exact: str
    start: int
    end: int
    before: int
    revision: int
    partial: bool
    place: str  # the key of where the passage stands: whoever quotes it may have been moved elsewhere
    of_comment: int | None = None  # the quoted comment's number there, none for an article


def quotes_in(
    comment_ids: Sequence[int], language: str, reader_languages: Sequence[str], mode: Mode = "auto"
) -> dict[int, tuple[ShownQuote, ...]]:
    """What comments quote, for one reader: by comment, in their order. Five queries."""
    rows = _QUOTES(list(comment_ids)) if comment_ids else []
    if not rows:  # as it is with most single comments: five queries less for each that is posted
        return {}
    keys = {row.pk: PassageKey(row.unit_id, row.occurrence, row.revision, row.exact) for row in rows}
    passages = present_passages(set(keys.values()), language, reader_languages, mode)
    quoted = _QUOTED(list({row.unit_id for row in rows}))
    spots = {unit: (key, number) for unit, number, _state, key in quoted}
    gone = {unit for unit, _number, state, _key in quoted if state != "visible"}
    found: dict[int, list[ShownQuote]] = {}
    for row in rows:
        passage = passages.get(keys[row.pk])
        if passage is not None and row.unit_id not in gone:
            found.setdefault(row.comment_id, []).append(_shown_quote(row, passage, spots.get(row.unit_id)))
    return {comment: tuple(quotes) for comment, quotes in found.items()}


_QUOTES = SelectModels[Quote](lambda comments: Quote.objects.filter(comment__pk__in=comments).order_by("before", "id"))
_QUOTED = Select(
    lambda units: Comment.objects.filter(unit__pk__in=units).values_list("unit_id", "number", "state", "thread__key")
)


def _shown_quote(row: Quote, passage: PresentedPassage, spot: tuple[str, int | None] | None) -> ShownQuote:
    partial = row.end - row.start < len(passage.exact.rstrip(" .!?…"))
    place, of_comment = spot or (passage.topic, None)
    return ShownQuote(passage, row.exact, row.start, row.end, row.before, row.revision, partial, place, of_comment)


def quote_counts(unit_id: int, thread: Thread | None) -> dict[int, int]:
    """How many visible comments of a thread quote each occurrence of a unit. One query."""
    if thread is None:
        return {}
    return dict(_COUNTS(unit_id, thread.pk))


_COUNTS = Select(
    lambda unit, thread: (
        Quote.objects.filter(unit=unit, comment__state="visible", comment__thread=thread)
        .values("occurrence")
        .annotate(times=Count("comment", distinct=True))
        .values_list("occurrence", "times")
    )
)
