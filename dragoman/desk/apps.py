"""The room as Django knows it, and Wagtail's app of accounts with our screens."""

from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class DeskConfig(AppConfig):
    """No models: the desk shows what other rooms keep."""

    default = True
    name = "dragoman.desk"


class UsersConfig(WagtailUsersAppConfig):
    """Accounts are changed by the readers' own actions."""

    user_viewset = "dragoman.desk.accounts.AccountViewSet"

    def ready(self) -> None:
        """Models are there only now."""
        from django.contrib.auth import get_user_model  # noqa: PLC0415
        from wagtail.permissions import register_permission_policy  # noqa: PLC0415

        from dragoman.desk.accounts import AdministratorsOnly  # noqa: PLC0415

        super().ready()
        register_permission_policy(get_user_model(), AdministratorsOnly(get_user_model()))
