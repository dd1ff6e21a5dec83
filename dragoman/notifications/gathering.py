"""From what happened to who is told: read from the outbox by a worker, each event once."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import F, QuerySet

from dragoman.conversation.audience import Audience, audience
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
_DECISIONS = {"held": ("hold",), "removed": ("remove",), "shown": ("release", "restore")}


def gather() -> bool:
    """Make notifications of the next events; whether there were any."""
    return follow(FOLLOWER, _tell)


def _tell(events: Sequence[Heard]) -> None:
    told: set[int] = set()
    for event in events:
        try:
            with transaction.atomic():
                told |= _told_of(event.announcement)
        except DatabaseError:
            raise  # all of it again
        except Exception:
            # One event that nobody understands must not keep all later ones waiting for ever.
            _log.exception("event %s tells nobody", event.id)
    announce(*(Announcement(f"reader:{reader}", "notified") for reader in sorted(told)))


def _told_of(said: Announcement) -> set[int]:
    if said.kind == "comment":
        return _tell_of_comment(int(said.data["id"]))
    if said.kind == "changed" and said.data.get("of") == "comment":
        return _tell_of_change(int(said.data["id"]), str(said.data.get("version", "")))
    return set()


def _tell_of_comment(comment: int) -> set[int]:
    whom = audience(comment)
    if whom is None or not whom.is_visible:
        return set()
    told = _tell_decision(whom, whom.decided, ("release",))
    kinds = _kinds(whom)
    singly = {reader: kind for reader, kind in kinds.items() if kind != "followed"}
    followers = [reader for reader, kind in kinds.items() if kind == "followed"]
    return told | _tell_each(whom, singly) | _tell_followers(whom, followers)


def _tell_of_change(comment: int, version: str) -> set[int]:
    if not (version in ("pick", *_DECISIONS) or version.startswith("edit-")):
        return set()
    whom = audience(comment)
    if whom is None:
        return set()
    if version == "pick" and whom.is_visible:
        return _tell_each(whom, {whom.author: "pick"})
    if version.startswith("edit-") and whom.is_visible:
        mentioned = {reader: kind for reader, kind in _kinds(whom).items() if kind == "mention"}
        return _tell_each(whom, mentioned)
    return _tell_decision(whom, whom.decided, _DECISIONS.get(version, ()))


def _kinds(whom: Audience) -> dict[int, Kind]:
    reasons: dict[Kind, Collection[int]] = {
        "reply": whom.answered,
        "quote": whom.quoted,
        "mention": whom.mentioned,
        "followed": whom.following,
    }
    everybody = frozenset(reader for readers in reasons.values() for reader in readers)
    return strongest(reasons, without={whom.author, *muting(whom.author, everybody)})


def _tell_decision(whom: Audience, decided: Decided | None, acts: Collection[str]) -> set[int]:
    if decided is None or decided.act not in acts:
        return set()
    return _tell_each(whom, {whom.author: "decision"}, decided)


def _tell_each(whom: Audience, kinds: Mapping[int, Kind], decided: Decided | None = None) -> set[int]:
    rows = [
        _row(whom, reader, kind, wish, decided)
        for reader, kind, wish in _wished(kinds)
        if not wish.is_silent  # what a reader does not want to hear of is not even written down
    ]
    # Whoever was told of this comment already is not told again.
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return {row.reader_id for row in rows if row.on_site}


def _tell_followers(whom: Audience, readers: Collection[int]) -> set[int]:
    """One notification for each, that counts, until the reader has looked: a thread may have ten thousand comments."""
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
