"""Reading notifications, and how readers want to hear of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.db.models import Count

from dragoman.conversation.places import comment_address, number_of
from dragoman.conversation.queries import ReaderView, ShownComment, comments_by_id
from dragoman.foundation.statements import Select
from dragoman.moderation.reasons import AGAINST
from dragoman.notifications.models import DeadAddress, Notification, Preference
from dragoman.notifications.rules.kinds import DEFAULTS, KINDS, Kind, Mail, Wish
from dragoman.publication.queries import cards_by_number
from dragoman.readers.policies import Actor, require
from dragoman.translation.presented import PresentedBlock

WINDOW = 50


@dataclass(frozen=True, slots=True)
class ShownNotification:
    """A notification for its reader. ``path`` leads to the comment, or to what else it is about."""

    id: int
    kind: Kind
    at: datetime
    times: int
    act: str
    reason: str
    is_new: bool
    path: str
    comment: ShownComment | None = None
    headline: PresentedBlock | None = None


@dataclass(frozen=True, slots=True)
class Notifications:
    """A window of them, the newest first; ``before`` is what the next window is asked for with.

    ``newest`` is the highest id looked at, also where what it tells of is gone by now.
    """

    items: tuple[ShownNotification, ...]
    before: int | None = None
    newest: int = 0
    has_new: bool = False


def wishes_of(kinds: Mapping[int, Kind]) -> dict[int, Wish]:
    """How each reader wants to hear of a kind. One query."""
    rows = Preference.objects.filter(reader__in=kinds, kind__in=set(kinds.values()))
    said = {(row.reader_id, row.kind): _wish(row) for row in rows}
    return {reader: said.get((reader, kind), DEFAULTS[kind]) for reader, kind in kinds.items()}


def wishes_for(reader_id: int) -> dict[Kind, Wish]:
    """How one reader wants to hear of each kind. One query."""
    rows = Preference.objects.filter(reader=reader_id)
    said = {row.kind: _wish(row) for row in rows}
    return {kind: said.get(kind, DEFAULTS[kind]) for kind in KINDS}


def _wish(row: Preference) -> Wish:
    return Wish(row.site, cast(Mail, row.mail), row.push)


def unseen(actor: Actor) -> int:
    """How many wait for the actor to look, at most 100. One query."""
    if actor.id is None:
        return 0
    return len(_UNSEEN(actor.id))


_UNSEEN = Select(
    lambda reader: Notification.objects.filter(reader=reader, seen_at=None, on_site=True).values_list("pk")[:100]
)


def notifications(view: ReaderView, *, before: int | None = None) -> Notifications:
    """The actor's own. In a fixed number of queries; what was taken away meanwhile is not among them."""
    reader = require(view.actor, "thread.follow")
    rows = Notification.objects.filter(reader=reader, on_site=True)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-id")[: WINDOW + 1])
    shown = show(found[:WINDOW], view)
    return Notifications(
        tuple(shown),
        found[WINDOW - 1].pk if len(found) > WINDOW else None,
        max((row.pk for row in found[:WINDOW]), default=0),
        any(row.seen_at is None for row in found[:WINDOW]),
    )


def show(rows: Sequence[Notification], view: ReaderView) -> list[ShownNotification]:
    """Notifications for their reader, in the order given.

    Left out: what is held or gone, except the decision about one's own comment; and
    what stands below an article that is not there any more.
    """
    comments = comments_by_id([row.comment_id for row in rows if row.comment_id], view)
    keys = {pk: key for pk, (_comment, key) in comments.items()}
    cards = cards_by_number({number_of(key) for key in keys.values()}, view.language, view.actor.languages)
    found: list[ShownNotification] = []
    for row in rows:
        if row.comment_id is None:
            found.append(_personal(row, view.language))
            continue
        card = cards.get(number_of(keys.get(row.comment_id, "")))
        if card is None:
            continue
        comment = comments[row.comment_id][0]
        is_own_matter = row.kind == "decision" and comment.is_own
        if comment.state == "visible" or is_own_matter:
            found.append(_shown(row, comment, card.headline, card.path, view.language))
    return found


def _personal(row: Notification, language: str) -> ShownNotification:
    path = f"/{language}/standing" if row.kind == "sanction" else f"/{language}/translations/{row.about}"
    kind = cast(Kind, row.kind)
    return ShownNotification(row.pk, kind, row.at, row.times, row.act, row.reason, row.seen_at is None, path)


def _path(row: Notification, comment: ShownComment, path: str, language: str) -> str:
    """To the comment; of a decision against it, to its reasons."""
    if row.kind == "decision" and row.act in (*AGAINST, "uphold"):
        return f"/{language}/comments/{comment.id}/decision"
    return comment_address(path, comment.number) if comment.number else f"{path}#held"


def _shown(
    row: Notification, comment: ShownComment, headline: PresentedBlock, path: str, language: str
) -> ShownNotification:
    return ShownNotification(
        id=row.pk,
        kind=cast(Kind, row.kind),
        at=row.at,
        times=row.times,
        act=row.act,
        reason=row.reason,
        is_new=row.seen_at is None,
        comment=comment,
        headline=headline,
        path=_path(row, comment, path, language),
    )


def is_dead(address: str) -> bool:
    """Whether mail to this address comes back for good."""
    return DeadAddress.objects.filter(address=address.lower(), is_dead=True).exists()


def waiting_to_be_sent() -> dict[str, int]:
    """How many notifications wait for their mail, at once or with the digest, and for their push. Two queries."""
    rows = Notification.objects.exclude(mail="").values_list("mail").annotate(number=Count("id"))
    return {**dict(rows), "push": Notification.objects.filter(push=True).count()}
