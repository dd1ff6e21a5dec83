"""What readers do about their notifications: look, choose, leave; and what comes back from mail servers."""

import hashlib
import re
from collections.abc import Mapping

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F

from dragoman.foundation.clock import now
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.notifications.errors import BadUnsubscribeLink, NoBounce, UnknownPushService
from dragoman.notifications.models import DeadAddress, Device, Notification, Preference
from dragoman.notifications.queries import wishes_for
from dragoman.notifications.rules.bounces import read_bounces
from dragoman.notifications.rules.kinds import DEFAULTS, Kind, Wish
from dragoman.readers.policies import Actor, require

_SALT = "dragoman.notifications.unsubscribe"
_ENDPOINT = re.compile(
    r"(?:https://(?P<host>[a-z0-9.-]+)|http://(?P<here>127\.0\.0\.1|localhost):[0-9]{1,5})/[!-\[\]-~]*"
)
_MOST_BOUNCES = 3  # that might pass; after so many an address counts as dead
MOST_DEVICES = 10


def mark_seen(*, actor: Actor, up_to: int) -> None:
    """The actor has looked at all up to this one: no mail or push about them any more."""
    reader = require(actor, "thread.follow")
    with transaction.atomic():
        rows = Notification.objects.filter(reader=reader, pk__lte=up_to, seen_at=None)
        if rows.update(seen_at=now(), mail="", push=False):
            announce(Announcement(f"reader:{reader}", "notified"))


def choose(*, actor: Actor, wishes: Mapping[Kind, Wish]) -> None:
    """How the actor wants to hear of each kind. What waits to be sent and is not wanted any more is not sent."""
    reader = require(actor, "thread.follow")
    with transaction.atomic():
        for kind, wish in wishes.items():
            _store(reader, kind, wish)


def _store(reader: int, kind: Kind, wish: Wish) -> None:
    if wish == DEFAULTS[kind]:
        Preference.objects.filter(reader=reader, kind=kind).delete()
    else:
        said = {"site": wish.site, "mail": wish.mail, "push": wish.push}
        Preference.objects.update_or_create(reader_id=reader, kind=kind, defaults=said)
    waiting = Notification.objects.filter(reader=reader, kind=kind)
    if not wish.mail:
        waiting.exclude(mail="").update(mail="")
    if not wish.push:
        waiting.filter(push=True).update(push=False)


def unsubscribe_token(reader: int) -> str:
    """What a mail's own way out is signed with; it never runs out, as mails do not."""
    return signing.dumps(reader, salt=_SALT)


def reader_of_token(token: str) -> int:
    """Whose mail it is; raises :class:`BadUnsubscribeLink`."""
    try:
        return int(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise BadUnsubscribeLink from None


def unsubscribe(*, token: str) -> None:
    """No more mail about conversations, for whoever holds the mail: no sign-in is asked for (RFC 8058)."""
    reader = reader_of_token(token)
    with transaction.atomic():
        for kind, wish in wishes_for(reader).items():
            _store(reader, kind, Wish(wish.site, "", wish.push))


def add_device(*, actor: Actor, endpoint: str, p256dh: str, auth: str) -> None:
    """A browser of the actor's that takes web push. One that was somebody else's is the actor's now."""
    reader = require(actor, "thread.follow")
    check_endpoint(endpoint)
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    with transaction.atomic():
        Device.objects.update_or_create(
            endpoint_hash=digest,
            defaults={
                "reader_id": reader,
                "endpoint": endpoint,
                "p256dh": p256dh,
                "auth": auth,
                "added_at": now(),
            },
        )
        newest = Device.objects.filter(reader=reader).order_by("-added_at", "-id").values_list("id", flat=True)
        Device.objects.filter(reader=reader).exclude(pk__in=list(newest[:MOST_DEVICES])).delete()


def remove_device(*, actor: Actor, endpoint: str) -> None:
    """This browser takes no more push; twice is once."""
    reader = require(actor, "thread.follow")
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    Device.objects.filter(reader=reader, endpoint_hash=digest).delete()


def check_endpoint(endpoint: str) -> None:
    """Raise where an address is none of the push services that the operator lists.

    It comes from a reader's browser: any other one would have this server speak to whom the reader likes.
    """
    # One spelling only: what libraries read differently (a name before an @, a backslash, a port) is refused.
    found = _ENDPOINT.fullmatch(endpoint) if len(endpoint) <= 1000 else None
    host = found["host"] or found["here"] if found else ""
    if not any(host == one or host.endswith(f".{one}") for one in settings.DRAGOMAN.push_services):
        raise UnknownPushService


def note_bounces(raw: bytes) -> list[str]:
    """Take down what a delivery report says; the addresses that get no more mail. Raises :class:`NoBounce`."""
    bounces = read_bounces(raw)
    if not bounces:
        raise NoBounce
    return [bounce.address for bounce in bounces if note_bounce(bounce.address, is_lasting=bounce.is_lasting)]


def note_bounce(address: str, *, is_lasting: bool) -> bool:
    """A mail to this address came back; whether it counts as dead from now on."""
    with transaction.atomic():
        row, _is_new = DeadAddress.objects.get_or_create(address=address.lower()[:254], defaults={"at": now()})
        DeadAddress.objects.filter(pk=row.pk).update(bounces=F("bounces") + 1, at=now())
        row.refresh_from_db()
        if is_lasting or row.bounces >= _MOST_BOUNCES:
            row.is_dead = True
            row.save(update_fields=["is_dead"])
    return row.is_dead


def forget_bounces(address: str) -> None:
    """A mail arrived, or the reader says that the address works."""
    DeadAddress.objects.filter(address=address.lower()).delete()
