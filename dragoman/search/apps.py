from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "dragoman.search"
    label = "search"
