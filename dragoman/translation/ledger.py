"""The engines' books: what was sent, spent, answered and refused, and who rests.

Budget and register are written before a text is sent and in a transaction of
their own: a worker that is killed may have counted too much, never too little.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from dragoman.foundation.clock import now
from dragoman.translation.engines.base import Died, EngineError, Misconfigured, Quota, RateLimited
from dragoman.translation.models import Dispatch, Engine, Failure, PairRecord, Spending
from dragoman.translation.rules.routing import Step
from dragoman.translation.rules.scheduling import pause_after
from dragoman.translation.switchboard import month_of

FAILURES_KEPT = 200  # of each engine
REGISTER_KEPT = timedelta(days=400)
_STRIKES_OF_DEATH = 3  # one sentence may end an engine; three times in a row it is the engine
_FLOOR = 0.05  # the share of scores under the floor
_FLOOR_STEP = 0.02
_LONGEST_WAIT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is translated: marked text, and which segment and unit it is for the books (0: none).

    ``terms``: of each, the answer should have one. ``hints``: the same for an engine that takes a glossary, as (word,
    translation).
    """

    text: str
    segment: int = 0
    unit: int | None = None
    terms: tuple[tuple[str, ...], ...] = ()
    hints: tuple[tuple[str, str], ...] = ()


@dataclass
class Tally:
    """How an engine did in one pair, to be booked at once."""

    answers: int = 0
    refused: int = 0
    rough: int = 0
    characters: int = 0
    seconds: float = 0.0
    scores: list[float] = field(default_factory=list)
    faults: list[tuple[str, int]] = field(default_factory=list)  # reason, segment


def admit(engine: str, step: Step, sentences: Mapping[int, Sentence], sent: Mapping[int, str]) -> set[int]:
    """The keys of those texts that the engine's budget bears, reserved and registered; call it before sending out.

    ``sent`` is what will be sent, character for character: that is what the engine's owner counts.
    """
    with transaction.atomic():
        row = _engine(engine)
        month = month_of(now())
        Spending.objects.get_or_create(engine=row, month=month)
        book = Spending.objects.select_for_update().get(engine=row, month=month)
        left = None if row.monthly_budget is None else row.monthly_budget - book.characters
        taken: list[int] = []
        characters = 0
        for key, text in sent.items():
            if left is None or characters + len(text) <= left:
                taken.append(key)
                characters += len(text)
        if book.is_used_up:
            return set()
        is_used_up = len(taken) < len(sent)
        Spending.objects.filter(pk=book.pk).update(characters=F("characters") + characters, is_used_up=is_used_up)
        Dispatch.objects.bulk_create(
            Dispatch(
                engine=engine,
                at=now(),
                source=step.source,
                language=step.target,
                segment=sentences[key].segment,
                unit=sentences[key].unit,
                hash=hashlib.sha256(sent[key].encode()).hexdigest(),
                characters=len(sent[key]),
            )
            for key in taken
        )
    return set(taken)


def give_back(engine: str, characters: int) -> None:
    """The engine refused the call before it read it: nothing was spent."""
    book = Spending.objects.filter(engine__name=engine, month=month_of(now()))
    book.update(characters=F("characters") - characters, is_used_up=False)


def book(step: Step, tally: Tally) -> None:
    """What an engine answered; it ends a row of failures."""
    engine = Engine.objects.filter(name=step.engine).first()
    if engine is None:
        return
    changes: dict[str, object] = {
        "answers": F("answers") + tally.answers,
        "refused": F("refused") + tally.refused,
        "characters": F("characters") + tally.characters,
        "seconds": F("seconds") + tally.seconds,
    }
    if tally.answers:
        changes |= {"strikes": 0, "rests_until": None}
    Engine.objects.filter(pk=engine.pk).update(**changes)
    pair, _new = PairRecord.objects.get_or_create(engine=engine, source=step.source, target=step.target)
    PairRecord.objects.filter(pk=pair.pk).update(
        answers=F("answers") + tally.answers,
        refused=F("refused") + tally.refused,
        rough=F("rough") + tally.rough,
        characters=F("characters") + tally.characters,
        seconds=F("seconds") + tally.seconds,
        score_floor=_moved(pair.score_floor, tally.scores),
    )
    _list_faults(engine, step, tally.faults)


def _moved(floor: float | None, scores: Sequence[float]) -> float | None:
    """A running estimate of the quantile (Robbins, Monro: A stochastic approximation method, 1951)."""
    for score in scores:
        if floor is None:
            floor = score - 1.0
        floor += _FLOOR_STEP * (_FLOOR - (score < floor))
    return floor


def _list_faults(engine: Engine, step: Step, faults: Sequence[tuple[str, int]]) -> None:
    if not faults:
        return
    Failure.objects.bulk_create(
        Failure(
            engine=engine,
            at=now(),
            source=step.source,
            language=step.target,
            reason=reason[:500],
            segment_id=segment or None,
        )
        for reason, segment in faults[:FAILURES_KEPT]
    )
    old = Failure.objects.filter(engine=engine).order_by("-id").values_list("id", flat=True)[FAILURES_KEPT:]
    Failure.objects.filter(id__in=list(old[:1000])).delete()


def fail(engine_name: str, error: EngineError, *, source: str = "", target: str = "") -> None:
    """Note that an engine as a whole could not work, and let it rest as long as such a failure calls for."""
    with transaction.atomic():
        engine = Engine.objects.select_for_update().filter(name=engine_name).first()
        if engine is None:
            return
        moment = now()
        engine.failures += 1
        engine.strikes += 1
        engine.last_failure, engine.last_failure_at = str(error)[:500], moment
        if isinstance(error, Misconfigured):
            engine.needs_operator = True
        elif isinstance(error, RateLimited | Quota):
            engine.rests_until = moment + min(timedelta(seconds=max(1.0, error.seconds)), _LONGEST_WAIT)
        elif isinstance(error, Died):
            if engine.strikes >= _STRIKES_OF_DEATH:
                engine.rests_until = moment + pause_after(engine.strikes - _STRIKES_OF_DEATH + 1)
        else:
            engine.rests_until = moment + pause_after(engine.strikes)
        engine.save(
            update_fields=["failures", "strikes", "last_failure", "last_failure_at", "needs_operator", "rests_until"]
        )
        Failure.objects.create(
            engine=engine, at=moment, source=source, language=target, reason=f"{type(error).__name__}: {error}"[:500]
        )


def try_after_rest(engine_name: str) -> bool | None:
    """Whether the next call is the trial after a rest; ``None`` where the engine may not be asked.

    One worker tries an engine whose rest is over, the others wait for what comes of it.
    """
    moment = now()
    engine = _engine(engine_name)
    if not engine.strikes or engine.rests_until is None:
        return False
    mine = Engine.objects.filter(name=engine_name, rests_until=engine.rests_until, rests_until__lte=moment)
    return True if mine.update(rests_until=moment + pause_after(1)) == 1 else None


def recover(engine_name: str) -> None:
    """The trial was answered: the engine works again, for everybody."""
    Engine.objects.filter(name=engine_name).update(strikes=0, rests_until=None)


def _engine(name: str) -> Engine:
    found = Engine.objects.filter(name=name).first()
    if found is None:
        raise Misconfigured(f"there is no engine “{name}” any more")
    return found


def score_floor(step: Step) -> float | None:
    """The score under which an answer of this pair is doubtful; none before enough answers were seen."""
    row = PairRecord.objects.filter(engine__name=step.engine, source=step.source, target=step.target).first()
    return row.score_floor if row is not None and row.answers >= 200 else None


def forget_old_dispatches() -> int:
    """Drop what left the house longer ago than the register is kept; how many."""
    return Dispatch.objects.filter(at__lt=now() - REGISTER_KEPT).delete()[0]
