"""What may be wrong with a report or a decision."""

from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import InvalidInput


class ReasonNeeded(InvalidInput):
    """A decision against somebody, or a report, without a known reason."""

    code = "reason-needed"
    message = _("Please say why: choose one of the reasons.")


class NoteTooLong(InvalidInput):
    """More than the log takes."""

    code = "note-too-long"
    message = _("Your explanation is too long: at most 1,000 characters are possible.")
