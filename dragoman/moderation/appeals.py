"""Appeals: a writer does not agree, and another person looks at it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, Q

from dragoman.foundation.clock import now
from dragoman.foundation.text import clean
from dragoman.moderation.actions import LONGEST_NOTE
from dragoman.moderation.cases import Matter, open_case
from dragoman.moderation.errors import (
    AppealedAlready,
    AppealSaysNothing,
    AppealTooLate,
    DecidedByYou,
    NoSuchAppeal,
    NoteTooLong,
)
from dragoman.moderation.models import Appeal, Decision
from dragoman.moderation.reasons import AGAINST
from dragoman.readers.policies import Actor

APPEALED_WITHIN = timedelta(days=183)  # Digital Services Act, article 20: at least six months
SAME_PERSON_AFTER = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class AppealState:
    """An appeal and what became of it; ``answered`` is the act that answered it, empty while it waits.

    ``withdraw`` where its writer took the comment back before.
    """

    id: int
    decision: int
    words: str
    words_text: int
    at: datetime
    answered: str
    note: str
    note_text: int


def checked_words(words: str) -> str:
    """What the writer says; raises where it is nothing or too much."""
    told = clean(words).text.strip()
    if not told:
        raise AppealSaysNothing
    if len(told) > LONGEST_NOTE:
        raise NoteTooLong
    return told


def appeal(*, writer: int, decision_id: int, matter: Matter, words: str) -> int:
    """The writer does not agree with a decision against his or her own words. It waits for another moderator.

    The appeal's id, for :func:`attach_words`.

    Raises where there is no such decision that still counts, or it is too late. Who the writer is, the caller knows.
    """
    told = checked_words(words)
    with transaction.atomic():
        decision = Decision.objects.filter(pk=decision_id, kind=matter.kind, subject=matter.subject).first()
        if decision is None or decision.act not in AGAINST or Decision.objects.filter(undoes=decision).exists():
            raise NoSuchAppeal
        if decision.at < now() - APPEALED_WITHIN:
            raise AppealTooLate
        try:
            with transaction.atomic():
                row = Appeal.objects.create(decision=decision, reader_id=writer, words=told, at=now())
        except IntegrityError:
            raise AppealedAlready from None
        open_case(matter, "appeal")
    return int(row.pk)


def attach_words(appeal_id: int, text: int) -> None:
    """The words as a text that is translated; in the transaction that stored them."""
    Appeal.objects.filter(pk=appeal_id).update(words_text=text)


def open_appeal(kind: str, subject: int) -> Appeal | None:
    """The one that waits, if any."""
    waiting = Appeal.objects.filter(decision__kind=kind, decision__subject=subject, answer=None, withdrawn_at=None)
    waiting = waiting.filter(decision__undone_by=None)  # there is nothing left to object to
    return waiting.select_related("decision").order_by("id").first()


def check_other_person(actor: Actor, kind: str, subject: int) -> bool:
    """Raises where the actor would answer an appeal against his or her own decision before three days are over.

    Whether the actor answers it all the same, because nobody else did.
    """
    waiting = open_appeal(kind, subject)
    if waiting is None or waiting.decision.by_id != actor.id:
        return False
    if now() < waiting.at + SAME_PERSON_AFTER:
        raise DecidedByYou
    return True


def answer_appeal(decision: Decision, *, is_by_same: bool) -> None:
    """A decision answers the appeal that waits on its subject."""
    waiting = open_appeal(decision.kind, decision.subject)
    if waiting is not None:
        Appeal.objects.filter(pk=waiting.pk).update(answer=decision, is_by_same=is_by_same)


def withdraw_appeal(kind: str, subject: int) -> None:
    """The writer took back what it is about: nobody need decide."""
    waiting = Appeal.objects.filter(decision__kind=kind, decision__subject=subject, answer=None)
    waiting.update(withdrawn_at=now())


def appeals_of(decisions: list[int]) -> dict[int, AppealState]:
    """By decision. One query."""
    rows = Appeal.objects.filter(decision__in=decisions).select_related("answer")
    return {
        row.decision_id: AppealState(
            row.pk,
            row.decision_id,
            row.words,
            row.words_text,
            row.at,
            row.answer.act if row.answer else "withdraw" if row.withdrawn_at else "",
            row.answer.note if row.answer else "",
            row.answer.note_text if row.answer else 0,
        )
        for row in rows
    }


def appeal_counts() -> tuple[int, int, int]:
    """How many wait, were answered, and were answered by whoever had decided. One query."""
    is_answered = Q(answer__isnull=False)
    found = Appeal.objects.aggregate(
        waiting=Count("id", filter=Q(answer=None, withdrawn_at=None, decision__undone_by=None)),
        answered=Count("id", filter=is_answered),
        by_same=Count("id", filter=Q(is_by_same=True)),
    )
    return found["waiting"], found["answered"], found["by_same"]
