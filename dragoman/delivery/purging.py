"""Hard purges: what was taken away is gone everywhere when the action answers."""

import time

from django.conf import settings

LEASE = 0.75  # seconds that a process may answer from its memory without having read the outbox
AHEAD = 2.0  # seconds at most from a reading of the outbox to the last moment that a proxy may send its files


def settle() -> None:
    """Wait, after the commit, until no process can still answer with what was taken away.

    Each process reads the outbox several times a second, purges what it hears of,
    and answers nothing from its memory when the last reading is older than the
    lease. So nobody need be asked: the lease's time is enough. Call it outside of
    the transaction.
    Source of the idea: Gray, Cheriton, “Leases”, SOSP 1989.
    """
    home = settings.DRAGOMAN
    if home.has_delivery:
        time.sleep(AHEAD if home.page_files else LEASE)
