from django.apps import AppConfig


class InterchangeConfig(AppConfig):
    name = "dragoman.interchange"
    label = "interchange"
