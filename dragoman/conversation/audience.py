"""Whom a comment concerns: those it answers, quotes and mentions, and those who follow its thread."""

import re
from dataclasses import dataclass

from dragoman.conversation.models import Comment, Follow, Quote
from dragoman.foundation.statements import Select
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
    row = _COMMENT.first(comment_id)
    if row is None:
        return None
    thread, author, state, answered, source = row
    return Audience(
        comment=comment_id,
        thread=thread,
        author=author,
        is_visible=state == "visible",
        answered=frozenset({answered} - {None}),
        quoted=frozenset(one for (one,) in _QUOTED(comment_id)),
        mentioned=mentioned_in(source) if "@" in source else frozenset(),
        following=frozenset(one for (one,) in _FOLLOWING(thread)),
        decided=last_decisions("comment", [comment_id]).get(comment_id),
    )


_COMMENT = Select(
    lambda pk: Comment.objects.filter(pk=pk).values_list(
        "thread_id", "author_id", "state", "reply_to__author_id", "source"
    )
)
_QUOTED = Select(
    lambda pk: Comment.objects.filter(unit__in=Quote.objects.filter(comment=pk).values("unit")).values_list("author_id")
)
_FOLLOWING = Select(lambda thread: Follow.objects.filter(thread=thread).values_list("reader_id"))


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
