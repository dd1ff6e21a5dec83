"""Following threads, and how far one has read them."""

from datetime import timedelta

from django.db import transaction

from dragoman.conversation.models import Follow, Thread, Visit
from dragoman.foundation.clock import now
from dragoman.readers.policies import Actor, require

VISIT = timedelta(minutes=30)  # without a sign of life: whoever comes back later is there anew


def follow(*, actor: Actor, thread: Thread, follows: bool) -> None:
    """Begin or stop following; twice is once."""
    reader = require(actor, "thread.follow")
    if follows:
        Follow.objects.get_or_create(reader_id=reader, thread=thread, defaults={"since": now()})
    else:
        Follow.objects.filter(reader_id=reader, thread=thread).delete()


def mark_read(*, actor: Actor, thread: Thread, up_to: int) -> None:
    """The reader has had comments up to this number on the screen. What is read stays read.

    Whatever stands there at the first visit is nothing new.
    """
    reader = require(actor, "thread.follow")
    moment = now()
    with transaction.atomic():
        visit, is_new = Visit.objects.select_for_update().get_or_create(
            reader_id=reader,
            thread=thread,
            defaults={"at": moment, "read_up_to": thread.last_number, "read_before": thread.last_number},
        )
        if not is_new and moment - visit.at > VISIT:
            visit.read_before = visit.read_up_to
        visit.read_up_to = max(visit.read_up_to, min(up_to, thread.last_number))
        visit.at = moment
        visit.save(update_fields=["read_up_to", "read_before", "at"])
