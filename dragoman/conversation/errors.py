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


class BadQuote(InvalidInput):
    """The quoted words do not stand where the quote says."""

    code = "bad-quote"
    message = _("The quoted words do not stand there. Quote the passage again from the page.")
