"""The worker: leases a batch, has it translated, stores the answers, announces them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import F

from dragoman.foundation.clock import now
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.translation import queue
from dragoman.translation.attempts import Attempt, Outcome, Report
from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Engine, EngineError, Misconfigured
from dragoman.translation.memory import Stored, record
from dragoman.translation.models import Engine as EngineRecord
from dragoman.translation.models import Job, Occurrence, Translation
from dragoman.translation.queries import engine_pairs
from dragoman.translation.rules.routing import Route, routes

_PAUSE = timedelta(seconds=30)  # before a sentence is tried again that an engine could not take now
_ANNOUNCED = 500  # units told of one batch; a page that misses one sees it at its next load


class Workshop:
    """The engines of this process, built when first needed. One thread."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}

    def engines_for(self, wanted: Iterable[Route]) -> Mapping[str, Engine]:
        """The engines of these routes; one that cannot be built is reported and left out."""
        for name in {step.engine for route in wanted for step in route.steps} - set(self._engines):
            row = EngineRecord.objects.get(name=name)
            try:
                self._engines[name] = registry.build(row.kind, row.name, row.options)
            except Misconfigured as error:
                _note(name, Report(failures=1, last_failure=str(error)))
        return self._engines

    def close(self) -> None:
        """End all engines."""
        for engine in self._engines.values():
            engine.close()
        self._engines.clear()


def work_once(workshop: Workshop) -> bool:
    """One batch; whether there was one. While translation is switched off, jobs wait."""
    if not settings.DRAGOMAN.translation_enabled:
        return False
    lease = queue.lease_batch()
    if lease is None:
        return False
    exhausted = [job for job in lease.jobs if job.attempts > queue.MOST_ATTEMPTS]
    jobs = [job for job in lease.jobs if job.attempts <= queue.MOST_ATTEMPTS]
    ways = routes(lease.source, lease.target, engine_pairs())
    engines = workshop.engines_for(ways)
    ways = [way for way in ways if all(step.engine in engines for step in way.steps)]
    if not ways:
        with transaction.atomic():
            queue.finish(lease, [job.id for job in lease.jobs])
        return True
    attempt = Attempt(engines, ways, lease.source, lease.target)
    try:
        outcomes = attempt.run({job.id: job.segment.text for job in jobs}) if jobs else {}
    except EngineError:
        # The engine is away, which is no fault of these sentences: they wait, and it is no attempt of theirs.
        _postpone(lease, [job.id for job in jobs])
        outcomes = {}
    given_up = {job.id: Outcome("", "rejected", ("gave-up",), ways[0]) for job in exhausted}
    _store(lease, outcomes | given_up, engines)
    for name, report in attempt.reports.items():
        _note(name, report)
    return True


def _store(lease: queue.Lease, outcomes: Mapping[int, Outcome], engines: Mapping[str, Engine]) -> None:
    later = [key for key, outcome in outcomes.items() if outcome.quality == "later"]
    _postpone(lease, later)
    ready = {key: outcome for key, outcome in outcomes.items() if outcome.quality != "later"}
    by_id = {job.id: job for job in lease.jobs}
    with transaction.atomic():
        mine = queue.finish(lease, list(ready))
        stored = [Stored(_translation(by_id[key], outcome, engines)) for key, outcome in ready.items() if key in mine]
        record(stored)
        announce(*_announcements(stored, lease.target))


def _postpone(lease: queue.Lease, job_ids: list[int]) -> None:
    Job.objects.filter(id__in=job_ids, lease=lease.token).update(attempts=F("attempts") - 1)
    queue.put_back(lease, job_ids, after=_PAUSE)


def _translation(job: Job, outcome: Outcome, engines: Mapping[str, Engine]) -> Translation:
    first = outcome.route.steps[0].engine
    return Translation(
        segment_id=job.segment_id,
        language=job.language,
        unit_id=job.unit_id,
        origin="machine",
        engine=first,
        version=engines[first].version,
        pivot=outcome.route.pivot,
        text=outcome.text,
        quality=outcome.quality,
        findings=list(outcome.findings),
        at=now(),
    )


def _announcements(stored: list[Stored], language: str) -> list[Announcement]:
    """One for every unit on a topic that shows one of these sentences."""
    newest: dict[int, int] = defaultdict(int)
    for one in stored:
        newest[one.translation.segment_id] = max(newest[one.translation.segment_id], one.translation.pk or 0)
    rows = (
        Occurrence.objects.filter(segment__in=list(newest), last_revision=None)
        .exclude(unit__topic="")
        .values_list("unit__topic", "unit__owner_kind", "unit__owner_id")
        .distinct()[:_ANNOUNCED]
    )
    return [
        Announcement(
            topic,
            "translation",
            {"of": kind, "id": owner, "language": language, "version": max(newest.values())},
        )
        for topic, kind, owner in rows
    ]


def _note(name: str, report: Report) -> None:
    changes: dict[str, object] = {
        "answers": F("answers") + report.answers,
        "failures": F("failures") + report.failures,
    }
    if report.last_failure:
        changes |= {"last_failure": report.last_failure, "last_failure_at": now()}
    EngineRecord.objects.filter(name=name).update(**changes)


def work_until_empty(told: Callable[[int], None] = lambda done: None) -> int:
    """Work until no job is due; the number of batches. Jobs that an engine postponed stay."""
    workshop = Workshop()
    done = 0
    try:
        while work_once(workshop):
            done += 1
            told(done)
    finally:
        workshop.close()
    return done


def work_guarded(workshop: Workshop) -> bool:
    """:func:`work_once` for a loop that must outlive a busy or absent database."""
    try:
        return work_once(workshop)
    except DatabaseError:
        return False
