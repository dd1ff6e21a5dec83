"""Who may see and do what to a comment."""

from dragoman.conversation.models import Comment
from dragoman.readers.policies import Actor, may


def may_read(actor: Actor, comment: Comment) -> bool:
    """What was never released is its writer's and the staff's, whatever became of it."""
    return comment.number is not None or comment.author_id == actor.id or may(actor, "comment.read_held")


def may_change_language(actor: Actor, comment: Comment) -> bool:
    """Writers say what they wrote in; moderators put it right where they did not."""
    own = comment.author_id == actor.id and may(actor, "comment.change_own_language")
    return own or may(actor, "comment.change_language")


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Writers take back their own."""
    return comment.author_id == actor.id and may(actor, "comment.withdraw_own")
