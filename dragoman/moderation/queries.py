"""Reading cases, reports and decisions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Count, Max, Min, Q

from dragoman.foundation.clock import now
from dragoman.foundation.errors import NotFound
from dragoman.foundation.statements import Select
from dragoman.moderation.cases import Queue, finding_of
from dragoman.moderation.models import Case, Decision, Duty, Mode, ReaderNote, Report, Sanction, WordList
from dragoman.moderation.rules.candidate import Finding

AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open case. ``claimed_by`` is a reader's id while the claim lasts, else 0."""

    id: int
    kind: str
    subject: int
    queue: Queue
    since: datetime
    language: str
    place: str
    section: int
    findings: tuple[Finding, ...]
    reports: int
    claimed_by: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases: of a queue, in some languages, of some sections. ``None`` asks for all of them.

    ``after``: the last one of the window before, by moment and id; ``free_for``: without those that others than this
    moderator have in hand.
    """

    queue: Queue
    languages: tuple[str, ...] | None = None
    sections: tuple[int, ...] | None = None
    after: tuple[datetime, int] | None = None
    free_for: int | None = None


def cases(asked: Asked) -> tuple[list[Waiting], bool]:
    """``AT_ONCE`` of them, those that wait longest first, and whether there are more. One query."""
    rows = Case.objects.filter(queue=asked.queue, closed_at=None)
    if asked.languages is not None:
        rows = rows.filter(language__in=asked.languages)
    if asked.sections is not None:
        rows = rows.filter(section__in=asked.sections)
    if asked.free_for is not None:
        rows = rows.filter(Q(claimed_by=None) | Q(claimed_until__lte=now()) | Q(claimed_by=asked.free_for))
    if asked.after is not None:
        moment, last = asked.after
        rows = rows.filter(Q(opened_at__gt=moment) | Q(opened_at=moment, pk__gt=last), opened_at__gte=moment)
    found = list(rows.order_by("opened_at", "id")[: AT_ONCE + 1])
    return [_waiting(row) for row in found[:AT_ONCE]], len(found) > AT_ONCE


def case_of(kind: str, subject: int) -> Waiting | None:
    """The open case of a subject."""
    return open_cases(kind, [subject]).get(subject)


def open_cases(kind: str, subjects: Collection[int]) -> dict[int, Waiting]:
    """Open cases by subject. One query."""
    rows = Case.objects.filter(kind=kind, subject__in=subjects, closed_at=None)
    return {row.subject: _waiting(row) for row in rows}


def _waiting(row: Case) -> Waiting:
    is_claimed = row.claimed_until is not None and row.claimed_until > now()
    return Waiting(
        row.pk,
        row.kind,
        row.subject,
        cast(Queue, row.queue),
        row.opened_at,
        row.language,
        row.place,
        row.section,
        tuple(finding_of(one) for one in row.findings),
        row.reports,
        (row.claimed_by_id or 0) if is_claimed else 0,
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in a queue in one language, and since when."""

    queue: Queue
    language: str
    number: int
    since: datetime


def backlog() -> list[Backlog]:
    """By queue and language. One query, over an index."""
    rows = Case.objects.filter(closed_at=None).values_list("queue", "language")
    counted = rows.annotate(number=Count("id"), since=Min("opened_at")).order_by("queue", "language")
    return [Backlog(cast(Queue, queue), language, number, since) for queue, language, number, since in counted]


def waiting_in(queue: Queue) -> int:
    """How many cases wait in a queue."""
    return Case.objects.filter(queue=queue, closed_at=None).count()


def week(days: int = 7) -> list[tuple[date, int, int]]:
    """Of each of the last days (UTC): cases opened and closed. Two queries a day, each over a range of an index."""
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    for back in range(days - 1, -1, -1):
        first = today - timedelta(days=back)
        span = (first, first + timedelta(days=1))
        opened = Case.objects.filter(opened_at__gte=span[0], opened_at__lt=span[1]).count()
        closed = Case.objects.filter(closed_at__gte=span[0], closed_at__lt=span[1]).count()
        found.append((first.date(), opened, closed))
    return found


@dataclass(frozen=True, slots=True)
class Complaints:
    """What readers say of a subject: reasons, each with how often, and their own words."""

    reasons: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]


def complaints(kind: str, subjects: Collection[int]) -> dict[int, Complaints]:
    """Open reports by subject. One query."""
    reasons: dict[int, dict[str, int]] = {}
    notes: dict[int, list[str]] = {}
    rows = Report.objects.filter(kind=kind, decision=None, subject__in=subjects).order_by("id")
    for subject, reason, note in rows.values_list("subject", "reason", "note"):
        counts = reasons.setdefault(subject, {})
        counts[reason] = counts.get(reason, 0) + 1
        notes.setdefault(subject, []).extend([note] * bool(note))
    return {one: Complaints(tuple(counts.items()), tuple(notes[one])) for one, counts in reasons.items()}


def open_reports(kind: str) -> dict[int, int]:
    """Subjects with reports that nobody has answered, and how many. One query."""
    rows = Report.objects.filter(kind=kind, decision=None).values_list("subject")
    return dict(rows.annotate(number=Count("id")))


@dataclass(frozen=True, slots=True)
class LoggedDecision:
    """A decision as the log has it."""

    id: int
    subject: int
    act: str
    reason: str
    note: str
    note_text: int
    by: int
    at: datetime
    findings: tuple[Finding, ...]
    text_hash: str
    is_undone: bool


def decisions_on(kind: str, subjects: Collection[int]) -> list[LoggedDecision]:
    """All decisions on some subjects, the newest first. One query."""
    rows = Decision.objects.filter(kind=kind, subject__in=subjects).select_related("undone_by").order_by("-id")
    return [
        LoggedDecision(
            row.pk,
            row.subject,
            row.act,
            row.reason,
            row.note,
            row.note_text,
            row.by_id,
            row.at,
            tuple(finding_of(one) for one in row.findings),
            row.text_hash,
            hasattr(row, "undone_by"),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class SanctionState:
    """A sanction. ``is_over``: by time or by hand."""

    id: int
    kind: str
    domain: str
    reason: str
    note: str
    note_text: int
    at: datetime
    until: datetime | None
    is_over: bool


def sanctions_of(reader_id: int) -> list[SanctionState]:
    """A reader's own, the newest first. One query."""
    return _sanction_states(Sanction.objects.filter(reader=reader_id).order_by("-id"))


def sanctioned_domains() -> list[SanctionState]:
    """Those of e-mail domains that count now."""
    rows = Sanction.objects.exclude(domain="").filter(Q(until=None) | Q(until__gt=now()), lifted_at=None)
    return _sanction_states(rows.order_by("domain"))


def _sanction_states(rows: Any) -> list[SanctionState]:
    return [
        SanctionState(
            row.pk,
            row.kind,
            row.domain,
            row.reason,
            row.note,
            row.note_text,
            row.at,
            row.until,
            row.lifted_at is not None or (row.until is not None and row.until <= now()),
        )
        for row in rows
    ]


def notes_on(reader_id: int) -> list[tuple[datetime, int, str]]:
    """What moderators noted of a reader: when, who, what; the newest first."""
    return list(ReaderNote.objects.filter(reader=reader_id).order_by("-id").values_list("at", "by_id", "text"))


def duties() -> Mapping[int, tuple[tuple[int, ...], bool]]:
    """By moderator who has said something of it: sections (none: all), and whether he or she is away. One query."""
    rows = Duty.objects.values_list("reader_id", "sections", "is_away")
    return {reader: (tuple(sections), is_away) for reader, sections, is_away in rows}


# What was decided before them stands, or stood before what they undo.
_SAY_NOTHING_NEW = ("uphold", "undo", "pick", "unpick", "move")


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided last, and why."""

    act: str
    reason: str


def last_decisions(kind: str, subjects: Collection[int]) -> dict[int, Decided]:
    """The last decision on each that there is one on. One query."""
    if not subjects:
        return {}
    return {subject: Decided(act, reason) for subject, act, reason in _LAST(kind, list(subjects))}


def _last(kind: Any, subjects: Any) -> Any:
    counts = Decision.objects.filter(kind=kind, subject__in=subjects, undone_by=None).exclude(act__in=_SAY_NOTHING_NEW)
    newest = counts.values("subject").annotate(last=Max("id"))
    return Decision.objects.filter(pk__in=newest.values("last")).values_list("subject", "act", "reason")


_LAST = Select(_last)


def reasons_of(kind: str, subjects: Collection[int]) -> dict[int, str]:
    """The reason of the last decision on each. One query."""
    return {subject: one.reason for subject, one in last_decisions(kind, subjects).items()}


@dataclass(frozen=True, slots=True)
class ListState:
    """A word list as it stands; ``words`` has one on each line."""

    id: int
    name: str
    language: str
    matching: str
    act: str
    words: str
    changed_at: datetime
    changed_by: str

    @property
    def length(self) -> int:
        """How many words it has."""
        return len(self.words.splitlines())


def word_lists() -> list[ListState]:
    """All lists by name. One query."""
    return [_list_state(row) for row in WordList.objects.order_by("name")]


def word_list_of(list_id: int) -> ListState:
    """One list; raises :class:`NotFound`."""
    row = WordList.objects.filter(pk=list_id).first()
    if row is None:
        raise NotFound
    return _list_state(row)


def _list_state(row: WordList) -> ListState:
    return ListState(row.pk, row.name, row.language, row.matching, row.act, row.words, row.changed_at, row.changed_by)


def modes() -> list[tuple[str, str, str]]:
    """What was said of where comments wait: scope, key, mode. One query."""
    return list(Mode.objects.order_by("scope", "key").values_list("scope", "key", "mode"))
