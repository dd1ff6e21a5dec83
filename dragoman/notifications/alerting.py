"""Telling staff that comments wait for too long: by mail, and by a signed request to an address of the newsroom's."""

import json
import logging
import smtplib
from collections.abc import Sequence
from datetime import timedelta

import requests
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dragoman.foundation import webhooks
from dragoman.foundation.clock import now
from dragoman.foundation.languages import interface_for, name
from dragoman.moderation.duty import watch
from dragoman.moderation.queries import Backlog, backlog
from dragoman.notifications.models import StaffAlert
from dragoman.readers.policies import Actor
from dragoman.readers.queries import Addressee, addressees

_log = logging.getLogger(__name__)
_AGAIN = timedelta(hours=1)  # between two alerts: whoever was told an hour ago knows
_PATIENCE = 5.0  # seconds for the newsroom's address


def alert_staff() -> bool:
    """Say that comments wait for longer than the newsroom wants, once an hour; whether anybody was told."""
    home = settings.DRAGOMAN
    after = timedelta(minutes=int(home.values["moderation.alert_after"]))
    if not after:
        return False
    late = [one for one in backlog() if one.queue != "asked" and one.since < now() - after]
    if not late or not _is_due():
        return False
    if home.values["moderation.alert_webhook"]:
        _post(late)
    if home.site_url:  # a mail's link must lead somewhere
        _mail(late)
    return True


def _is_due() -> bool:
    """Of several workers one alerts."""
    StaffAlert.objects.get_or_create(pk=1, defaults={"at": now() - 2 * _AGAIN})
    return bool(StaffAlert.objects.filter(pk=1, at__lte=now() - _AGAIN).update(at=now()))


def _mail(late: Sequence[Backlog]) -> None:
    """To everybody on duty, of what is his or hers to look at."""
    on_duty = watch()
    known = addressees(on_duty.on_duty)
    waiting = {one.language for one in late}
    mails = []
    for reader, addressee in known.items():
        mine = on_duty.for_actor(Actor(reader), waiting)
        ours = [one for one in late if one.language in mine]
        if ours:
            mails.append(_message(addressee, ours))
    try:
        get_connection().send_messages(mails)
    except (smtplib.SMTPException, OSError) as error:
        _log.warning("staff could not be alerted by mail: %s", type(error).__name__)


def _message(to: Addressee, late: Sequence[Backlog]) -> EmailMessage:
    with translation.override(interface_for(to.edition)):
        number = sum(one.number for one in late)
        told = ngettext(
            "%(number)s comment waits for a moderator", "%(number)s comments wait for a moderator", number
        ) % {"number": number}
        lines = [f"{name(one.language, seen_in=to.edition)}: {one.number}" for one in late]
        greeting = _("Hello %(nickname)s,") % {"nickname": to.nickname}
        address = settings.DRAGOMAN.site_url + reverse("desk-cases")
        body = "\n".join([greeting, "", f"{told}:", "", *lines, "", address])
        return EmailMessage(
            f"{told} · {settings.DRAGOMAN.name}", body, to=[to.address], headers={"Auto-Submitted": "auto-generated"}
        )


def _post(late: Sequence[Backlog]) -> None:
    """``{"waiting": [{"queue", "language", "number", "since"}]}``, signed as questions to a classifier are."""
    told = [
        {"queue": one.queue, "language": one.language, "number": one.number, "since": one.since.isoformat()}
        for one in late
    ]
    values = settings.DRAGOMAN.values
    address, key = str(values["moderation.alert_webhook"]), str(values["moderation.alert_key"])
    try:
        with webhooks.post(address, json.dumps({"waiting": told}).encode(), key=key, patience=_PATIENCE):
            pass  # whatever it answers
    except (requests.RequestException, ValueError) as error:
        _log.warning("the address for alerts could not be reached: %s", type(error).__name__)
