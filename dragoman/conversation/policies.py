"""Who may see and do what to a comment."""

from datetime import datetime, timedelta

from dragoman.conversation.models import Comment, Thread
from dragoman.foundation.clock import now
from dragoman.readers.policies import Actor, may

MOST_OF_A_BRANCH = 300  # comments that are removed or moved with one click
EDIT_WINDOW = timedelta(minutes=30)  # after the release: long enough for slips, too short to turn a debate round


def may_read(actor: Actor, comment: Comment) -> bool:
    """What was never released is its writer's and the staff's, whatever became of it."""
    return comment.number is not None or may_read_words(actor, comment)


def may_read_words(actor: Actor, comment: Comment) -> bool:
    """The words of what is held are its writer's and the staff's, also of what was shown before."""
    return comment.state == "visible" or comment.author_id == actor.id or may(actor, "comment.read_held")


def may_edit(actor: Actor, comment: Comment) -> bool:
    """Writers change their own words; nobody else does."""
    return comment.author_id == actor.id and may(actor, "comment.edit_own")


def is_within_edit_window(comment: Comment, at: datetime) -> bool:
    """What is shown may be changed for a while; what was never shown, for as long as it waits."""
    is_open = comment.released_at is None or at <= comment.released_at + EDIT_WINDOW
    return comment.state in ("visible", "held") and is_open


def is_closed(thread: Thread) -> bool:
    """Whether nobody may write in it (any more)."""
    return not thread.is_open or (thread.closes_at is not None and thread.closes_at <= now())


def may_change_language(actor: Actor, comment: Comment) -> bool:
    """Writers say what they wrote in; moderators put it right where they did not."""
    own = comment.author_id == actor.id and may(actor, "comment.change_own_language")
    return own or may(actor, "comment.change_language")


def may_withdraw(actor: Actor, comment: Comment) -> bool:
    """Writers take back their own."""
    return comment.author_id == actor.id and may(actor, "comment.withdraw_own")
