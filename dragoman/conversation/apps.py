from django.apps import AppConfig


class ConversationConfig(AppConfig):
    name = "dragoman.conversation"
    label = "conversation"
