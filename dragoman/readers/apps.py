from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "dragoman.readers"
    label = "readers"
