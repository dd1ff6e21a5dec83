"""The room as Django knows it, and Wagtail's app of accounts with our screens."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class DeskConfig(AppConfig):
    """No models: the desk shows what other rooms keep."""

    default = True  # of the two in this module
    name = "dragoman.desk"


class UsersConfig(WagtailUsersAppConfig):
    """Accounts are changed by the readers' own actions."""

    user_viewset = "dragoman.desk.accounts.AccountViewSet"
