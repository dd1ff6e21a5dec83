"""The door of the admin: readers and staff sign in at one place, and change name, address and password at one."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, ChangePasswordPanel, NameEmailSettingsPanel

from dragoman.foundation.errors import NotAllowed


def enter(request: HttpRequest) -> HttpResponse:
    """Wagtail sends everybody here whom it does not let in.

    Its own form for signing in stood here: it knows neither the limits nor the
    checks of the readers' one. Who is signed in and has no role that opens the
    door would be sent to and fro for ever.
    """
    if request.user.has_perm("wagtailadmin.access_admin"):
        return redirect("wagtailadmin_home")
    if request.user.is_authenticated:
        raise NotAllowed
    back = urlencode({"next": request.GET.get("next", "/admin/")})
    return redirect(f"/{settings.DRAGOMAN.default_language}/account/login/?{back}")


class OwnSettings(AccountView):
    """What concerns the admin alone: language, time zone, picture, notices."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        """Without a name and an address that nobody checks."""
        theirs = (NameEmailSettingsPanel, ChangePasswordPanel)
        return [panel for panel in super().get_panels() if not isinstance(panel, theirs)]
