"""A comment as it would look, before it is posted; nothing is stored."""

from dragoman.conversation.actions import checked_text
from dragoman.foundation.errors import DragomanError
from dragoman.translation.presented import Presented
from dragoman.translation.queries import preview
from dragoman.translation.rules import markdown


def preview_comment(typed: str, language: str) -> Presented | DragomanError:
    """The typed Markdown as it will be shown to readers of its own language, or what is wrong with it."""
    try:
        return preview(markdown.parse(checked_text(typed)), language, language, ())
    except DragomanError as error:
        return error
