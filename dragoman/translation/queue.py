"""The durable queue: leasing jobs, finishing them, giving them back.

A lease is a token and a time in the job's own row. A worker that is killed
loses nothing: when its leases run out, the jobs are anybody's again.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction

from dragoman.foundation.clock import now
from dragoman.translation.models import Job

BATCH = 32
LEASE = timedelta(seconds=120)  # more than an attempt takes at its longest (see attempts.SECONDS)
MOST_ATTEMPTS = 5  # leases that ended without an answer, a killed worker's included


@dataclass(frozen=True, slots=True)
class Lease:
    """Jobs of one pair, ours until the time runs out."""

    token: str
    source: str
    target: str
    jobs: tuple[Job, ...]


def lease_batch() -> Lease | None:
    """Take the most urgent job that is due and fill its batch with others of the same pair.

    ``not_before`` doubles as the end of a lease, so a due job is a free job.
    """
    with transaction.atomic():
        due = Job.objects.filter(not_before__lte=now())
        if connection.vendor == "postgresql":
            due = due.select_for_update(skip_locked=True)
        first = due.order_by("priority", "not_before", "id").first()
        if first is None:
            return None
        # What came back without an answer may be what ends workers: from then on each goes alone.
        if first.attempts:
            same = due.filter(pk=first.pk)
        else:
            same = due.filter(source=first.source, language=first.language, attempts=0)
        same = same.order_by("priority", "not_before", "id")
        jobs = (
            tuple(same.select_related("segment")[:BATCH])
            if connection.vendor != "postgresql"
            else tuple(Job.objects.filter(id__in=[job.id for job in same[:BATCH]]).select_related("segment"))
        )
        token = secrets.token_hex(8)
        for job in jobs:
            job.lease, job.attempts, job.not_before = token, job.attempts + 1, now() + LEASE
        Job.objects.bulk_update(jobs, ["lease", "attempts", "not_before"])
    return Lease(token, first.source, first.language, jobs)


def finish(lease: Lease, job_ids: Collection[int]) -> set[int]:
    """Delete the jobs that are still ours; their ids. Call it in the transaction that stores the answers."""
    mine = set(Job.objects.select_for_update().filter(id__in=job_ids, lease=lease.token).values_list("id", flat=True))
    Job.objects.filter(id__in=mine).delete()
    return mine


def put_back(lease: Lease, job_ids: Collection[int], *, after: timedelta) -> None:
    """Give jobs back that got no answer this time."""
    Job.objects.filter(id__in=job_ids, lease=lease.token).update(lease="", not_before=now() + after)


def is_empty() -> bool:
    """Whether nothing waits, neither now nor later."""
    return not Job.objects.exists()
