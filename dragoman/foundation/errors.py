"""The one family of errors that a reader, a program or an operator may see.

Every error has a machine-readable ``code``, an HTTP ``status`` and a sentence
in the user's language that says what is wrong and what to do. Actions raise
them; one middleware, one API handler and the command line turn them into
answers.
"""

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class DragomanError(Exception):
    """Base of the family; ``status`` is an HTTP status code."""

    code = "error"
    status = 400
    message: StrOrPromise = _("Something went wrong. Please try again.")

    def __init__(self, message: StrOrPromise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DragomanError):
    """The actor's roles do not permit the act."""

    code = "not-allowed"
    status = 403
    message = _("Your account is not allowed to do this.")


class SignInNeeded(DragomanError):
    """The act needs a signed-in reader."""

    code = "sign-in-needed"
    status = 401
    message = _("Please sign in first.")


class NotFound(DragomanError):
    """What was asked for does not exist, or not for this actor."""

    code = "not-found"
    status = 404
    message = _("There is nothing at this address.")


class InvalidInput(DragomanError):
    """The input cannot be accepted as it is; nothing was changed."""

    code = "invalid"
    status = 422


class Conflict(DragomanError):
    """Something else happened meanwhile; nothing was changed."""

    code = "conflict"
    status = 409


class ConfigurationError(DragomanError):
    """The operator's settings cannot work; the message says which and why."""

    code = "configuration"
    status = 500
