"""The worker: leases a batch, has it translated, stores the answers, announces them."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping

from django.conf import settings
from django.db import DatabaseError, transaction

from dragoman.foundation.clock import now
from dragoman.translation import queue
from dragoman.translation.announcing import announce_translations, tell_a_page
from dragoman.translation.asking import LATER
from dragoman.translation.attempts import DIED, Attempt, Outcome, Pair
from dragoman.translation.engines.base import Died, EngineError
from dragoman.translation.ledger import Sentence
from dragoman.translation.memory import Stored, record
from dragoman.translation.models import Current, Job, Translation
from dragoman.translation.queries import that_hold_for
from dragoman.translation.rechecking import recheck_a_page
from dragoman.translation.rules.glossary import Prepared
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.scheduling import BATCH_SECONDS, IMPROVE, SCREEN, SCREEN_SECONDS
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.terms import current_terms
from dragoman.translation.workshop import Workshop

_log = logging.getLogger(__name__)
_LANES_A_PAIR = 2  # one asks the engine while the other stores; more would only wait for each other
_OF_GLOSSARY = "glossary"  # the engine of a sentence that is all terms


class Lanes:
    """Which pairs the lanes of this process work on."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._at_work: Counter[tuple[str, str]] = Counter()

    def crowded(self) -> list[tuple[str, str]]:
        """Pairs that enough lanes work on."""
        with self._guard:
            return [pair for pair, lanes in self._at_work.items() if lanes >= _LANES_A_PAIR]

    def enter(self, pair: tuple[str, str]) -> None:
        """Begin with a pair."""
        with self._guard:
            self._at_work[pair] += 1

    def leave(self, pair: tuple[str, str]) -> None:
        """Done with it."""
        with self._guard:
            self._at_work[pair] -= 1
            if self._at_work[pair] <= 0:
                del self._at_work[pair]


def work_once(workshop: Workshop, lanes: Lanes | None = None) -> bool:
    """One batch; whether there was anything to do. While translation is switched off, jobs wait."""
    if not settings.DRAGOMAN.translation_enabled:
        return _do_rounds()  # people translate all the same
    board = Switchboard()
    lease = queue.lease_batch(lambda job: _room(board, job), avoid=lanes.crowded() if lanes else ())
    if lease is None:
        return _do_rounds()
    pair = (lease.source, lease.target)
    if lanes is not None:
        lanes.enter(pair)
    try:
        _work_on(lease, board, workshop)
    except DatabaseError:
        raise  # the lease runs out by itself
    except Exception:
        # Whatever it was, one of these sentences may be why: they come again in smaller company, not for ever.
        queue.put_back(lease, [job.id for job in lease.jobs], counts=True)
        raise
    finally:
        if lanes is not None:
            lanes.leave(pair)
    _do_rounds()
    return True


def _do_rounds() -> bool:
    """A page of what follows from translations and from changes of the glossary; whether there was anything."""
    has_told, has_looked = tell_a_page(), recheck_a_page()
    return has_told or has_looked


def _room(board: Switchboard, job: Job) -> queue.Room:
    """As much as the first engine takes at a time, and does in a few seconds; on a screen in two."""
    ways = board.ways_now(job.source, job.language, job.kind, in_house=job.in_house)
    if not ways:
        return queue.Room()
    engines = [board.engines[name] for name in ways[0].engines]
    seconds = SCREEN_SECONDS if job.priority == SCREEN else BATCH_SECONDS
    characters = min(*(one.max_characters for one in engines), int(min(one.speed for one in engines) * seconds))
    return queue.Room(min(one.max_items for one in engines), characters)


def _work_on(lease: queue.Lease, board: Switchboard, workshop: Workshop) -> None:
    kind = (lease.source, lease.target, lease.kind)
    ways = board.ways_now(*kind, in_house=lease.in_house)
    if not ways:
        # Also where no engine has the pair any more: it may be switched on again.
        free = board.free_at(*kind, in_house=lease.in_house)
        queue.wait_for_engines(lease, min(free, now() + queue.LONGEST_WAIT))
        return
    asked = _asked(board, lease.jobs)
    token, prepared = _prepared(lease)
    done = _answered_meanwhile(lease.jobs, prepared) | {
        job for job, engines in asked.items() if all(way.engines <= engines for way in ways)
    }
    exhausted = [job for job in lease.jobs if queue.is_exhausted(job) and job.id not in done]
    jobs = [job for job in lease.jobs if not queue.is_exhausted(job) and job.id not in done]
    with transaction.atomic():
        finished = queue.finish(lease, done)
        stale = _with_other_terms(lease, prepared, token) & finished if finished else set()
        queue.open_again([job for job in lease.jobs if job.id in stale])
    tried = tuple(sorted({f"{name}@{board.engines[name].version}" for way in ways for name in way.engines}))
    outcomes = {job.id: Outcome("", "rejected", ("gave-up",), ways[0], tried=tried) for job in exhausted}
    by_terms = [job for job in jobs if not has_words(prepared[job.id].marked)]
    outcomes |= {job.id: Outcome(prepared[job.id].marked, "ok", (), ways[0]) for job in by_terms}
    jobs = [job for job in jobs if job.id not in outcomes]
    attempt = Attempt(workshop, ways, Pair(*kind), renew=lambda: queue.renew(lease))
    try:
        sentences = {job.id: _sentence(job, prepared[job.id]) for job in jobs}
        outcomes |= attempt.run(sentences, asked) if jobs else {}
    except EngineError as error:
        # That an engine is away is no fault of these sentences; that it died over them may be, unless we ended it.
        queue.put_back(lease, [job.id for job in jobs], counts=isinstance(error, Died) and not workshop.is_closed)
    _store(lease, outcomes, prepared, token, blames=not workshop.is_closed)


def _sentence(job: Job, prepared: Prepared) -> Sentence:
    return Sentence(prepared.marked, job.segment_id, job.unit_id, prepared.expected, prepared.hints)


def _prepared(lease: queue.Lease) -> tuple[str, dict[int, Prepared]]:
    """The version of the glossary, and the sentences with its terms, by the jobs' ids."""
    terms = current_terms()
    glossary = terms.of(lease.source, lease.target)
    sections = terms.sections_of({job.unit_id for job in lease.jobs if job.unit_id})
    return terms.token, {
        job.id: glossary.prepare(job.segment.text, sections.get(job.unit_id or 0)) for job in lease.jobs
    }


def _answered_meanwhile(jobs: Collection[Job], prepared: Mapping[int, Prepared]) -> set[int]:
    """Jobs whose sentence has got what they ask for since they were opened: by a person, or by another unit's job."""
    rows = Current.objects.filter(
        segment__in=[job.segment_id for job in jobs], language__in={job.language for job in jobs}
    ).values_list("segment_id", "language", "unit_id", "translation__origin", "translation__glossary")
    found: set[int] = set()
    by_slot: dict[tuple[int, str, int | None], tuple[str, str]] = {
        (segment, language, unit): (origin, glossary)
        for segment, language, unit, origin, glossary in that_hold_for(
            {job.unit_id for job in jobs if job.unit_id}, rows
        )
    }
    for job in jobs:
        here = by_slot.get((job.segment_id, job.language, job.unit_id))
        anywhere = by_slot.get((job.segment_id, job.language, None))
        by_a_person = any(one is not None and one[0] == "human" for one in (here, anywhere))
        if by_a_person or (job.priority != IMPROVE and here == ("machine", prepared[job.id].hash)):
            found.add(job.id)
    return found


def _asked(board: Switchboard, jobs: Collection[Job]) -> dict[int, frozenset[str]]:
    """For sentences that shall become better: the engines that had their turn, as they are now."""
    better = {
        (job.segment_id, job.language, job.unit_id): job.id
        for job in jobs
        if job.priority == IMPROVE and not job.is_anew
    }
    if not better:
        return {}
    asked: dict[int, set[str]] = {}
    rows = Translation.objects.filter(
        segment__in=[segment for segment, _language, _unit in better], origin="machine"
    ).values_list("segment_id", "language", "unit_id", "tried")
    for segment, language, unit, tried in rows:
        if (job := better.get((segment, language, unit))) is not None:
            asked.setdefault(job, set()).update(tried)
    versions = {f"{one.name}@{one.version}": one.name for one in board.engines.values()}
    return {job: frozenset(versions[one] for one in tried if one in versions) for job, tried in asked.items()}


def _store(
    lease: queue.Lease,
    outcomes: Mapping[int, Outcome],
    prepared: Mapping[int, Prepared],
    token: str,
    *,
    blames: bool,
) -> None:
    later = {key: blames and DIED in one.findings for key, one in outcomes.items() if one.quality == LATER}
    queue.put_back(lease, [key for key, is_blamed in later.items() if is_blamed], counts=True)
    queue.put_back(lease, [key for key, is_blamed in later.items() if not is_blamed], counts=False)
    ready = {key: outcome for key, outcome in outcomes.items() if key not in later}
    by_id = {job.id: job for job in lease.jobs}
    with transaction.atomic():
        mine = queue.finish(lease, list(ready))
        stale = _with_other_terms(lease, prepared, token) & mine
        queue.open_again([by_id[key] for key in stale])
        stored = [
            Stored(_translation(by_id[key], outcome, prepared[key]))
            for key, outcome in ready.items()
            if key in mine - stale
        ]
        record(stored)
        announce_translations([one.translation for one in stored], lease.target)


def _with_other_terms(lease: queue.Lease, prepared: Mapping[int, Prepared], token: str) -> set[int]:
    """Sentences whose terms were changed while an engine had them.

    Asked when the jobs are locked: who rechecks sentences after a change waits for that lock, so either this one
    sees the change or the other one sees the answer.
    """
    terms = current_terms()
    # The section of a text may be another one, too, with the same glossary.
    if terms.token == token and not terms.has_sections:
        return set()
    _token, today = _prepared(lease)
    return {key for key, one in today.items() if one.hash != prepared[key].hash}


def _translation(job: Job, outcome: Outcome, prepared: Prepared) -> Translation:
    by_terms = not has_words(prepared.marked)
    return Translation(
        segment_id=job.segment_id,
        language=job.language,
        unit_id=job.unit_id,
        origin="machine",
        engine=_OF_GLOSSARY if by_terms else outcome.route.steps[0].engine,
        version=outcome.version,
        pivot="" if by_terms else outcome.route.pivot,
        text=prepared.restored(outcome.text),
        quality=outcome.quality,
        findings=list(outcome.findings),
        tried=list(outcome.tried),
        glossary=prepared.hash,
        at=now(),
    )


def work_until_empty(told: Callable[[int], None] = lambda done: None) -> int:
    """Work until no job is due; the number of batches. Jobs that wait for an engine stay."""
    workshop = Workshop()
    done = 0
    try:
        while work_once(workshop):
            done += 1
            told(done)
    finally:
        workshop.close()
    return done


def work_guarded(workshop: Workshop, lanes: Lanes) -> bool:
    """:func:`work_once` for a loop that must outlive whatever happens in one batch."""
    try:
        return work_once(workshop, lanes)
    except DatabaseError:
        return False  # busy or absent: the next round tries again
    except Exception:
        # No text is logged with it: a traceback's frames are ours, its values stay away.
        _log.exception("a batch failed")
        return False
