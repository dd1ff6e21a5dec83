"""The desk's places in Wagtail's admin: addresses and menu."""

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from dragoman.desk import engines
from dragoman.desk.access import actor_of_request
from dragoman.readers.policies import may


class EnginesItem(MenuItem):
    """Shown to those who may manage engines."""

    def is_shown(self, request: HttpRequest) -> bool:
        """By the policy table."""
        return may(actor_of_request(request), "translation.manage_engines")


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Under the admin's own address."""
    return [
        path("engines/", engines.show, name="desk-engines"),
        path("engines/again/", engines.ask_again, name="desk-engines-again"),
        path("engines/<str:name>/<slug:act>/", engines.change, name="desk-engine-change"),
    ]


@hooks.register("register_settings_menu_item")
def engines_item() -> MenuItem:
    """Among the settings."""
    return EnginesItem(_("Translation engines"), reverse("desk-engines"), icon_name="globe", order=900)
