"""Mail about conversations: at once, or once a day, in the reader's edition."""

import hashlib
import logging
import smtplib
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import ngettext

from dragoman.foundation.clock import now
from dragoman.foundation.languages import direction, interface_for
from dragoman.notifications.actions import forget_bounces, note_bounce, unsubscribe_token
from dragoman.notifications.claiming import claim, free, put_off, spoken_to
from dragoman.notifications.models import Notification
from dragoman.notifications.queries import ShownNotification, is_dead
from dragoman.notifications.rules.bounces import is_address_dead
from dragoman.notifications.rules.kinds import GIVEN_UP, GRACE, last_digest
from dragoman.notifications.sentences import sentence
from dragoman.readers.queries import Addressee, addressees

_log = logging.getLogger(__name__)
_READERS_AT_ONCE = 50
_MOST_IN_ONE = 40  # notifications; a digest that is longer says how many there are besides


def send_due_mail() -> int:
    """Send what is due; how many mails. Call it again until it is 0."""
    if not settings.DRAGOMAN.site_url:
        return 0  # a mail's links must lead somewhere: see “dragoman check”
    moment = now()
    outdated = Notification.objects.exclude(mail="").filter(at__lt=moment - GIVEN_UP)
    if outdated.exists():  # an idle look must not keep SQLite's writer waiting
        outdated.update(mail="")
    due = _due(moment)
    readers = list(due.order_by("reader").values_list("reader_id", flat=True).distinct()[:_READERS_AT_ONCE])
    if not readers:
        return 0
    connection = get_connection()
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        _log.warning("the mail server cannot be reached: %s", type(error).__name__)
        return 0
    known = addressees(readers)
    try:
        return sum(_send_to(reader, due, known, connection) for reader in readers)
    finally:
        connection.close()


def _send_to(reader: int, due: QuerySet[Notification], known: Mapping[int, Addressee], connection: object) -> int:
    rows = claim(list(due.filter(reader=reader).order_by("id")), "lease")
    addressee = known.get(reader)
    if addressee is None or is_dead(addressee.address):
        _done(rows)
        return 0
    try:
        return _send(addressee, rows, connection) if rows else 0
    except DatabaseError:
        raise  # the lease runs out by itself
    except Exception:
        # Whatever is wrong with this one, the others' mail goes out.
        _log.exception("a mail could not be made")
        put_off(rows, "lease")
        return 0


def _due(moment: datetime) -> QuerySet[Notification]:
    local = moment.astimezone(ZoneInfo(settings.DRAGOMAN.timezone))
    at_once = Q(mail="instant", at__lte=moment - GRACE)
    daily = Q(mail="digest", at__lt=last_digest(local))
    return free(Notification.objects.filter(at_once | daily), "lease")


def _send(to: Addressee, rows: Sequence[Notification], connection: object) -> int:
    with spoken_to(to.id, to.edition) as show:
        shown = show(rows)
        if not shown:  # held, taken back or removed meanwhile
            _done(rows)
            return 0
        mail = _mail(to, shown, connection)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, says = next(iter(error.recipients.values()))
        if is_address_dead(code, says):
            note_bounce(to.address, is_lasting=True)
            _done(rows)
        else:
            put_off(rows, "lease")
        return 0
    except (smtplib.SMTPException, OSError) as error:
        _log.warning("a mail could not be sent: %s", type(error).__name__)
        put_off(rows, "lease")
        return 0
    forget_bounces(to.address)
    _done(rows)
    return 1


def _done(rows: Sequence[Notification]) -> None:
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(mail="", lease=None)


def _mail(to: Addressee, shown: Sequence[ShownNotification], connection: object) -> EmailMultiAlternatives:
    site = settings.DRAGOMAN.site_url
    way_out = site + reverse("unsubscribe", args=[to.edition, unsubscribe_token(to.id)])
    context = {
        "items": [(one, sentence(one), one.comment.text if one.comment else None) for one in shown[:_MOST_IN_ONE]],
        "more": max(0, len(shown) - _MOST_IN_ONE),
        "publication": settings.DRAGOMAN.name,
        "nickname": to.nickname,
        "site": site,
        "edition": to.edition,
        "interface": interface_for(to.edition),
        "direction": direction(interface_for(to.edition)),
        "settings_path": reverse("notification-settings", args=[to.edition]),
        "all_path": reverse("notifications", args=[to.edition]),
        "way_out": way_out,
    }
    mail = EmailMultiAlternatives(
        subject=_subject(shown),
        body=render_to_string("notifications/mail.txt", context),
        to=[to.address],
        connection=connection,
        headers={
            # The same mail sent twice, by a worker that was killed in between, is one mail to the reader's program.
            "Message-ID": _message_id(to, shown),
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
    return mail


def _subject(shown: Sequence[ShownNotification]) -> str:
    name = settings.DRAGOMAN.name
    if len(shown) == 1:
        return f"{' '.join(strip_tags(sentence(shown[0])).split())} · {name}"
    news = ngettext("%(number)s thing that concerns you", "%(number)s things that concern you", len(shown))
    return f"{news % {'number': len(shown)}} · {name}"


def _message_id(to: Addressee, shown: Sequence[ShownNotification]) -> str:
    named = f"{settings.SECRET_KEY}:{to.id}:{','.join(str(one.id) for one in shown)}"
    host = settings.DRAGOMAN.site_url.split("://")[-1].split("/")[0].split(":")[0]
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:32]}@{host}>"
