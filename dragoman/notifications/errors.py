"""What may be wrong with a device or an address."""

from django.utils.translation import gettext_lazy as _

from dragoman.foundation.errors import InvalidInput


class UnknownPushService(InvalidInput):
    """The address that a browser gave is none of a push service that we speak to."""

    code = "unknown-push-service"
    message = _("This browser’s push service is not known here. Mail and the site itself go on telling you.")


class BadUnsubscribeLink(InvalidInput):
    """The token in the address is not one of ours."""

    code = "bad-unsubscribe-link"
    message = _("This link is not complete. You can say in your settings which mails you want.")


class NoBounce(InvalidInput):
    """What came is no delivery report."""

    code = "no-bounce"
    message = _("This is no report of a mail that could not be delivered; nothing was changed.")
