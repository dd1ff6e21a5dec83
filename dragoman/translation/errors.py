"""What may go wrong when text is handed in or asked for."""

from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import InvalidInput, NotFound


class NoRoute(NotFound):
    """No enabled engine goes from the one language to the other."""

    code = "no-route"
    message = _("No engine translates between these languages. See “dragoman translate engines”.")


class UnknownPassage(InvalidInput):
    """A quote names a unit, block or occurrence that does not exist."""

    code = "unknown-passage"
    message = _("The quoted passage does not exist (any more). Quote it again from the page.")
