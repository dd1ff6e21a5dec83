from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "dragoman.website"
    label = "website"

    def ready(self) -> None:
        """Answer the previews of drafts."""
        from dragoman.publication import previews  # noqa: PLC0415 — models exist only now
        from dragoman.website.views.articles import preview_article  # noqa: PLC0415

        previews.register(preview_article)
