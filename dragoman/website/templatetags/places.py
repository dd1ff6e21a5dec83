"""Addresses of comments and of what they quote."""

from django import template
from django.urls import reverse

from dragoman.conversation.places import comment_address, number_of
from dragoman.conversation.quotes import ShownQuote
from dragoman.publication.addresses import address_by_number, number_in

register = template.Library()


@register.filter
def comment_at(path: str, number: int) -> str:
    """The address of a comment, whichever window of its thread it is in."""
    return comment_address(path, number)


@register.simple_tag
def permalink_of(spot: tuple[str, int], edition: str) -> str:
    """The address of a comment by the key of its place and its number there."""
    place, number = spot
    return reverse("permalink", args=[edition, number_of(place), number])


@register.simple_tag
def quoted_elsewhere(quote: ShownQuote, path: str, edition: str) -> str:
    """The address of a quoted passage that stands on another page than ``path``, as after a move; else nothing."""
    number = number_of(quote.place)
    if not number or number == number_in(path):
        return ""
    if quote.of_comment:
        return permalink_of((quote.place, quote.of_comment), edition)
    return f"{address_by_number(edition, number)}#b-{quote.passage.block}"
