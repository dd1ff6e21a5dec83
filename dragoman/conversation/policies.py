"""Who may see and do what to a comment."""

from dragoman.conversation.models import Comment
from dragoman.readers.policies import Actor, may


def may_read(actor: Actor, comment: Comment) -> bool:
    """What was never released is its writer's and the staff's, whatever became of it."""
    return comment.number is not None or comment.author_id == actor.id or may(actor, "comment.read_held")


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Writers take back their own."""
    return comment.author_id == actor.id and may(actor, "comment.withdraw_own")
