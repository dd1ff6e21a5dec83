"""A comment as it would look, before it is posted; nothing is stored."""

from dragoman.translation.presented import Presented
from dragoman.translation.queries import preview
from dragoman.translation.rules import markdown


def preview_comment(text: str, language: str) -> Presented:
    """The typed Markdown as it will be shown to readers of its own language."""
    return preview(markdown.parse(text), language, language, ())
