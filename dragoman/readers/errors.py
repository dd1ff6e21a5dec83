"""What may be wrong with an account's data."""

from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import Conflict, InvalidInput, NotFound


class BadNickname(InvalidInput):
    """The nickname cannot be used; the message says why."""

    code = "nickname"


class NicknameTaken(BadNickname):
    """The nickname, or one that looks like it, exists."""

    message = _("This nickname is taken, or looks too much like one that is. Please choose another.")


class EmailTaken(InvalidInput):
    """The address belongs to another account."""

    code = "email-taken"
    message = _("There is already an account with this e-mail address.")


class UnknownRole(InvalidInput):
    """There is no such role."""

    code = "unknown-role"


class ChangedMeanwhile(Conflict):
    """The account is not any more as it was shown."""

    code = "account-changed"
    message = _("This account was changed meanwhile. Open it again to see how it is now.")


class OwnRights(InvalidInput):
    """Administrators who shut themselves out could leave a publication without any."""

    code = "own-rights"
    message = _("You cannot take your own rights away. Another administrator can.")


class RenamedTooOften(BadNickname):
    """Others must be able to tell who is who."""

    code = "renamed-too-often"
    status = 429
    message = _("You have changed your nickname twice within thirty days. Please wait before you change it again.")


class NoSuchReader(NotFound):
    """No account has this nickname."""

    code = "no-such-reader"
    message = _("There is no reader with this nickname.")


class MuteYourself(InvalidInput):
    """Readers can hardly not hear themselves."""

    code = "mute-yourself"
    message = _("You cannot mute yourself.")


class ThrowawayAddress(InvalidInput):
    """The address is of a service for such that live an hour."""

    code = "throwaway-address"
    message = _("This is an address of a service for throw-away addresses. Please use one that lasts.")
