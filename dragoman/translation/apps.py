from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "dragoman.translation"
    label = "translation"
