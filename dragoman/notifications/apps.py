from django.apps import AppConfig

from dragoman.live import topics


class NotificationsConfig(AppConfig):
    name = "dragoman.notifications"
    label = "notifications"

    def ready(self) -> None:
        """What a reader is told of is for that reader's streams alone."""
        topics.register("reader", lambda reader, name: reader is not None and str(reader) == name)
