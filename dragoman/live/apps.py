from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "dragoman.live"
    label = "live"
