from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "dragoman.publication"
    label = "publication"

    def ready(self) -> None:
        """Listen to Wagtail in every process, also where no admin page was opened yet."""
        from dragoman.publication import wagtail_hooks  # noqa: F401, PLC0415
