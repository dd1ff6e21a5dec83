"""Reading conversations: every page in a fixed number of database queries."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from dragoman.conversation.errors import NoSuchComment
from dragoman.conversation.models import Comment, Quote, Thread
from dragoman.conversation.policies import may_read
from dragoman.foundation.text import casefold_key
from dragoman.readers.policies import ANONYMOUS, Actor, may
from dragoman.readers.queries import Profile, names_matching, profiles
from dragoman.translation.presented import Presented, PresentedPassage
from dragoman.translation.queries import Mode, PassageKey, present, present_passages

WINDOW = 50


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
    of_comment: int | None = None  # the quoted comment's number, none for the article


@dataclass(frozen=True, slots=True)
class ShownComment:
    """A comment for one reader. ``text`` is ``None`` for a tombstone."""

    id: int
    number: int | None
    author: Profile
    posted_at: datetime
    state: str
    language: str
    text: Presented | None
    reply_to: int | None
    reply_to_nickname: str
    replies: tuple[int, ...]
    quotes: tuple[ShownQuote, ...]
    is_generated: bool
    is_own: bool = False

    @property
    def version(self) -> str:
        """Changes whenever what is shown changes."""
        return self.text.version if self.text else self.state


@dataclass(frozen=True, slots=True)
class Window:
    """Some comments of a thread, ascending by number; numbers of the windows around it."""

    comments: tuple[ShownComment, ...]
    total: int
    first: int = 1
    previous: int | None = None
    next: int | None = None
    held: tuple[ShownComment, ...] = field(default=())

    @property
    def last_number(self) -> int:
        """The highest number in it, or 0."""
        return max((one.number or 0 for one in self.comments), default=0)


@dataclass(frozen=True, slots=True)
class ReaderView:
    """For whom a page is made: edition, languages understood, whether translation is switched off."""

    language: str
    actor: Actor = ANONYMOUS
    mode: Mode = "auto"


def find_thread(key: str, domain: str = "") -> Thread | None:
    """The thread at a place, if anyone ever asked for it."""
    return Thread.objects.filter(domain=domain, key=key).first()


def threads_at(keys: Collection[str]) -> dict[str, int]:
    """Number of comments at each of the places of this publication. One query."""
    return dict(Thread.objects.filter(domain="", key__in=keys).values_list("key", "last_number"))


def window(thread: Thread, view: ReaderView, *, first: int = 1, limit: int = WINDOW) -> Window:
    """The comments from number ``first`` on, tombstones included."""
    rows = list(
        Comment.objects.filter(thread=thread, number__gte=first)
        .order_by("number")
        .select_related("reply_to")[: limit + 1]
    )
    held = list(_held(thread, view.actor))
    shown = show([*rows[:limit], *held], view)
    return Window(
        comments=tuple(one for one in shown if one.number is not None),
        total=thread.last_number,
        first=first,
        previous=max(1, first - limit) if first > 1 else None,
        next=rows[limit].number if len(rows) > limit else None,
        held=tuple(one for one in shown if one.number is None),
    )


def _held(thread: Thread, actor: Actor) -> Iterable[Comment]:
    """Never-released comments that the actor may see; staff see all, writers their own."""
    rows = Comment.objects.filter(thread=thread, state="held").select_related("reply_to").order_by("id")
    if not may(actor, "comment.read_held"):
        rows = rows.filter(author_id=actor.id or 0)
    return rows[:WINDOW]


def by_author(reader_id: int, view: ReaderView, *, limit: int = WINDOW) -> list[tuple[ShownComment, str]]:
    """A reader's newest visible comments with the key of each one's place."""
    rows = list(
        Comment.objects.filter(author=reader_id, state="visible")
        .select_related("reply_to", "thread")
        .order_by("-posted_at", "-id")[:limit]
    )
    return list(zip(show(rows, view), (row.thread.key for row in rows), strict=True))


def comment_by_id(comment_id: int, view: ReaderView) -> tuple[ShownComment, Thread]:
    """One comment with its thread; raises :class:`NoSuchComment`."""
    row = Comment.objects.filter(pk=comment_id).select_related("reply_to", "thread").first()
    if row is None or not may_read(view.actor, row):
        raise NoSuchComment
    return show([row], view)[0], row.thread


def access_comment(comment_id: int) -> Comment:
    """The row for an action; raises :class:`NoSuchComment`."""
    row = Comment.objects.filter(pk=comment_id).select_related("thread").first()
    if row is None:
        raise NoSuchComment
    return row


def show(rows: Sequence[Comment], view: ReaderView) -> list[ShownComment]:
    """Comments for one reader, in the order given. Ten queries, however many comments."""
    authors = profiles({row.author_id for row in rows} | {row.reply_to.author_id for row in rows if row.reply_to})
    alive = [row for row in rows if row.state in ("visible", "held") and row.unit_id]
    texts = present(
        [row.unit_id for row in alive if row.unit_id],
        view.language,
        view.actor.languages,
        view.mode,
        sources={row.unit_id: row.source for row in alive if row.unit_id},
    )
    replies = _replies(rows)
    quotes = _quotes([row.pk for row in alive], view)
    return [
        ShownComment(
            id=row.pk,
            number=row.number,
            author=authors[row.author_id],
            posted_at=row.posted_at,
            state=row.state,
            language=row.language,
            text=texts.get(row.unit_id or 0) if row in alive else None,
            reply_to=row.reply_to.number if row.reply_to else None,
            reply_to_nickname=authors[row.reply_to.author_id].nickname if row.reply_to else "",
            replies=replies.get(row.pk, ()),
            quotes=quotes.get(row.pk, ()),
            is_generated=row.is_generated,
            is_own=row.author_id == view.actor.id,
        )
        for row in rows
    ]


def _replies(rows: Sequence[Comment]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    pairs = Comment.objects.filter(reply_to__in=[row.pk for row in rows], state="visible").order_by("number")
    for parent, number in pairs.values_list("reply_to_id", "number"):
        found.setdefault(parent or 0, []).append(number or 0)
    return {parent: tuple(numbers) for parent, numbers in found.items()}


def _quotes(comment_ids: Sequence[int], view: ReaderView) -> dict[int, tuple[ShownQuote, ...]]:
    rows = list(Quote.objects.filter(comment__in=comment_ids).order_by("before", "id"))
    keys = {PassageKey(row.unit_id, row.occurrence, row.revision) for row in rows}
    passages = present_passages(keys, view.language, view.actor.languages if view.mode == "auto" else ())
    quoted = Comment.objects.filter(unit__in={row.unit_id for row in rows}).values_list("unit_id", "number", "state")
    numbers = {unit: number for unit, number, _state in quoted}
    gone = {unit for unit, _number, state in quoted if state != "visible"}
    found: dict[int, list[ShownQuote]] = {}
    for row in rows:
        passage = passages.get(PassageKey(row.unit_id, row.occurrence, row.revision))
        if passage is not None and row.unit_id not in gone:
            found.setdefault(row.comment_id, []).append(_shown_quote(row, passage, numbers.get(row.unit_id)))
    return {comment: tuple(quotes) for comment, quotes in found.items()}


def _shown_quote(row: Quote, passage: PresentedPassage, of_comment: int | None) -> ShownQuote:
    partial = row.end - row.start < len(passage.exact.rstrip(" .!?…"))
    return ShownQuote(passage, row.exact, row.start, row.end, row.before, row.revision, partial, of_comment)


def quote_counts(unit_id: int) -> dict[int, int]:
    """How many visible comments quote each occurrence of a unit. One query."""
    rows = Quote.objects.filter(unit=unit_id, comment__state="visible").values("occurrence").annotate(times=Count("id"))
    return {row["occurrence"]: row["times"] for row in rows}


def new_since(thread: Thread, number: int) -> int:
    """How many comments came after ``number``."""
    return Comment.objects.filter(thread=thread, number__gt=number, state="visible").count()


def names_in_thread(thread_id: int, text: str) -> set[str]:
    """Nicknames and real names of the thread's participants that occur in ``text``.

    Looked up by the text's own words, so the thread's length does not matter.
    """
    words = re.findall(r"\S+", text)
    phrases = {" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
    bare = {re.sub(r"^[^\w]+|[^\w]+$", "", phrase) for phrase in phrases} | phrases
    bare |= {phrase.removesuffix("'s").removesuffix("’s") for phrase in bare}
    keys = {casefold_key(phrase) for phrase in list(bare)[:3000] if 2 <= len(phrase) <= 40}
    in_thread = Comment.objects.filter(Q(thread=thread_id), state="visible").values("author")
    return {name for name in names_matching(keys, among=in_thread) if name in text}
