"""Cases: opened, claimed, closed. Called in the transactions of those whose subjects they are about."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal, TypeAlias, cast

from django.db.models import Q, QuerySet

from dragoman.foundation.clock import now
from dragoman.moderation.errors import CaseClaimed
from dragoman.moderation.models import Case, Decision
from dragoman.moderation.rules.candidate import Act, Finding
from dragoman.readers.policies import Actor, require
from dragoman.readers.queries import profiles

Queue: TypeAlias = Literal["held", "reported", "asked", "appeal"]
CLAIMED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about, and what decides who can look at it. ``place``: a key; ``section``: an id, or 0."""

    kind: str
    subject: int
    language: str
    place: str
    section: int = 0


def waiting_case(kind: str, subject: int) -> QuerySet[Case]:
    """The open case of a subject, if any."""
    return Case.objects.filter(kind=kind, subject=subject, closed_at=None)


def open_case(matter: Matter, queue: Queue, findings: Sequence[Finding] = (), *, reports: int = 0) -> None:
    """Open a case, or move the open one into the queue, with what was found besides.

    Two who open one at once open one: the second adds to it.
    """
    row, is_new = Case.objects.select_for_update(no_key=True).get_or_create(
        kind=matter.kind,
        subject=matter.subject,
        closed_at=None,
        defaults={
            "queue": queue,
            "opened_at": now(),
            "language": matter.language,
            "place": matter.place,
            "section": matter.section,
            "findings": [asdict(one) for one in findings],
            "reports": reports,
        },
    )
    if is_new:
        return
    known = [finding_of(one) for one in row.findings]
    row.findings = [asdict(one) for one in (*known, *(one for one in findings if one not in known))]
    # A report of what is held already changes nothing of where it waits.
    row.queue = row.queue if queue == "reported" else queue
    row.reports, row.language = row.reports + reports, matter.language
    row.save(update_fields=["findings", "queue", "reports", "language"])


def finding_of(told: dict[str, Any]) -> Finding:
    """A finding as it was written down."""
    return Finding(
        str(told["rule"]),
        cast(Act, told["act"]),
        tuple((int(start), int(end)) for start, end in told["spans"]),
        str(told["language"]),
        int(told["word_list"]),
    )


def replace_findings(kind: str, subject: int, findings: Sequence[Finding]) -> None:
    """The subject says something else now: what was found in the words of before is found no more."""
    waiting_case(kind, subject).update(findings=[asdict(one) for one in findings])


def speaks(kind: str, subject: int, language: str) -> None:
    """The subject is in another language than was thought: others can look at it."""
    waiting_case(kind, subject).update(language=language)


def stands_in(matter: Matter) -> None:
    """The subject is at another place now: others look at it."""
    waiting_case(matter.kind, matter.subject).update(place=matter.place, section=matter.section)


def close_case(kind: str, subject: int, decision: Decision | None = None) -> None:
    """Nothing waits any more: it was decided, or taken back."""
    waiting_case(kind, subject).update(closed_at=now(), decision=decision, claimed_by=None, claimed_until=None)


def reopen_case(decision: Decision) -> None:
    """As if it had not been decided; where another one was opened since, that one stays."""
    row = Case.objects.filter(decision=decision).first()
    if row and not waiting_case(row.kind, row.subject).exists():
        Case.objects.filter(pk=row.pk).update(closed_at=None, decision=None)


def waits_for_us(kind: str, subject: int) -> None:
    """Not for its writer any more."""
    waiting_case(kind, subject).update(queue="held")


def no_longer_held(kind: str, subject: int) -> None:
    """It is shown again: it waits on only where readers have reported it, or a rule had found something."""
    row = waiting_case(kind, subject).first()
    if row is None:
        return
    if row.reports or row.findings:
        Case.objects.filter(pk=row.pk).update(queue="reported")
    else:
        close_case(kind, subject)


def claim(actor: Actor, cases: Collection[int]) -> None:
    """Take cases into one's hand for a while; what others have in theirs stays so."""
    mine = require(actor, "comment.release")
    is_free = Q(claimed_by=None) | Q(claimed_until__lte=now()) | Q(claimed_by=mine)
    Case.objects.filter(is_free, pk__in=cases, closed_at=None).update(
        claimed_by=mine, claimed_until=now() + CLAIMED_FOR
    )


def check_claim(actor: Actor, kind: str, subject: int) -> None:
    """Raises where somebody else has the open case in hand."""
    row = waiting_case(kind, subject).first()
    if row is None or row.claimed_by_id in (None, actor.id) or row.claimed_until is None or row.claimed_until <= now():
        return
    other = profiles([row.claimed_by_id])[row.claimed_by_id]
    raise CaseClaimed(other.nickname)
