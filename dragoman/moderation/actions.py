"""Reporting, and writing down what was decided."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from dragoman.foundation.clock import now
from dragoman.foundation.text import clean
from dragoman.moderation.errors import NoteTooLong, ReasonNeeded
from dragoman.moderation.models import CODES, Decision, Report
from dragoman.readers.policies import Action, Actor, require

LONGEST_NOTE = 1000
_AGAINST = ("hold", "remove")
_NEEDS: dict[str, Action] = {
    "release": "comment.release",
    "keep": "comment.release",
    "pick": "comment.pick",
    "unpick": "comment.pick",
}


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


def report_subject(*, actor: Actor, kind: str, subject: int, grounds: Grounds) -> bool:
    """Report something; whether this is news. A second report while the first is open changes that one's grounds."""
    reporter = require(actor, "comment.report")
    grounds = grounds.checked(needed=True)
    _report, is_new = Report.objects.update_or_create(
        kind=kind,
        subject=subject,
        reporter_id=reporter,
        decision=None,
        defaults={"reason": grounds.reason, "note": grounds.note},
        create_defaults={"reason": grounds.reason, "note": grounds.note, "at": now()},
    )
    return is_new


def require_decider(actor: Actor, act: str) -> int:
    """The actor's id; raises where the actor may not decide so."""
    return require(actor, _NEEDS.get(act, "comment.remove"))


def record_decision(*, actor: Actor, kind: str, subject: int, act: str, text: str, grounds: Grounds) -> Decision:
    """Write down what was decided and answer the open reports, in the transaction that does it.

    The text itself is not kept: its hash shows later which one it was. Raises
    where the actor may not decide so.
    """
    decider = require_decider(actor, act)
    grounds = grounds.checked(needed=act in _AGAINST)
    with transaction.atomic():
        decision = Decision.objects.create(
            kind=kind,
            subject=subject,
            act=act,
            reason=grounds.reason,
            note=grounds.note,
            text_hash=hashlib.sha256(text.encode()).hexdigest(),
            by_id=decider,
            at=now(),
        )
        Report.objects.filter(kind=kind, subject=subject, decision=None).update(decision=decision)
    return decision
