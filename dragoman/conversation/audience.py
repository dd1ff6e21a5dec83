"""Whom a comment concerns: those it answers, quotes and mentions, and those who follow its thread."""

import re
from dataclasses import dataclass

from dragoman.conversation.models import Comment, Follow, Quote
from dragoman.foundation.text import casefold_key
from dragoman.moderation.queries import Decided, last_decisions
from dragoman.readers.queries import ids_by_nickname
from dragoman.translation.rules.document import Text
from dragoman.translation.rules.markdown import parse

MOST_MENTIONED = 20  # by one comment: whoever calls the whole town calls nobody
_MENTION = re.compile(r"(?<![\w@/])@(\w[^\n@]{0,79})")
_LONGEST_NAME = 4  # words


@dataclass(frozen=True, slots=True)
class Audience:
    """Reader ids by what the comment is to them."""

    comment: int
    thread: int
    author: int
    is_visible: bool
    answered: frozenset[int]
    quoted: frozenset[int]
    mentioned: frozenset[int]
    following: frozenset[int]
    decided: Decided | None = None


def audience(comment_id: int) -> Audience | None:
    """Whom a comment concerns now; ``None`` where there is no such comment. Seven queries at most."""
    row = Comment.objects.filter(pk=comment_id).select_related("reply_to").first()
    if row is None:
        return None
    units = Quote.objects.filter(comment=row).values("unit")
    return Audience(
        comment=row.pk,
        thread=row.thread_id,
        author=row.author_id,
        is_visible=row.state == "visible",
        answered=frozenset({row.reply_to.author_id}) if row.reply_to else frozenset(),
        quoted=frozenset(Comment.objects.filter(unit__in=units).values_list("author_id", flat=True)),
        mentioned=mentioned_in(row.source),
        following=frozenset(Follow.objects.filter(thread=row.thread_id).values_list("reader_id", flat=True)),
        decided=last_decisions("comment", [row.pk]).get(row.pk),
    )


def mentioned_in(source: str) -> frozenset[int]:
    """Readers who are called by ``@nickname`` in the words of a comment, not in its code. Two queries.

    A nickname may have several words: the longest one that somebody bears counts.
    """
    texts = [
        inline.text for block in parse(source).text_blocks() for inline in block.inlines if isinstance(inline, Text)
    ]
    called = [_candidates(match[1]) for text in texts for match in _MENTION.finditer(text)][: MOST_MENTIONED * 2]
    known = ids_by_nickname({key for keys in called for key in keys})
    found = (next((known[key] for key in keys if key in known), None) for keys in called)
    return frozenset(list(dict.fromkeys(reader for reader in found if reader is not None))[:MOST_MENTIONED])


def _candidates(after: str) -> list[str]:
    """What may be the nickname after an @, the longest first: “Ada Lund, what …” may call Ada Lund or Ada."""
    words = after.split()[:_LONGEST_NAME]
    names = [" ".join(words[:size]) for size in range(len(words), 0, -1)]
    return [casefold_key(shape) for name in names for shape in (name, re.sub(r"[^\w]+$", "", name)) if shape]
