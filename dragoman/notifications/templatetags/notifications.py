"""What mail templates need."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from dragoman.translation.presented import Presented

register = template.Library()


@register.simple_tag
def words(text: Presented) -> SafeString:
    """A comment's words as HTML."""
    return mark_safe(text.html)  # noqa: S308 — translation's one renderer wrote it
