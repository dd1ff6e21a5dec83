"""The room as Django knows it."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """No models: the desk shows what other rooms keep."""

    name = "dragoman.desk"
