"""Sanctions with their words, which the reader reads in the own language."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dragoman.conversation.queries import ReaderView
from dragoman.conversation.statements import keep_words
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.moderation import sanctioning
from dragoman.moderation.actions import Grounds
from dragoman.moderation.queries import SanctionState
from dragoman.readers.policies import Actor
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present


def impose(
    *,
    actor: Actor,
    kind: str,
    grounds: Grounds,
    reader_id: int | None = None,
    domain: str = "",
    until: datetime | None = None,
) -> None:
    """Impose a sanction on a reader or an e-mail domain, with words that are translated for the reader."""
    with transaction.atomic():
        made = sanctioning.sanction(
            actor=actor, kind=kind, grounds=grounds, reader_id=reader_id, domain=domain, until=until
        )
        note = grounds.checked(needed=True).note
        if note and reader_id is not None:
            text = keep_words(note, of="sanction", owner=made, language=actor.languages, reader=reader_id)
            sanctioning.attach_note(made, text)
        if reader_id is not None:
            announce(Announcement(f"reader:{reader_id}", "sanctioned", {"id": made}))


def notes_of_sanctions(found: Sequence[SanctionState], view: ReaderView) -> list[Presented | None]:
    """The moderators' words, as the reader reads them; none where there are none. A fixed number of queries."""
    words = present([one.note_text for one in found if one.note_text], view.language, view.actor.languages)
    return [words.get(one.note_text) for one in found]
