"""From what happened to who is told: read from the outbox by a worker, each event once."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import DatabaseError
from django.db.models import F, QuerySet

from dragoman.conversation.audience import Audience, audience
from dragoman.conversation.moving import MOVED
from dragoman.foundation.clock import now
from dragoman.live.actions import announce
from dragoman.live.events import Announcement, Heard
from dragoman.live.following import follow
from dragoman.moderation.queries import Decided
from dragoman.notifications.models import Notification
from dragoman.notifications.queries import wishes_of
from dragoman.notifications.rules.kinds import KEPT, Kind, Wish, strongest
from dragoman.readers.queries import muting

_log = logging.getLogger(__name__)
FOLLOWER = "notifications"
_DECISIONS = {"held": ("hold",), "ask": ("ask",), "removed": ("remove",), "shown": ("release", "restore")}
_PLAIN = ("uphold", "move")  # decisions without a reason, that leave the comment as it is

_PERSONAL: dict[str, tuple[Kind, str]] = {"sanctioned": ("sanction", "id"), "thanked": ("thanks", "unit")}


@dataclass(frozen=True, slots=True)
class _News:
    """What a comment is to those whom it concerns; ``decided`` where it is a decision for its author."""

    whom: Audience
    singly: Mapping[int, Kind]
    followers: Sequence[int] = ()
    decided: Decided | None = None

    def tell(self) -> set[int]:
        return _tell_each(self.whom, self.singly, self.decided) | _tell_followers(self.whom, self.followers)


@dataclass(frozen=True, slots=True)
class _Personal:
    """What concerns one reader and no comment; ``about``: a sanction's id, or a text's."""

    reader: int
    kind: Kind
    about: int

    def tell(self) -> set[int]:
        wish = wishes_of({self.reader: self.kind})[self.reader]
        if wish.is_silent:
            return set()
        row = Notification(
            reader_id=self.reader,
            kind=self.kind,
            about=self.about,
            on_site=wish.site,
            mail=wish.mail,
            push=wish.push,
            at=now(),
        )
        Notification.objects.bulk_create([row], ignore_conflicts=True)
        return {self.reader} if wish.site else set()


def gather() -> bool:
    """Make notifications of the next events; whether there were any."""
    return follow(FOLLOWER, _prepare)


def _prepare(events: Sequence[Heard]) -> Callable[[], None]:
    news: list[_News | _Personal] = []
    for event in events:
        try:
            news += _news_of(event.announcement)
        except DatabaseError:
            raise  # all of it again
        except Exception:
            # One event that nobody understands must not keep all later ones waiting for ever.
            _log.exception("event %s tells nobody", event.id)
    return partial(_tell, news)


def _tell(news: Sequence[_News | _Personal]) -> None:
    told = {reader for one in news for reader in one.tell()}
    announce(*(Announcement(f"reader:{reader}", "notified") for reader in sorted(told)))


def _news_of(said: Announcement) -> Sequence[_News | _Personal]:
    if said.kind in _PERSONAL:
        kind, key = _PERSONAL[said.kind]
        return [_Personal(int(said.topic.partition(":")[2]), kind, int(said.data[key]))]
    if said.kind == "comment":
        return _of_comment(int(said.data["id"]), is_moved=bool(said.data.get("moved")))
    if said.kind == "changed" and said.data.get("of") == "comment":
        return _of_change(int(said.data["id"]), str(said.data.get("version", "")))
    return []


def _of_comment(comment: int, *, is_moved: bool) -> list[_News]:
    whom = audience(comment)
    if whom is None or not whom.is_visible:
        return []
    kinds = _kinds(whom)
    singly = {reader: kind for reader, kind in kinds.items() if kind != "followed"}
    followers = [reader for reader, kind in kinds.items() if kind == "followed"]
    shown = [] if is_moved else _of_decision(whom, _DECISIONS["shown"])  # a move is told by the place that it left
    return [*shown, _News(whom, singly, followers)]


def _of_change(comment: int, version: str) -> list[_News]:
    act = "move" if version == MOVED else version
    if not (act in ("pick", *_PLAIN, *_DECISIONS) or version.startswith("edit-")):
        return []
    whom = audience(comment)
    if whom is None:
        return []
    if version == "pick" and whom.is_visible:
        return [_News(whom, {whom.author: "pick"})]
    if version.startswith("edit-") and whom.is_visible:
        return [_News(whom, {reader: kind for reader, kind in _kinds(whom).items() if kind == "mention"})]
    if act in _PLAIN:
        return [_News(whom, {whom.author: "decision"}, decided=Decided(act, ""))]
    return _of_decision(whom, _DECISIONS.get(version, ()))


def _of_decision(whom: Audience, acts: Collection[str]) -> list[_News]:
    decided = whom.decided
    if decided is None or decided.act not in acts:
        return []
    return [_News(whom, {whom.author: "decision"}, decided=decided)]


def _kinds(whom: Audience) -> dict[int, Kind]:
    reasons: dict[Kind, Collection[int]] = {
        "reply": whom.answered,
        "quote": whom.quoted,
        "mention": whom.mentioned,
        "followed": whom.following,
    }
    everybody = frozenset(reader for readers in reasons.values() for reader in readers)
    return strongest(reasons, without={whom.author, *muting(whom.author, everybody)})


def _tell_each(whom: Audience, kinds: Mapping[int, Kind], decided: Decided | None = None) -> set[int]:
    if not kinds:
        return set()
    rows = [
        _row(whom, reader, kind, wish, decided)
        for reader, kind, wish in _wished(kinds)
        if not wish.is_silent  # what a reader does not want to hear of is not even written down
    ]
    # Whoever was told of this comment already is not told again.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.reader_id for row in rows if row.on_site}


def _tell_followers(whom: Audience, readers: Sequence[int]) -> set[int]:
    """One notification for each, that counts, until the reader has looked: a thread may have ten thousand comments."""
    if not readers:
        return set()
    unseen = Notification.objects.filter(kind="followed", thread=whom.thread, seen_at=None, reader__in=readers)
    counting = set(unseen.values_list("reader_id", flat=True))
    unseen.update(times=F("times") + 1, at=now(), comment=whom.comment)
    _wait_again(unseen, counting)
    fresh: dict[int, Kind] = {reader: "followed" for reader in readers if reader not in counting}
    return counting | _tell_each(whom, fresh)


def _wait_again(unseen: QuerySet[Notification], readers: Collection[int]) -> None:
    """What was mailed or pushed already and has more to tell is sent once more."""
    by_wish: dict[Wish, list[int]] = {}
    kinds: dict[int, Kind] = dict.fromkeys(readers, "followed")
    for reader, _kind, wish in _wished(kinds):
        by_wish.setdefault(wish, []).append(reader)
    for wish, mine in by_wish.items():
        if wish.mail or wish.push:
            unseen.filter(reader__in=mine).update(mail=wish.mail, push=wish.push, lease=None, push_lease=None)


def _wished(kinds: Mapping[int, Kind]) -> Iterable[tuple[int, Kind, Wish]]:
    wishes = wishes_of(kinds)
    return ((reader, kind, wishes[reader]) for reader, kind in kinds.items())


def _row(whom: Audience, reader: int, kind: Kind, wish: Wish, decided: Decided | None) -> Notification:
    return Notification(
        reader_id=reader,
        kind=kind,
        comment_id=whom.comment,
        thread_id=whom.thread,
        act=decided.act if decided else "",
        reason=decided.reason if decided else "",
        on_site=wish.site,
        mail=wish.mail,
        push=wish.push,
        at=now(),
    )


def forget_old_notifications() -> int:
    """Drop what nobody looks at any more, and what was sent to those who want none on the site; how many."""
    rows = Notification.objects.all()
    sent = rows.filter(on_site=False, mail="", push=False, at__lt=now() - timedelta(days=7))
    return rows.filter(at__lt=now() - KEPT).delete()[0] + sent.delete()[0]
