"""What may be wrong with a comment."""

from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dragoman.foundation.errors import DragomanError, InvalidInput, NotFound


class EmptyComment(InvalidInput):
    """There is nothing in it."""

    code = "empty-comment"
    message = _("Please write something first.")


class CommentTooLong(InvalidInput):
    """It is longer than a comment may be."""

    code = "comment-too-long"


class UnreadableText(InvalidInput):
    """It came in another encoding than UTF-8."""

    code = "unreadable-text"
    message = _("Some characters of your text arrived damaged. Please check it and send it again.")


class ThreadClosed(DragomanError):
    """Nobody may write here any more."""

    code = "thread-closed"
    status = 409
    message = _("Comments on this article are closed.")


class TextChanged(DragomanError):
    """The writer has changed it since the moderator read it."""

    code = "text-changed"
    status = 409
    message = _("The writer has changed this comment meanwhile. Look at it again.")


class TooSlow(InvalidInput):
    """Between two comments of one reader lies no more than a day."""

    code = "too-slow"
    message = _("Between two comments of one reader there can be a day at most: 0 to 86,400 seconds.")


ANNOUNCEMENT_TOO_LONG = _("An announcement has 1,000 characters at most. Please shorten it.")


class NoSuchThread(NotFound):
    """There is no conversation with this id."""

    code = "no-such-thread"
    message = _("There is no such conversation.")


class SlowMode(DragomanError):
    """A moderator has slowed the thread down; ``seconds`` to wait."""

    code = "slow-mode"
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        number = ceil(seconds / 60)
        sentence = ngettext(
            "A moderator has slowed this conversation down. Please wait %(number)s minute; your text is kept.",
            "A moderator has slowed this conversation down. Please wait %(number)s minutes; your text is kept.",
            number,
        )
        super().__init__(sentence % {"number": number})


class CommentsOff(DragomanError):
    """The newsroom takes no comments for a while, everywhere or in a section."""

    code = "comments-off"
    status = 409
    message = _("The newsroom takes no comments here at the moment. Your text is kept.")


class NoSuchComment(NotFound):
    """The number was never given in this thread, or the comment is not for this actor."""

    code = "no-such-comment"
    message = _("There is no comment with this number here.")


class KeyReused(InvalidInput):
    """The same idempotency key came with another body."""

    code = "idempotency-key-reused"
    message = _("This Idempotency-Key was used for another comment.")


class WrongState(DragomanError):
    """The comment is not in a state in which this can be done."""

    code = "wrong-state"
    status = 409
    message = _("This cannot be done to the comment as it is now.")


class TooFast(DragomanError):
    """The reader posts more than anybody reads; ``seconds`` to wait."""

    code = "too-fast"
    status = 429

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        if seconds < 100:
            number, sentence = (
                seconds,
                ngettext(
                    "You are posting very fast. Please wait %(number)s second; your text is kept.",
                    "You are posting very fast. Please wait %(number)s seconds; your text is kept.",
                    seconds,
                ),
            )
        else:
            number = ceil(seconds / 60)
            sentence = ngettext(
                "You have posted a lot. Please wait %(number)s minute; your text is kept.",
                "You have posted a lot. Please wait %(number)s minutes; your text is kept.",
                number,
            )
        super().__init__(sentence % {"number": number})


class EditWindowClosed(DragomanError):
    """Others have read and answered it by now."""

    code = "edit-window-closed"
    status = 409
    message = _("This comment can no longer be changed. You may take it back, or add another one.")


class OwnComment(DragomanError):
    """Nobody votes on or reports the own comment."""

    code = "own-comment"
    status = 409
    message = _("You cannot do this to your own comment.")


class BranchTooLarge(DragomanError):
    """Too many answers to be removed or moved with one click; nothing was done."""

    code = "branch-too-large"
    status = 409
    message = _(
        "There are more than 300 answers below this comment. Take those below one of its answers first, or close the "
        "conversation."
    )


class NoSuchPlace(DragomanError):
    """Not the address of an article or of a comment below one."""

    code = "no-such-place"
    status = 422
    message = _("There is no article and no comment at this address. Copy it from the page that they belong to.")


class MovedIntoItself(DragomanError):
    """The goal of a move is one of the comments that would move."""

    code = "moved-into-itself"
    status = 409
    message = _("A comment cannot be moved below one of its own answers. Choose another place.")


class StandsThere(DragomanError):
    """Nothing to move."""

    code = "stands-there"
    status = 409
    message = _("The comment stands there already. Give the address of the article or comment that it belongs to.")


class BadQuote(InvalidInput):
    """The quoted words do not stand where the quote says."""

    code = "bad-quote"
    message = _("The quoted words do not stand there. Quote the passage again from the page.")
