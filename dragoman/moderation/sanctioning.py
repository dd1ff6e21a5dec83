"""Sanctions: imposed with a reason, told to the reader, ended by time or by hand."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from dragoman.foundation.clock import now
from dragoman.foundation.errors import NotFound
from dragoman.foundation.statements import Select
from dragoman.foundation.text import one_line
from dragoman.moderation.actions import Grounds
from dragoman.moderation.errors import BadSanction, Sanctioned, StaffAreNotSanctioned
from dragoman.moderation.models import SANCTIONS, ReaderNote, Sanction
from dragoman.moderation.reasons import REASONS
from dragoman.readers.policies import Actor, require
from dragoman.readers.queries import is_staff


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands: the strongest sanction of now, or none (``kind`` is empty)."""

    kind: str = ""
    reason: str = ""
    until: datetime | None = None

    def check_may_write(self) -> None:
        """Raises where the reader may not."""
        if self.kind in ("suspend", "ban"):
            raise Sanctioned(REASONS[self.reason], self.until)


def _active(reader: Any, domain: Any, at: Any) -> Any:
    mine = Q(reader=reader) | Q(domain=domain, reader=None)
    rows = Sanction.objects.filter(mine, Q(until=None) | Q(until__gt=at), lifted_at=None).exclude(kind="warn")
    return rows.order_by("id").values_list("kind", "reason", "until")


_ACTIVE = Select(_active)


def standing_of(reader_id: int, domain: str) -> Standing:
    """How a reader with an address of this domain stands now. One query."""
    rows = _ACTIVE(reader_id, domain or "-", now())
    return max((Standing(*row) for row in rows), key=lambda one: SANCTIONS.index(one.kind), default=Standing())


def sanction(
    *,
    actor: Actor,
    kind: str,
    grounds: Grounds,
    reader_id: int | None = None,
    domain: str = "",
    until: datetime | None = None,
) -> int:
    """Impose a sanction on a reader or an e-mail domain; its id. Of staff the role is taken first."""
    by = require(actor, "reader.sanction")
    grounds = grounds.checked(needed=True)
    domain = one_line(domain).lower().removeprefix("@")
    if kind not in SANCTIONS or (reader_id is None) == (not domain) or len(domain) > 253:
        raise BadSanction
    if (until is None and kind == "suspend") or (until is not None and until <= now()):
        raise BadSanction
    if reader_id is not None and is_staff(reader_id):
        raise StaffAreNotSanctioned
    row = Sanction.objects.create(
        reader_id=reader_id,
        domain=domain,
        kind=kind,
        reason=grounds.reason,
        note=grounds.note,
        by_id=by,
        at=now(),
        until=until,
    )
    return int(row.pk)


def attach_note(sanction_id: int, text: int) -> None:
    """The note as a text that is translated; in the transaction that imposed the sanction."""
    Sanction.objects.filter(pk=sanction_id).update(note_text=text)


def lift(*, actor: Actor, sanction_id: int) -> None:
    """End it now."""
    by = require(actor, "reader.sanction")
    with transaction.atomic():
        row = Sanction.objects.select_for_update().filter(pk=sanction_id, lifted_at=None).first()
        if row is None:
            raise NotFound
        row.lifted_at, row.lifted_by_id = now(), by
        row.save(update_fields=["lifted_at", "lifted_by"])


def note_reader(*, actor: Actor, reader_id: int, text: str) -> None:
    """A word for the other moderators."""
    by = require(actor, "reader.sanction")
    told = Grounds("", text).checked(needed=False).note
    if told:
        ReaderNote.objects.create(reader_id=reader_id, text=told, by_id=by, at=now())
