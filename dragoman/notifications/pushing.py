"""Web push: a short word to the reader's own device, encrypted for it alone (RFC 8291, RFC 8292)."""

import json
import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from email.utils import parseaddr

import requests
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.db import DatabaseError, transaction
from py_vapid import Vapid02
from py_vapid.utils import b64urlencode
from pywebpush import WebPushException, webpush

from dragoman.foundation.clock import now
from dragoman.foundation.languages import direction, interface_for
from dragoman.notifications.actions import check_endpoint
from dragoman.notifications.claiming import claim, free, put_off, spoken_to
from dragoman.notifications.errors import UnknownPushService
from dragoman.notifications.models import Device, Notification, PushKey
from dragoman.notifications.queries import ShownNotification
from dragoman.notifications.rules.kinds import GRACE
from dragoman.notifications.sentences import sentence
from dragoman.readers.queries import addressees

_log = logging.getLogger(__name__)
_AT_ONCE = 50
_LASTS = timedelta(hours=12)  # a word about a conversation that is older than that is none
_LONGEST = 400  # characters of a comment; a push has room for less than 4 KiB
_SECONDS = 10.0
_ROUND = 60.0  # seconds after which what is left waits for the next look
_GONE = (404, 410)


def public_key() -> str:
    """What a browser subscribes with: the publication's own key, base64url."""
    point = _key().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return str(b64urlencode(point))


def _key() -> Vapid02:
    row = PushKey.objects.first()
    if row is None:
        row = _make_key()
    return Vapid02.from_pem(row.private.encode())


def _make_key() -> PushKey:
    made = Vapid02()
    made.generate_keys()
    with transaction.atomic():
        # Two that come at once both find row 1.
        return PushKey.objects.get_or_create(pk=1, defaults={"private": made.private_pem().decode(), "made_at": now()})[
            0
        ]


def send_due_pushes() -> int:
    """Send what is due; how many notifications were sent to at least one device."""
    rows = Notification.objects.filter(push=True)
    outdated = rows.filter(at__lt=now() - _LASTS)
    if outdated.exists():  # an idle look must not keep SQLite's writer waiting
        outdated.update(push=False)
    due = list(free(rows.filter(at__lte=now() - GRACE), "push_lease").order_by("at")[:_AT_ONCE])
    if not due:
        return 0
    devices: dict[int, list[Device]] = {}
    for device in Device.objects.filter(reader__in={row.reader_id for row in due}):
        devices.setdefault(device.reader_id, []).append(device)
    editions = {one.id: one.edition for one in addressees(list(devices)).values()}
    sent, until = 0, time.monotonic() + _ROUND
    for row in due:
        if time.monotonic() < until and claim([row], "push_lease"):
            sent += _send_guarded(row, devices.get(row.reader_id, []), editions)
    return sent


def _send_guarded(row: Notification, devices: Sequence[Device], editions: dict[int, str]) -> bool:
    try:
        return _send(row, devices, editions)
    except DatabaseError:
        raise  # the lease runs out by itself
    except Exception:
        # Whatever is wrong with this one, the others go out.
        _log.exception("a push could not be made")
        put_off([row], "push_lease")
        return False


def _send(row: Notification, devices: Sequence[Device], editions: dict[int, str]) -> bool:
    if not devices:
        return _done(row, is_sent=False)
    edition = editions.get(row.reader_id, settings.DRAGOMAN.default_language)
    with spoken_to(row.reader_id, edition) as show:
        shown = show([row])
        message = _message(shown[0], edition) if shown else None
    if message is None:  # held, taken back or removed meanwhile
        return _done(row, is_sent=False)
    arrived = [_push(device, message) for device in devices]
    if None in arrived and True not in arrived:
        put_off([row], "push_lease")
        return False
    return _done(row, is_sent=True in arrived)


def _done(row: Notification, *, is_sent: bool) -> bool:
    Notification.objects.filter(pk=row.pk).update(push=False, push_lease=None)
    return is_sent


def _message(shown: ShownNotification, edition: str) -> str:
    text = shown.comment.text if shown.comment else None
    words = text.text if text else ""
    said = {
        "title": sentence(shown),
        "body": words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…",
        "path": shown.path,
        "lang": interface_for(edition),
        "dir": direction(interface_for(edition)),
        "tag": f"{shown.kind}-{shown.comment.id if shown.comment else shown.id}",
    }
    return json.dumps(said, ensure_ascii=False)


def _push(device: Device, message: str) -> bool | None:
    """Whether it arrived; ``None`` where it may another time. A device that is gone is forgotten."""
    try:
        check_endpoint(device.endpoint)
        webpush(
            {"endpoint": device.endpoint, "keys": {"p256dh": device.p256dh, "auth": device.auth}},
            message,
            vapid_private_key=_key(),
            vapid_claims={"sub": _contact()},
            ttl=int(_LASTS.total_seconds()),
            timeout=_SECONDS,
            headers={"urgency": "normal"},
            requests_session=_straight(),
        )
    except UnknownPushService:  # the operator's list has become shorter
        device.delete()
        return False
    except WebPushException as error:
        status = error.response.status_code if error.response is not None else 0
        if status in _GONE or (400 <= status < 500 and status != 429):
            device.delete()
            return False
        return None
    except requests.RequestException as error:
        _log.warning("a push could not be sent: %s", type(error).__name__)
        return None
    except Exception as error:
        # Keys that are none: nothing can ever be encrypted for this device.
        _log.warning("a device is forgotten, its keys cannot be used: %s", type(error).__name__)
        device.delete()
        return False
    return True


def _straight() -> requests.Session:
    """A session that follows nobody elsewhere: the address was checked, where it leads to was not."""
    session = requests.Session()
    session.max_redirects = 0
    return session


def _contact() -> str:
    """Whom a push service may write to (RFC 8292, section 2.1)."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"mailto:{address if '@' in address else 'postmaster@localhost'}"
