"""The system's page: whether everything is there, and what waits."""

import platform
import socket

import django
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

import dragoman
from dragoman.conversation.figures import figures
from dragoman.desk.access import staff_only
from dragoman.desk.checking import check_all
from dragoman.live.queries import events_behind
from dragoman.moderation.queries import waiting_in
from dragoman.notifications.queries import waiting_to_be_sent
from dragoman.translation import reports

_TITLES = {
    "settings": _("Settings"),
    "database": _("Database"),
    "replica": _("Replica"),
    "bus": _("Bus between machines"),
    "cdn": _("CDN"),
    "worker": _("Worker"),
    "engines": _("Translation engines"),
    "mail": _("Mail"),
    "disk": _("Disk"),
    "clock": _("Clock"),
}


@require_GET
@staff_only("publication.configure")
def show(request: HttpRequest) -> HttpResponse:
    """What ``dragoman check`` finds on the machine that answers, and figures of all machines.

    It waits some seconds for a mail server, a bus or a CDN that hangs.
    """
    context = {
        "findings": [(_TITLES[one.name], one) for one in check_all()],
        "figures": figures(),
        "status": reports.status(),
        "reported": waiting_in("reported"),
        "behind": events_behind(),
        "sending": waiting_to_be_sent(),
        "versions": _versions(),
        "header_title": _("System"),
        "page_title": _("System"),
        "header_icon": "desktop",
    }
    return render(request, "desk/system.html", context)


def _versions() -> dict[str, str]:
    with connection.cursor() as cursor:
        postgresql = connection.vendor == "postgresql"
        cursor.execute("SHOW server_version" if postgresql else "SELECT sqlite_version()")
        database = cursor.fetchone()[0]
    return {
        "Dragoman": dragoman.__version__,
        "Python": platform.python_version(),
        "Django": django.get_version(),
        "PostgreSQL" if postgresql else "SQLite": database,
        gettext("this machine"): socket.gethostname(),
    }
