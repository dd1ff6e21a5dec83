"""Comments that were written elsewhere."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from dragoman.conversation import errors
from dragoman.conversation.actions import quote_row
from dragoman.conversation.models import Comment, Quote, Thread
from dragoman.conversation.rules.ordering import path_below
from dragoman.conversation.rules.quoting import Passage
from dragoman.foundation.languages import canonical
from dragoman.translation import actions as translation
from dragoman.translation.rules import markdown


@dataclass(frozen=True, slots=True)
class Imported:
    """A comment from elsewhere: it is released at once, with the number that it had."""

    author: int
    text: str
    language: str
    posted_at: datetime
    number: int
    reply_to: int | None = None
    passages: tuple[tuple[int, Passage], ...] = ()  # (own blocks before it, passage)
    is_generated: bool = False


@dataclass(frozen=True, slots=True)
class ImportedComment:
    """What an import made."""

    id: int
    number: int
    unit: int


def import_comments(
    *, thread: Thread, comments: Sequence[Imported], kept_names: Collection[str] = ()
) -> list[ImportedComment]:
    """Many comments in a few queries, in the caller's transaction. Jobs are the caller's to ask for."""
    parents = _parents(thread, comments)
    paths: dict[int, str] = {}
    for one in sorted(comments, key=lambda one: one.number):
        # An answer to what came later begins a tree of its own.
        known = parents.get(one.reply_to or 0)
        above = paths.get(one.reply_to or 0, known.path if known is not None else "")
        paths[one.number] = path_below(above, one.number)
    replies = Counter(one.reply_to for one in comments)
    rows = Comment.objects.bulk_create(
        Comment(
            thread=thread,
            author_id=one.author,
            number=one.number,
            path=paths[one.number],
            reply_count=replies[one.number],
            source=one.text,
            language=canonical(one.language),
            language_by="declared",
            state="visible",
            posted_at=one.posted_at,
            released_at=one.posted_at,
            is_generated=one.is_generated,
        )
        for one in comments
    )
    by_number = {row.number: row for row in rows}
    for row, one in zip(rows, comments, strict=True):
        if one.reply_to is not None:
            row.reply_to = by_number.get(one.reply_to) or parents[one.reply_to]
    units = translation.store_texts(
        [
            translation.NewText(
                translation.COMMENT,
                row.pk,
                row.language,
                markdown.parse(row.source, kept_names),
                tuple(kept_names),
                topic=thread.topic,
            )
            for row in rows
        ]
    )
    for row, unit in zip(rows, units, strict=True):
        row.unit_id = unit
    Comment.objects.bulk_update(rows, ["unit", "reply_to"], batch_size=500)
    Quote.objects.bulk_create(
        quote_row(row, passage, before=before)
        for row, one in zip(rows, comments, strict=True)
        for before, passage in one.passages
    )
    for parent in parents.values():
        Comment.objects.filter(pk=parent.pk).update(reply_count=F("reply_count") + replies[parent.number])
    highest = max((one.number for one in comments), default=0)
    Thread.objects.filter(pk=thread.pk, last_number__lt=highest).update(last_number=highest)
    return [ImportedComment(row.pk, row.number or 0, unit) for row, unit in zip(rows, units, strict=True)]


def _parents(thread: Thread, comments: Sequence[Imported]) -> dict[int, Comment]:
    """Those answered by an import that were there before it, by number; raises where there is no such comment."""
    missing = {one.reply_to for one in comments if one.reply_to is not None} - {one.number for one in comments}
    found = {row.number or 0: row for row in Comment.objects.filter(thread=thread, number__in=missing)}
    if missing - set(found):
        raise errors.NoSuchComment
    return found
