"""The durable queue: leasing jobs, finishing them, giving them back.

A lease is a token and a time in the job's own row. A worker that is killed
loses nothing: when its leases run out, the jobs are anybody's again.
"""

import itertools
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Q, QuerySet, When

from dragoman.foundation.clock import now
from dragoman.translation.models import Job
from dragoman.translation.rules.scheduling import EVERY_SO_MANY, RETRY, most_together

LEASE = timedelta(seconds=180)  # of one call with all that belongs to it; renewed before each
LONGEST_WAIT = timedelta(hours=1)  # before jobs without a free engine are looked at again: an operator may mend it
MOST_ATTEMPTS = 4  # times that an engine died over a job, or had no verdict
MOST_LOST = 40  # leases that ran out: workers are killed for many reasons, a sentence is hardly ever one of them


@dataclass(frozen=True, slots=True)
class Room:
    """What one batch may hold: jobs, and characters of their sentences."""

    jobs: int = 32
    characters: int = 20_000


@dataclass(frozen=True, slots=True)
class Lease:
    """Jobs of one pair and kind, ours until the time runs out."""

    token: str
    source: str
    target: str
    kind: str
    in_house: bool
    jobs: tuple[Job, ...]


_turns = itertools.count(1)


def lease_batch(room_for: Callable[[Job], Room], *, avoid: Collection[tuple[str, str]] = ()) -> Lease | None:
    """Take the most urgent job that is due and fill its batch with others of the same pair and kind.

    ``not_before`` doubles as the end of a lease, so a due job is a free job.
    Those that fill the batch may be less urgent: there is nothing to gain by a
    batch with room in it. ``avoid`` are pairs that enough others work on.
    """
    # Without a transaction first: an empty look must not keep SQLite's writer waiting.
    if not Job.objects.filter(not_before__lte=now()).exists():
        return None
    with transaction.atomic():
        due = Job.objects.filter(not_before__lte=now())
        for source, language in avoid:
            due = due.exclude(source=source, language=language)
        first = _next(due)
        if first is None:
            return None
        jobs = _fill(due, first, room_for(first))
        token = secrets.token_hex(8)
        until = now() + LEASE
        taken = Job.objects.filter(id__in=[job.id for job in jobs])
        # A lease that was given back is empty: one that is not was lost with its worker.
        taken.update(lease=token, not_before=until, lost=Case(When(lease="", then=F("lost")), default=F("lost") + 1))
    return Lease(token, first.source, first.language, first.kind, first.in_house, tuple(jobs))


def _next(due: QuerySet[Job]) -> Job | None:
    """The most urgent; of so many batches one goes to whoever waits longest, so that nobody waits for ever."""
    oldest = next(_turns) % EVERY_SO_MANY == 0
    order = ("created_at", "id") if oldest else ("priority", "turn", "id")
    return _locked(due).order_by(*order).first()


def _locked(jobs: QuerySet[Job]) -> QuerySet[Job]:
    return jobs.select_for_update(skip_locked=True) if connection.vendor == "postgresql" else jobs


def _fill(due: QuerySet[Job], first: Job, room: Room) -> list[Job]:
    """Jobs that go together with the first: the same pair, kind and number of attempts, near in length."""
    most = most_together(first.attempts + first.lost // 4, room.jobs)
    same = due.filter(
        source=first.source,
        language=first.language,
        kind=first.kind,
        in_house=first.in_house,
        attempts=first.attempts,
    ).exclude(pk=first.pk)
    near = same.filter(size=first.size)
    far = same.filter(~Q(size=first.size))
    ids = [first.pk]
    for jobs in (near, far):
        if len(ids) < most:
            ids += _locked(jobs).order_by("priority", "turn", "id").values_list("id", flat=True)[: most - len(ids)]
    found = Job.objects.filter(id__in=ids).select_related("segment")
    in_order = sorted(found, key=lambda job: ids.index(job.pk)) if len(ids) <= 64 else list(found)
    return _bounded(in_order, room.characters)


def _bounded(jobs: list[Job], most: int) -> list[Job]:
    """As many as their characters allow, the first one always."""
    totals = itertools.accumulate(len(job.segment.text) for job in jobs)
    return [job for place, (job, total) in enumerate(zip(jobs, totals, strict=True)) if place == 0 or total <= most]


def renew(lease: Lease) -> bool:
    """Keep the jobs for as long as another call may take; whether they are still ours."""
    return Job.objects.filter(lease=lease.token).update(not_before=now() + LEASE) > 0


def free_from_the_future() -> int:
    """After a clock that was ahead has been set back: what waits for a time that was wrong is due now. How many jobs.

    No lease ends later than two of its lengths from now, no job was opened in the future, none waits longer for an
    engine than a while. Without this they would wait for as long as the clock was wrong.
    """
    moment = now()
    latest = moment + 2 * LEASE
    leased = Job.objects.exclude(lease="").filter(not_before__gt=latest)
    opened = Job.objects.filter(created_at__gt=latest)
    waiting = Job.objects.filter(not_before__gt=moment + 2 * LONGEST_WAIT)
    freed = leased.update(lease="", not_before=moment) + opened.update(created_at=moment, not_before=moment)
    return freed + waiting.update(not_before=moment)


def finish(lease: Lease, job_ids: Collection[int]) -> set[int]:
    """Delete the jobs that are still ours; their ids. Call it in the transaction that stores the answers."""
    mine = set(Job.objects.select_for_update().filter(id__in=job_ids, lease=lease.token).values_list("id", flat=True))
    Job.objects.filter(id__in=mine).delete()
    return mine


def open_again(jobs: Sequence[Job]) -> None:
    """Jobs that were finished and must be done once more. Call it in the same transaction."""
    moment = now()
    for job in jobs:
        job.pk, job.lease, job.not_before, job.is_anew = None, "", moment, True
    Job.objects.bulk_create(jobs, ignore_conflicts=True)


def put_back(lease: Lease, job_ids: Collection[int], *, counts: bool) -> None:
    """Give jobs back that got no answer this time.

    ``counts``: it may be their own fault, and they come again in smaller batches.
    """
    mine = Job.objects.filter(id__in=job_ids, lease=lease.token)
    mine.update(lease="", not_before=now() + RETRY, attempts=F("attempts") + (1 if counts else 0))


def wait_for_engines(lease: Lease, until: datetime) -> None:
    """No engine can take such texts before ``until``: all of them wait, not batch after batch."""
    moment = now()
    Job.objects.filter(lease=lease.token).update(lease="", not_before=until)
    Job.objects.filter(
        source=lease.source,
        language=lease.target,
        kind=lease.kind,
        in_house=lease.in_house,
        not_before__lte=moment,
    ).update(not_before=until)


def is_exhausted(job: Job) -> bool:
    """Whether a job has been tried often enough."""
    return job.attempts >= MOST_ATTEMPTS or job.lost >= MOST_LOST


def is_empty() -> bool:
    """Whether nothing waits, neither now nor later."""
    return not Job.objects.exists()
