"""Reading conversations: every page in a fixed number of database queries."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Window
from django.db.models.functions import RowNumber

from dragoman.conversation.errors import NoSuchComment
from dragoman.conversation.models import Comment, EarlierVersion, Follow, Thread, Visit, Vote
from dragoman.conversation.policies import is_within_edit_window, may_edit, may_read, may_read_words
from dragoman.conversation.quotes import ShownQuote, quotes_in
from dragoman.conversation.rules.ordering import depth
from dragoman.foundation.clock import now
from dragoman.foundation.statements import Select, SelectModels
from dragoman.foundation.text import casefold_key
from dragoman.moderation.actions import wording_of
from dragoman.moderation.queries import reasons_of
from dragoman.readers.policies import ANONYMOUS, Actor
from dragoman.readers.queries import Profile, muted_by, names_matching, nicknames_beginning, profiles
from dragoman.translation.presented import Presented
from dragoman.translation.queries import Mode, present, present_new, preview
from dragoman.translation.rules.layout import Layout
from dragoman.translation.rules.markdown import parse

WINDOW = 50
_MOST_REPLIES = 20  # that are linked below a comment


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
    reply_to: int | None  # its number
    reply_to_id: int | None
    reply_to_nickname: str
    replies: tuple[int, ...]
    quotes: tuple[ShownQuote, ...]
    is_generated: bool
    is_own: bool = False
    is_picked: bool = False
    edited_at: datetime | None = None
    up: int = 0
    down: int = 0
    own_vote: int = 0
    depth: int = 0
    reason: str = ""  # of a moderator's decision against it
    badges: tuple[str, ...] = ()
    is_muted: bool = False
    is_unread: bool = False
    reply_count: int = 0
    may_edit: bool = False
    wording: str = ""  # of a held one: names its words, for whoever releases it
    moved_to: tuple[str, int] | None = None  # of a signpost: the key of the place and the number there

    @property
    def version(self) -> str:
        """Changes whenever its words, or whether they are shown, change."""
        return self.text.version if self.text else f"{self.state}{self.moved_to or ''}"


@dataclass(frozen=True, slots=True)
class ReaderView:
    """For whom a page is made: edition, languages understood, whether translation is switched off."""

    language: str
    actor: Actor = ANONYMOUS
    mode: Mode = "auto"
    writers: frozenset[int] = frozenset()  # of the place: an article's authors
    reads_removed: bool = False  # where staff look at an appeal


def find_thread(key: str, domain: str = "") -> Thread | None:
    """The thread at a place, if anyone ever asked for it."""
    return _THREAD.first(domain, key)


_THREAD = SelectModels[Thread](lambda domain, key: Thread.objects.filter(domain=domain, key=key))


@dataclass(frozen=True, slots=True)
class Counted:
    """How many comments a thread has, and the topic on which more are told."""

    topic: str
    comments: int


def threads_at(keys: Collection[str]) -> dict[str, Counted]:
    """The threads at places of this publication, by key. One query."""
    rows = Thread.objects.filter(domain="", key__in=keys)
    return {thread.key: Counted(thread.topic, thread.last_number) for thread in rows}


def by_author(
    reader_id: int, view: ReaderView, *, before: int | None = None, limit: int = WINDOW
) -> tuple[list[tuple[ShownComment, str]], int | None]:
    """A reader's newest visible comments with the key of each one's place, and what the next window is asked with."""
    comments = Comment.objects.filter(author=reader_id, state="visible").select_related("reply_to", "thread")
    last = Comment.objects.filter(pk=before, author=reader_id).first() if before is not None else None
    if last is not None:
        comments = comments.filter(Q(posted_at__lt=last.posted_at) | Q(posted_at=last.posted_at, pk__lt=last.pk))
    rows = list(comments.order_by("-posted_at", "-id")[: limit + 1])
    shown = list(zip(show(rows[:limit], view), (row.thread.key for row in rows[:limit]), strict=True))
    return shown, rows[limit - 1].pk if len(rows) > limit else None


def written_by(reader_id: int) -> list[tuple[str, int]]:
    """In which languages a reader has written, and how much, the most first."""
    rows = Comment.objects.filter(author=reader_id, state="visible").values("language").annotate(times=Count("id"))
    return [(row["language"], row["times"]) for row in rows.order_by("-times", "language")]


def comment_by_id(comment_id: int, view: ReaderView) -> tuple[ShownComment, Thread]:
    """One comment with its thread; raises :class:`NoSuchComment`."""
    row = Comment.objects.filter(pk=comment_id).select_related("reply_to", "thread").first()
    if row is None or not may_read(view.actor, row):
        raise NoSuchComment
    return show([row], view)[0], row.thread


def just_posted(comment: Comment, layout: Layout, actor: Actor) -> ShownComment:
    """What :func:`comment_by_id` would say to its writer of a comment without quotes that nobody has seen yet.

    In one query: that nobody has answered it, voted for it or reported it is certain.
    """
    parents = {comment.reply_to.author_id} if comment.reply_to else set()
    authors = profiles({comment.author_id} | parents)
    texts = {comment.unit_id or 0: present_new(comment.unit_id or 0, layout, comment.language, comment.source)}
    return _shown(comment, ReaderView(comment.language, actor), _Around(authors, texts))


def comments_by_id(comment_ids: Collection[int], view: ReaderView) -> dict[int, tuple[ShownComment, str]]:
    """Comments that the reader may know of, each with the key of its place. In a fixed number of queries."""
    rows = Comment.objects.filter(pk__in=comment_ids).select_related("reply_to", "thread")
    known = [row for row in rows if may_read(view.actor, row)]
    return {one.id: (one, row.thread.key) for one, row in zip(show(known, view), known, strict=True)}


@dataclass(frozen=True, slots=True)
class Findable:
    """A visible comment as search wants it; ``key`` is its place's."""

    id: int
    unit: int
    author: int
    language: str
    at: datetime
    key: str


_FINDABLE = ("id", "unit_id", "author_id", "language", "posted_at", "thread__key")


def findable(comment_ids: Collection[int]) -> list[Findable]:
    """Those of the comments that everybody may read. One query."""
    rows = Comment.objects.filter(pk__in=comment_ids, state="visible", unit__isnull=False)
    return [Findable(*row) for row in rows.order_by("id").values_list(*_FINDABLE)]


def findable_after(last: int, limit: int) -> tuple[list[Findable], int | None]:
    """Of the next ``limit`` comments by id those that everybody may read, and the last id looked at. Two queries."""
    ids = list(Comment.objects.filter(pk__gt=last).order_by("id").values_list("id", flat=True)[:limit])
    return findable(ids), ids[-1] if ids else None


def comment_by_number(thread: Thread, number: int, view: ReaderView) -> ShownComment:
    """One comment of a thread; raises :class:`NoSuchComment`."""
    return show([access_numbered(thread, number)], view)[0]


def access_comment(comment_id: int) -> Comment:
    """The row for an action; raises :class:`NoSuchComment`."""
    row = Comment.objects.filter(pk=comment_id).select_related("thread").first()
    if row is None:
        raise NoSuchComment
    return row


def access_numbered(thread: Thread, number: int) -> Comment:
    """The row of a thread's comment for an action; raises :class:`NoSuchComment`."""
    row = Comment.objects.filter(thread=thread, number=number).select_related("reply_to", "thread").first()
    if row is None:
        raise NoSuchComment
    return row


def show(rows: Sequence[Comment], view: ReaderView) -> list[ShownComment]:
    """Comments for one reader, in the order given. In a fixed number of queries, however many comments."""
    authors = profiles({row.author_id for row in rows} | {row.reply_to.author_id for row in rows if row.reply_to})
    states = ("visible", "held", "removed") if view.reads_removed else ("visible", "held")
    alive = [row for row in rows if row.state in states and row.unit_id and may_read_words(view.actor, row)]
    texts = present(
        [row.unit_id for row in alive if row.unit_id],
        view.language,
        view.actor.languages,
        view.mode,
        sources={row.unit_id: row.source for row in alive if row.unit_id},
    )
    around = _Around(
        authors=authors,
        texts=texts,
        replies=_replies(rows),
        quotes=quotes_in([row.pk for row in alive], view.language, view.actor.languages, view.mode),
        mine=mine_among([row.pk for row in rows], {row.thread_id for row in rows}, view.actor),
        reasons=reasons_of("comment", [row.pk for row in rows if row.state in ("removed", "held")]),
        moved=_moved([row.moved_to_id for row in rows if row.moved_to_id]),
    )
    return [_shown(row, view, around) for row in rows]


@dataclass(frozen=True, slots=True)
class Mine:
    """What only a signed-in reader's page knows."""

    votes: dict[int, int] = field(default_factory=dict)
    muted: frozenset[int] = frozenset()
    read_before: dict[int, int] = field(default_factory=dict)  # by thread

    def has_not_seen(self, thread_id: int, number: int | None) -> bool:
        """Whether a comment came after the last visit to its thread; nothing is new where there was none."""
        before = self.read_before.get(thread_id)
        return before is not None and (number or 0) > before


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of some comments besides their rows."""

    authors: Mapping[int, Profile]
    texts: Mapping[int, Presented]  # by unit
    replies: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    quotes: Mapping[int, tuple[ShownQuote, ...]] = field(default_factory=dict)
    mine: Mine = field(default_factory=Mine)
    reasons: Mapping[int, str] = field(default_factory=dict)
    moved: Mapping[int, tuple[str, int]] = field(default_factory=dict)  # by the id of the moved one


def _shown(row: Comment, view: ReaderView, around: _Around) -> ShownComment:
    author, mine = around.authors[row.author_id], around.mine
    return ShownComment(
        id=row.pk,
        number=row.number,
        author=author,
        posted_at=row.posted_at,
        state=row.state,
        language=row.language,
        text=around.texts.get(row.unit_id or 0),
        reply_to=row.reply_to.number if row.reply_to else None,
        reply_to_id=row.reply_to_id,
        reply_to_nickname=around.authors[row.reply_to.author_id].nickname if row.reply_to else "",
        replies=around.replies.get(row.pk, ()),
        quotes=around.quotes.get(row.pk, ()),
        is_generated=row.is_generated,
        is_own=row.author_id == view.actor.id,
        is_picked=row.picked_at is not None,
        edited_at=row.edited_at,
        up=row.up,
        down=row.down,
        own_vote=mine.votes.get(row.pk, 0),
        depth=depth(row.path),
        reason=around.reasons.get(row.pk, ""),
        reply_count=row.reply_count,
        badges=_badges(author, view),
        is_muted=row.author_id in mine.muted,
        is_unread=mine.has_not_seen(row.thread_id, row.number) and row.author_id != view.actor.id,
        may_edit=may_edit(view.actor, row) and is_within_edit_window(row, now()),
        wording=wording_of(row.source) if row.state == "held" else "",
        moved_to=around.moved.get(row.moved_to_id or 0),
    )


def _moved(ids: Sequence[int]) -> dict[int, tuple[str, int]]:
    """Where comments stand that signposts lead to. One query, or none."""
    rows = Comment.objects.filter(pk__in=ids).values_list("pk", "thread__key", "number") if ids else ()
    return {pk: (key, number) for pk, key, number in rows if number is not None}


def mine_among(comments: Sequence[int], threads: Collection[int], actor: Actor) -> Mine:
    """What is the actor's own about some comments of these threads. Three queries, or none."""
    if actor.id is None or not comments:
        return Mine()
    votes, visits = _VOTES(actor.id, list(comments)), _VISITS(actor.id, list(threads))
    return Mine(dict(votes), muted_by(actor.id), dict(visits))


_VOTES = Select(
    lambda reader, comments: Vote.objects.filter(reader=reader, comment__pk__in=comments).values_list(
        "comment_id", "value"
    )
)
_VISITS = Select(
    lambda reader, threads: Visit.objects.filter(reader=reader, thread__pk__in=threads).values_list(
        "thread_id", "read_before"
    )
)


def _badges(author: Profile, view: ReaderView) -> tuple[str, ...]:
    found = (
        ("author", author.id in view.writers),
        ("staff", author.is_staff),
        ("verified", author.is_verified),
    )
    return tuple(badge for badge, has_it in found if has_it)


def _replies(rows: Sequence[Comment]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = {}
    for parent, number in _REPLIES([row.pk for row in rows]) if rows else ():
        found.setdefault(parent, []).append(number)
    return {parent: tuple(numbers) for parent, numbers in found.items()}


def _replies_to(comments: Any) -> Any:
    """A few of each: one comment may have ten thousand."""
    answers = Comment.objects.filter(reply_to__pk__in=comments, state="visible")
    first = answers.annotate(place=Window(RowNumber(), partition_by="reply_to", order_by="number"))
    return first.filter(place__lte=_MOST_REPLIES).order_by("number").values_list("reply_to_id", "number")


_REPLIES = Select(_replies_to)


@dataclass(frozen=True, slots=True)
class Version:
    """What a comment said from a moment on."""

    number: int
    at: datetime
    text: Presented


def history(comment: Comment) -> list[Version]:
    """All that a comment has said, the newest first, in its own words."""
    rows = list(EarlierVersion.objects.filter(comment=comment).order_by("-number"))
    newest = (len(rows) + 1, comment.edited_at or comment.posted_at, comment.source, comment.language)
    told = [newest, *((row.number, row.at, row.source, row.language) for row in rows)]
    return [
        Version(number, at, preview(parse(source), language, language, ())) for number, at, source, language in told
    ]


def follows(thread: Thread, actor: Actor) -> bool:
    """Whether the actor wants to hear of the thread."""
    return actor.is_signed_in and _FOLLOW.first(thread.pk, actor.id) is not None


_FOLLOW = Select(lambda thread, reader: Follow.objects.filter(thread=thread, reader=reader).values_list("pk"))


def new_since(thread: Thread, number: int) -> int:
    """How many comments came after ``number``."""
    return Comment.objects.filter(thread=thread, number__gt=number, state="visible").count()


def participants(thread: Thread, begin: str) -> list[str]:
    """Nicknames of those who have written in a thread that begin with these letters. One query."""
    return nicknames_beginning(begin, among=_has_written_in(thread))


def _has_written_in(thread: Any) -> Exists:
    """A condition on a reader. Asked of the few whose names fit: a long thread has many writers."""
    return Exists(Comment.objects.filter(thread=thread, author=OuterRef("pk"), state="visible"))


_WRITERS_AMONG = Select(
    lambda thread, readers: (
        Comment.objects.filter(thread=thread, author__pk__in=readers, state="visible")
        .values_list("author_id")
        .distinct()
    )
)
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")


def names_in_thread(thread_id: int, text: str) -> set[str]:
    """Nicknames and real names of the thread's participants that occur in ``text``. Two queries at most.

    Looked up by the text's own words, so the thread's length does not matter. In one query it would: PostgreSQL likes
    to gather the thread's writers first.
    """
    words = text.split()
    phrases = {" ".join(words[at : at + size]) for size in (1, 2, 3) for at in range(len(words) - size + 1)}
    bare = {_EDGES.sub("", phrase) for phrase in phrases} | phrases
    bare |= {phrase.removesuffix("'s").removesuffix("’s") for phrase in bare}
    keys = {casefold_key(phrase) for phrase in list(bare)[:3000] if 2 <= len(phrase) <= 40}
    names = {reader: {name for name in found if name in text} for reader, found in names_matching(keys).items()}
    asked = [reader for reader, found in names.items() if found]
    writers = _WRITERS_AMONG(thread_id, asked) if asked else []
    return {name for (reader,) in writers for name in names[reader]}
