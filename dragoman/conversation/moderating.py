"""What staff do to comments: every act with its reason, written into the log in the same transaction."""

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.lifecycle import announce_change, locked, release, take_away
from dragoman.conversation.models import Comment
from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.moderation import actions as moderation
from dragoman.moderation.actions import Grounds
from dragoman.readers.policies import Actor

KIND = "comment"
_FROM = {
    "release": ("held",),
    "hold": ("visible",),
    "remove": ("visible", "held"),
    "restore": ("removed",),
    "keep": ("visible", "held", "withdrawn"),  # a removal has answered the reports already
    "pick": ("visible",),
    "unpick": ("visible",),
}
_NO_GROUNDS = Grounds()


def report_comment(*, actor: Actor, comment: Comment, grounds: Grounds) -> bool:
    """A reader says that something is wrong with it; whether that is news."""
    if comment.state != "visible":
        raise errors.NoSuchComment
    if comment.author_id == actor.id:
        raise errors.OwnComment
    return moderation.report_subject(actor=actor, kind=KIND, subject=comment.pk, grounds=grounds)


def decide(*, actor: Actor, comment: Comment, act: str, grounds: Grounds = _NO_GROUNDS) -> None:
    """Release, hold, remove, restore, pick or unpick a comment, or keep it: nothing is wrong with it.

    Every decision answers its reports. A removed comment leaves a tombstone with
    its number; a restored one has the number that it had.
    """
    moderation.require_decider(actor, act)
    with transaction.atomic():
        comment = locked(comment)
        if comment.state not in _FROM[act]:
            raise errors.WrongState
        moderation.record_decision(
            actor=actor, kind=KIND, subject=comment.pk, act=act, text=comment.source, grounds=grounds
        )
        if act in ("release", "restore"):
            release(comment)
        elif act in ("hold", "remove"):
            take_away(comment, "held" if act == "hold" else "removed")
            announce_change(comment, comment.state)
        elif act in ("pick", "unpick"):
            comment.picked_at = now() if act == "pick" else None
            comment.save(update_fields=["picked_at"])
            announce_change(comment, act)
    if act in ("hold", "remove"):
        settle()
