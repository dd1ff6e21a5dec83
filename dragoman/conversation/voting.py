"""Votes on comments."""

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import locked_alone
from dragoman.conversation.models import Comment, Vote
from dragoman.conversation.rules.ordering import best
from dragoman.conversation.screening import check_may_write
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.readers.policies import Actor, require


def cast_vote(*, actor: Actor, comment: Comment, value: int) -> None:
    """Agree (1), disagree (-1), or take one's vote back (0). The same vote twice is one.

    The comment's row is locked, not its thread: voters do not wait for writers.
    """
    reader = require(actor, "comment.vote")
    check_may_write(actor)
    with transaction.atomic():
        row = locked_alone(comment)
        if row.state != "visible":
            raise errors.WrongState
        if row.author_id == reader:
            raise errors.OwnComment
        mine = Vote.objects.filter(comment=row, reader_id=reader)
        before = mine.values_list("value", flat=True).first() or 0
        if before == value:
            return
        if value:
            Vote.objects.update_or_create(comment=row, reader_id=reader, defaults={"value": value})
        else:
            mine.delete()
        row.up += (value == 1) - (before == 1)
        row.down += (value == -1) - (before == -1)
        row.best = best(row.up, row.down)
        row.save(update_fields=["up", "down", "best"])
        data = {"id": row.pk, "up": row.up, "down": row.down}
        announce(Announcement(row.thread.topic, "vote", data))
