"""``dragoman check``: settings, database, bus, engines, mail, disk."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from smtplib import SMTPException

import redis
from django.conf import settings
from django.core.checks import Error, run_checks
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from dragoman.translation.reports import engines

_LEAST_DISK = 500 * 1024 * 1024


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
        ("bus", _bus),
        ("engines", _engines),
        ("mail", _mail),
        ("disk", _disk),
    ]
    return [Finding(name, *look()) for name, look in looks]


def _settings() -> tuple[bool, str]:
    faults = [fault for fault in run_checks() if isinstance(fault, Error) or fault.level >= 40]
    languages = ", ".join(settings.DRAGOMAN.languages)
    return not faults, "; ".join(str(fault.msg) for fault in faults) or f"editions {languages}"


def _database() -> tuple[bool, str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        return False, str(error).strip().splitlines()[0]
    if waiting:
        return False, f"{waiting} migrations are missing; “dragoman serve” brings them"
    return True, connection.vendor


def _bus() -> tuple[bool, str]:
    if not settings.DRAGOMAN.bus:
        return True, "embedded"
    try:
        redis.Redis.from_url(settings.DRAGOMAN.bus, socket_timeout=3, socket_connect_timeout=3).ping()
    except redis.RedisError as error:
        return False, str(error)
    return True, settings.DRAGOMAN.bus.split("@")[-1]


def _engines() -> tuple[bool, str]:
    found = engines()
    if not found:
        return True, "none: texts are shown in their own languages; see docs/operate/engines.md"
    stopped = [f"{one.name} needs you: {one.last_failure}" for one in found if one.state == "needs-operator"]
    if stopped:
        return False, "; ".join(stopped)
    return True, ", ".join(f"{one.name} ({len(one.pairs)} pairs, {one.state})" for one in found)


def _mail() -> tuple[bool, str]:
    home = settings.DRAGOMAN
    if not home.site_url:
        return True, "no mail about conversations: set site.url, which its links lead to"
    if home.values["mail.backend"] != "smtp":
        return True, f"{home.values['mail.backend']}: nothing leaves this machine"
    try:
        with get_connection(timeout=5):
            return True, f"{home.values['mail.host']}:{home.values['mail.port']}"
    except (OSError, SMTPException) as error:
        return False, f"{home.values['mail.host']}:{home.values['mail.port']} {error}"


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path(settings.DRAGOMAN.home)).free
    return free >= _LEAST_DISK, f"{free // (1024 * 1024)} MiB free"
