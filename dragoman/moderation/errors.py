"""What may be wrong with a report, a decision, an appeal, a sanction or a rule."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from dragoman.foundation.errors import Conflict, DragomanError, InvalidInput, NotFound


class ReasonNeeded(InvalidInput):
    """A decision against somebody, or a report, without a known reason."""

    code = "reason-needed"
    message = gettext_lazy("Please say why: choose one of the reasons.")


class NoteTooLong(InvalidInput):
    """More than the log takes."""

    code = "note-too-long"
    message = gettext_lazy("Your explanation is too long: at most 1,000 characters are possible.")


class TooManyReports(DragomanError):
    """One person reports more than anybody reads."""

    code = "too-many-reports"
    status = 429
    message = gettext_lazy("You have reported a lot within an hour. The newsroom reads it; please report more later.")


class CaseClaimed(Conflict):
    """Somebody else has it in hand."""

    code = "case-claimed"

    def __init__(self, nickname: str) -> None:
        super().__init__(_("%(nickname)s is deciding about this just now.") % {"nickname": nickname})


class AlreadyDecided(Conflict):
    """Somebody was faster."""

    code = "already-decided"
    message = gettext_lazy("Somebody has decided about this meanwhile. Look at it again.")


class CannotBeUndone(Conflict):
    """Too late, somebody else's, or something was decided since."""

    code = "cannot-be-undone"
    message = gettext_lazy("This cannot be undone any more: decide anew.")


class NoSuchAppeal(NotFound):
    """There is nothing to appeal against, or it is not this reader's."""

    code = "no-such-appeal"
    message = gettext_lazy("There is no decision here that you could object to.")


class AppealedAlready(Conflict):
    """Once for each decision."""

    code = "appealed-already"
    message = gettext_lazy("You have objected to this decision already.")


class AppealTooLate(Conflict):
    """Six months after the decision."""

    code = "appeal-too-late"
    message = gettext_lazy("It is too late to object to this decision: six months are over.")


class AppealSaysNothing(InvalidInput):
    """Without words there is nothing to look at."""

    code = "appeal-says-nothing"
    message = gettext_lazy("Please write why you do not agree.")


class DecidedByYou(Conflict):
    """Nobody answers an appeal against the own decision while another person could."""

    code = "decided-by-you"
    message = gettext_lazy("This is about your own decision. Another moderator answers it; after three days you may.")


class BadSanction(InvalidInput):
    """It lacks an end, or ends before it begins."""

    code = "bad-sanction"
    message = gettext_lazy("Please say until when: a moment in the future.")


class Sanctioned(DragomanError):
    """The reader may not write for a time, or at all."""

    code = "sanctioned"
    status = 403

    def __init__(self, reason: StrOrPromise, until: datetime | None) -> None:
        told = {"reason": reason, "until": date_format(until, "DATETIME_FORMAT") if until else ""}
        super().__init__(
            _("You cannot write here until %(until)s. The reason: %(reason)s.") % told
            if until
            else _("You cannot write here any more. The reason: %(reason)s.") % told
        )


class Refused(InvalidInput):
    """A rule does not take the comment; ``message`` says which and what to do."""

    code = "refused"


class BadWordList(InvalidInput):
    """A list cannot be taken; the message says which line and why. Nothing was changed."""

    code = "bad-word-list"


class BadRule(InvalidInput):
    """There is no such rule, or a number is out of its range."""

    code = "bad-rule"
    message = gettext_lazy("There is no such rule, or its number is out of range.")


class StaffAreNotSanctioned(Conflict):
    """Whoever has a role is no mere reader."""

    code = "staff-are-not-sanctioned"
    message = gettext_lazy("This account has a role. An administrator takes the role first.")
