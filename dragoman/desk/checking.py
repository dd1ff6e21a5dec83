"""What ``dragoman check`` and the system's page look at: whether everything is there that a publication needs."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPException

import redis
import requests
from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dragoman.delivery.cdn import Cdn
from dragoman.foundation.clock import now
from dragoman.live.queries import followed_until, last_event_at
from dragoman.translation.reports import engines

_LEAST_DISK = 500 * 1024 * 1024
_LATE = timedelta(minutes=5)  # a worker is done with an event within seconds
_MOST_BEHIND = 64  # MiB of the log; in quiet times a replica has all of it at once
_SKEW = timedelta(seconds=5)  # between machines; times on pages and the order of numbers need no more


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    says: str


def check_all() -> list[Finding]:
    """Everything, in the order in which an operator would mend it."""
    looks: list[tuple[str, Callable[[], tuple[bool, str]]]] = [
        ("settings", _settings),
        ("database", _database),
        ("replica", _replica),
        ("bus", _bus),
        ("cdn", _cdn),
        ("worker", _worker),
        ("engines", _engines),
        ("mail", _mail),
        ("disk", _disk),
        ("clock", _clock),
    ]
    return [Finding(name, *_looked(look)) for name, look in looks]


def _looked(look: Callable[[], tuple[bool, str]]) -> tuple[bool, str]:
    """Without a database most of them cannot say anything."""
    try:
        return look()
    except DatabaseError as error:
        return False, str(error).strip().splitlines()[0]


def _settings() -> tuple[bool, str]:
    faults = [fault for fault in run_checks() if isinstance(fault, Error) or fault.level >= 40]
    languages = ", ".join(settings.DRAGOMAN.languages)
    return not faults, "; ".join(str(fault.msg) for fault in faults) or _("editions %(languages)s") % {
        "languages": languages
    }


def _database() -> tuple[bool, str]:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        missing = ngettext("%(count)s migration is missing", "%(count)s migrations are missing", waiting)
        return False, missing % {"count": waiting} + " (dragoman serve)"
    return True, connection.vendor


def _replica() -> tuple[bool, str]:
    """How much of the primary's log it has not replayed yet."""
    if not settings.DRAGOMAN.has_replica:
        return True, _("none")
    with connection.cursor() as primary, connections["replica"].cursor() as replica:
        replica.execute("SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn()::text")
        is_replica, place = replica.fetchone()
        if not is_replica:
            return False, _("it takes writes of its own: it is no replica any more")
        primary.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s::pg_lsn)", [place])
        behind = max(0, int(primary.fetchone()[0])) // (1024 * 1024)
    return behind < _MOST_BEHIND, _("%(size)s MiB behind") % {"size": behind}


def _bus() -> tuple[bool, str]:
    if not settings.DRAGOMAN.bus:
        return True, _("none: this machine alone")
    try:
        redis.Redis.from_url(settings.DRAGOMAN.bus, socket_timeout=3, socket_connect_timeout=3).ping()
    except (redis.RedisError, ValueError) as error:
        return False, str(error)
    return True, settings.DRAGOMAN.bus.split("@")[-1]


def _cdn() -> tuple[bool, str]:
    home = settings.DRAGOMAN
    if not home.cdn:
        return True, _("none")
    try:
        Cdn(home.cdn, str(home.values["delivery.cdn_key"])).try_out()
    except (requests.RequestException, ValueError) as error:
        return False, f"{home.cdn}: {error}"
    return True, home.cdn


def _worker() -> tuple[bool, str]:
    """A worker that lives has dealt with whatever happened some minutes ago."""
    since = followed_until()
    if since is not None and since < now() - _LATE:
        says = _("what happened since %(when)s UTC is not dealt with: is a worker running?")
        return False, says % {"when": f"{since:%Y-%m-%d %H:%M:%S}"}
    return True, _("nothing waits")


def _engines() -> tuple[bool, str]:
    found = engines()
    if not found:
        return True, _("none: texts are shown in their own languages; see docs/operate/engines.md")
    stopped = [
        _("%(engine)s needs you: %(why)s") % {"engine": one.name, "why": one.last_failure}
        for one in found
        if one.state == "needs-operator"
    ]
    if stopped:
        return False, "; ".join(stopped)
    return True, ", ".join(f"{one.name} ({len(one.pairs)} pairs, {one.state})" for one in found)


def _mail() -> tuple[bool, str]:
    home = settings.DRAGOMAN
    about = "" if home.site_url else _("no mail about conversations: set site.url, which its links lead to")
    if home.values["mail.backend"] != "smtp":
        way = _("%(way)s: nothing leaves this machine") % {"way": home.values["mail.backend"]}
        return True, about or way
    server = f"{home.values['mail.host']}:{home.values['mail.port']}"
    try:
        with get_connection(timeout=5):
            return True, f"{server}; {about}" if about else server
    except (OSError, SMTPException) as error:
        return False, f"{server} {error}"


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path(settings.DRAGOMAN.home)).free
    return free >= _LEAST_DISK, _("%(size)s MiB free") % {"size": free // (1024 * 1024)}


def _clock() -> tuple[bool, str]:
    """Beside what was written already and, where the database is another machine's, beside its clock."""
    written = last_event_at()
    if written is not None and written > now() + _SKEW:
        says = _("it is %(here)s UTC here, but %(written)s was written down already")
        return False, says % {"here": f"{now():%Y-%m-%d %H:%M:%S}", "written": f"{written:%Y-%m-%d %H:%M:%S}"}
    if connection.vendor != "postgresql":
        return True, f"{now():%Y-%m-%d %H:%M:%S} UTC"
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - now())
    return apart <= _SKEW, _("%(seconds)s s from the database’s") % {"seconds": f"{apart.total_seconds():.1f}"}
