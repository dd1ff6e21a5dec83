"""Reporting, and writing down what was decided."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.db import transaction

from dragoman.foundation.clock import now
from dragoman.foundation.text import clean
from dragoman.moderation.cases import (
    Matter,
    close_case,
    finding_of,
    no_longer_held,
    open_case,
    reopen_case,
    waiting_case,
    waits_for_us,
)
from dragoman.moderation.errors import CannotBeUndone, NoteTooLong, ReasonNeeded, TooManyReports
from dragoman.moderation.models import CODES, Appeal, Decision, Report
from dragoman.moderation.reasons import AGAINST
from dragoman.moderation.rules.candidate import Finding
from dragoman.readers.policies import Action, Actor, require

LONGEST_NOTE = 1000
UNDONE_WITHIN = timedelta(minutes=10)
_MOST_REPORTS = 30  # of one reader within an hour
_NEEDS: dict[str, Action] = {
    "release": "comment.release",
    "keep": "comment.release",
    "pick": "comment.pick",
    "unpick": "comment.pick",
}
# What goes on waiting after it: for the writer, or for another look.
_WAITS_ON = ("hold", "ask")
_SAYS_NOTHING = ("pick", "unpick", "move")  # of whether the subject is in order


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why: a code of :data:`dragoman.moderation.reasons.REASONS`, and words of one's own."""

    reason: str = ""
    note: str = ""

    def checked(self, *, needed: bool) -> "Grounds":
        """The same, cleaned; raises where the reason is missing or unknown, or the note too long."""
        if self.reason not in CODES and (needed or self.reason):
            raise ReasonNeeded
        note = clean(self.note).text.strip()
        if len(note) > LONGEST_NOTE:
            raise NoteTooLong
        return Grounds(self.reason, note)


def report_subject(*, actor: Actor, matter: Matter, grounds: Grounds) -> bool:
    """Report something; whether this is news. A second report while the first is open changes that one's grounds."""
    reporter = require(actor, "comment.report")
    grounds = grounds.checked(needed=True)
    if Report.objects.filter(reporter=reporter, at__gt=now() - timedelta(hours=1)).count() >= _MOST_REPORTS:
        raise TooManyReports
    with transaction.atomic():
        _report, is_new = Report.objects.update_or_create(
            kind=matter.kind,
            subject=matter.subject,
            reporter_id=reporter,
            decision=None,
            defaults={"reason": grounds.reason, "note": grounds.note},
            create_defaults={"reason": grounds.reason, "note": grounds.note, "at": now()},
        )
        if is_new or not waiting_case(matter.kind, matter.subject).exists():
            open_case(matter, "reported", reports=1)
    return is_new


def require_decider(actor: Actor, act: str) -> int:
    """The actor's id; raises where the actor may not decide so."""
    return require(actor, _NEEDS.get(act, "comment.remove"))


@dataclass(frozen=True, slots=True)
class Upon:
    """What is decided upon: its words as they are, and what state it was in."""

    text: str
    state: str


def record_decision(*, actor: Actor, matter: Matter, act: str, on: Upon, grounds: Grounds) -> Decision:
    """Write down what was decided and answer the open reports, in the transaction that does it.

    The text itself is not kept: its hash shows later which one it was. Raises
    where the actor may not decide so.
    """
    decider = require_decider(actor, act)
    grounds = grounds.checked(needed=act in AGAINST)
    with transaction.atomic():
        decision = Decision.objects.create(
            kind=matter.kind,
            subject=matter.subject,
            act=act,
            reason=grounds.reason,
            note=grounds.note,
            text_hash=hash_of(on.text),
            by_id=decider,
            at=now(),
            state_before=on.state,
            findings=[asdict(one) for one in findings_of(matter)],
        )
        if act in _SAYS_NOTHING:
            return decision
        Report.objects.filter(kind=matter.kind, subject=matter.subject, decision=None).update(decision=decision)
        if act in _WAITS_ON or (act == "uphold" and on.state == "held"):
            open_case(matter, "asked" if act == "ask" else "held")
        else:
            close_case(matter.kind, matter.subject, decision)
    return decision


def hash_of(text: str) -> str:
    """SHA-256, by which the log tells which text it was."""
    return hashlib.sha256(text.encode()).hexdigest()


def wording_of(text: str) -> str:
    """Names the words of a text as they are, in short: whoever decides has read these."""
    return hash_of(text)[:16]


def attach_note(decision_id: int, text: int) -> None:
    """The note as a text that is translated; in the transaction that recorded the decision."""
    Decision.objects.filter(pk=decision_id).update(note_text=text)


def findings_of(matter: Matter) -> Sequence[Finding]:
    """What the rules found in the open case."""
    row = waiting_case(matter.kind, matter.subject).first()
    return [finding_of(one) for one in row.findings] if row is not None else []


def record_undoing(*, actor: Actor, decision_id: int, text: str) -> Decision:
    """Write down that a decision is taken back by whoever made it, a moment ago and with nothing decided since.

    The reports that it answered are open again, and so is its case.
    """
    decision = Decision.objects.select_for_update(no_key=True).get(pk=decision_id)
    decider = require_decider(actor, decision.act)
    later = Decision.objects.filter(kind=decision.kind, subject=decision.subject, pk__gt=decision.pk)
    if decision.text_hash != hash_of(text):  # it says something else now, which nobody has decided about
        raise CannotBeUndone
    if decision.by_id != decider or decision.at < now() - UNDONE_WITHIN or decision.act == "undo" or later.exists():
        raise CannotBeUndone
    undoing = Decision.objects.create(
        kind=decision.kind,
        subject=decision.subject,
        act="undo",
        text_hash=hash_of(text),
        by_id=decider,
        at=now(),
        undoes=decision,
    )
    again = Report.objects.filter(kind=decision.kind, subject=decision.subject, decision=None).values("reporter")
    Report.objects.filter(decision=decision).exclude(reporter__in=again).update(decision=None)
    Appeal.objects.filter(answer=decision).update(answer=None, is_by_same=False)
    if decision.act in _WAITS_ON and decision.state_before == "held":
        waits_for_us(decision.kind, decision.subject)
    elif decision.act in _WAITS_ON:
        no_longer_held(decision.kind, decision.subject)
    else:
        reopen_case(decision)
    return undoing
