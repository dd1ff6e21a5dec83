"""Windows of a thread in each of its orders: by key, never by counting, so that every window costs the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from dragoman.conversation.models import Comment, Quote, Thread
from dragoman.conversation.queries import WINDOW, ReaderView, ShownComment, mine_among, show
from dragoman.conversation.rules.ordering import Order
from dragoman.foundation.statements import SelectModels
from dragoman.readers.policies import Actor, may

_KEYS = {"best": "best", "replied": "reply_count"}
_MOST_PICKED = 3
_HIGHEST = 2**31 - 1  # that a number can be


@dataclass(frozen=True, slots=True)
class Window:
    """Some comments of a thread. ``previous`` and ``next``: numbers of the comments that other windows begin with."""

    comments: tuple[ShownComment, ...]
    total: int
    order: Order = "oldest"
    first: int = 1
    previous: int | None = None
    next: int | None = None
    held: tuple[ShownComment, ...] = field(default=())
    picked: tuple[ShownComment, ...] = field(default=())

    @property
    def last_number(self) -> int:
        """The highest number in it, or 0."""
        return max((one.number or 0 for one in self.comments), default=0)

    @property
    def unread(self) -> int:
        """How many of its comments the reader has not seen."""
        return sum(one.is_unread for one in self.comments)


def window(
    thread: Thread, view: ReaderView, *, first: int | None = None, order: Order = "oldest", limit: int = WINDOW
) -> Window:
    """The comments from number ``first`` on, in an order; from its beginning where there is none.

    Tombstones keep their places where comments stand by number or in the tree.
    """
    start = _start(thread, first)
    is_beyond = first is not None and start is None
    rows = [] if is_beyond else _after(thread, order, start, limit + 1)
    before = _before(thread, order, start, limit)
    held = list(_held(thread, view.actor))
    picked = _PICKED(thread.pk) if start is None or start.number == 1 else []
    shown = iter(show([*rows[:limit], *held, *picked], view))
    return Window(
        comments=tuple(next(shown) for _row in rows[:limit]),
        total=thread.last_number,
        order=order,
        first=rows[0].number or 1 if rows else first or 1,
        previous=before,
        next=rows[limit].number if len(rows) > limit else None,
        held=tuple(next(shown) for _row in held),
        picked=tuple(next(shown) for _row in picked),
    )


def as_seen_by(found: Window, thread: Thread, view: ReaderView, *, with_held: bool) -> Window:
    """A window that was made for nobody, as a reader without a role sees it.

    With own votes, own comments and held ones, whom he or she mutes, and what is new. Five queries at most, and what
    :func:`show` asks where something is the reader's own.
    """
    everything = (*found.comments, *found.picked)
    own = [one.id for one in everything if one.author.id == view.actor.id]
    rows = [*(_OF_IDS(own) if own else ()), *(_held(thread, view.actor) if with_held else ())]
    shown = {one.id: one for one in show(rows, view)} if rows else {}
    mine = mine_among([one.id for one in everything], [thread.pk], view.actor)

    def seen(one: ShownComment) -> ShownComment:
        if one.id in shown:
            return shown[one.id]
        marks = (mine.votes.get(one.id, 0), one.author.id in mine.muted, mine.has_not_seen(thread.pk, one.number))
        return replace(one, own_vote=marks[0], is_muted=marks[1], is_unread=marks[2]) if any(marks) else one

    return replace(
        found,
        comments=tuple(map(seen, found.comments)),
        picked=tuple(map(seen, found.picked)),
        held=tuple(one for one in shown.values() if one.id not in own),
    )


def quoting(
    thread: Thread, unit: int, occurrences: Collection[int], view: ReaderView, *, first: int | None = None
) -> Window:
    """The visible comments of a thread that quote one of these sentences, by number."""
    quotes = Quote.objects.filter(unit=unit, occurrence__in=occurrences)
    rows = list(
        _numbered(thread)
        .filter(state="visible", number__gte=first or 1, pk__in=quotes.values("comment"))
        .order_by("number")[: WINDOW + 1]
    )
    return Window(
        comments=tuple(show(rows[:WINDOW], view)),
        total=thread.last_number,
        next=rows[WINDOW].number if len(rows) > WINDOW else None,
    )


def _start(thread: Thread, first: int | None) -> Comment | None:
    """The comment with this number, or the next one that there is: an import may leave gaps."""
    if first is None:
        return None
    rows = Comment.objects.filter(thread=thread, number__gte=first).order_by("number")
    return rows.only("number", "path", "best", "reply_count").first()


def _after(thread: Thread, order: Order, start: Comment | None, limit: int) -> list[Comment]:
    """The comments from ``start`` on, itself included."""
    if order in _KEYS:
        return _by_key(thread, _KEYS[order], start, limit, backwards=False)
    if order == "tree":
        return _ranged(order, limit)(thread.pk, start.path if start is not None else "")
    begin = _HIGHEST if order == "newest" else 1
    return _ranged(order, limit)(thread.pk, (start.number if start is not None else None) or begin)


@cache
def _ranged(order: Order, limit: int) -> SelectModels[Comment]:
    """At most ``limit`` comments of a thread in an order, from a number or a path on."""
    return SelectModels(lambda thread, begin: _range(_numbered(thread), order, begin)[:limit])


def _range(rows: QuerySet[Comment], order: Order, begin: Any) -> QuerySet[Comment]:
    if order == "newest":
        return rows.filter(number__lte=begin).order_by("-number")
    if order == "tree":
        return rows.filter(path__gte=begin).order_by("path")
    return rows.filter(number__gte=begin).order_by("number")


def _before(thread: Thread, order: Order, start: Comment | None, limit: int) -> int | None:
    """The number that the window before ``start`` begins with."""
    if start is None:
        return None
    rows = _numbered(thread)
    if order in _KEYS:
        found = [row.number for row in _by_key(thread, _KEYS[order], start, limit, backwards=True)]
    elif order == "newest":
        found = list(rows.filter(number__gt=start.number).order_by("number").values_list("number", flat=True)[:limit])
    elif order == "tree":
        found = list(rows.filter(path__lt=start.path).order_by("-path").values_list("number", flat=True)[:limit])
    else:
        return max(1, (start.number or 1) - limit) if (start.number or 1) > 1 else None
    return found[-1] if found else None


def _by_key(thread: Thread, key: str, start: Comment | None, limit: int, *, backwards: bool) -> list[Comment]:
    """By votes or replies, the older one first where two are equal: those equal to ``start``, then the others.

    Two ranges of one index; an *or* of both would walk through all that are equal.
    """
    rows = _numbered(thread).filter(state="visible")
    order = (key, "-number") if backwards else (f"-{key}", "number")
    if start is None:
        return list(rows.order_by(*order)[:limit])
    value = getattr(start, key)
    near = Q(number__lt=start.number) if backwards else Q(number__gte=start.number)
    found = list(rows.filter(near, **{key: value}).order_by(*order)[:limit])
    if len(found) < limit:
        far = {f"{key}__gt": value} if backwards else {f"{key}__lt": value}
        found += rows.filter(**far).order_by(*order)[: limit - len(found)]
    return found


# Of what is answered, no more than is told of it: all its columns would cost as much as the comments themselves.
_SHOWN = [*(field.name for field in Comment._meta.concrete_fields), "reply_to__number", "reply_to__author"]


def _numbered(thread: Any) -> QuerySet[Comment]:
    return Comment.objects.filter(thread=thread, number__isnull=False).select_related("reply_to").only(*_SHOWN)


def _held(thread: Thread, actor: Actor) -> Iterable[Comment]:
    """Never-released comments that the actor may see; staff see all, writers their own."""
    if may(actor, "comment.read_held"):
        return _HELD(thread.pk)
    return _HELD_OF(thread.pk, actor.id) if actor.is_signed_in else []


def _held_in(thread: Any) -> QuerySet[Comment]:
    rows = Comment.objects.filter(thread=thread, state="held", number=None)
    return rows.select_related("reply_to").order_by("id")


_OF_IDS = SelectModels[Comment](lambda ids: Comment.objects.filter(pk__in=ids).select_related("reply_to").only(*_SHOWN))
_HELD = SelectModels[Comment](lambda thread: _held_in(thread)[:WINDOW])
_HELD_OF = SelectModels[Comment](lambda thread, author: _held_in(thread).filter(author=author)[:WINDOW])


def _picked_in(thread: Any) -> QuerySet[Comment]:
    """What editors picked, the newest pick first."""
    rows = Comment.objects.filter(thread=thread, picked_at__isnull=False, state="visible")
    return rows.select_related("reply_to").order_by("-picked_at")[:_MOST_PICKED]


_PICKED = SelectModels[Comment](_picked_in)
