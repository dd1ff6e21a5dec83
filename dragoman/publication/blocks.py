"""The typed blocks of an article's body."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, RichTextBlock, StreamBlock, StructBlock, TextBlock
from wagtail.images.blocks import ImageChooserBlock

_INLINE = ["bold", "italic", "link"]


class PullQuoteBlock(StructBlock):
    """Words set apart, and who said them."""

    text = TextBlock(label=_("Text"))
    attribution = CharBlock(label=_("Attribution"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")


class PictureBlock(StructBlock):
    """A picture with what a newsroom must say of it."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = CharBlock(label=_("What the picture shows"), help_text=_("For those who cannot see it."), max_length=300)
    caption = CharBlock(label=_("Caption"), required=False, max_length=500)
    credit = CharBlock(label=_("Credit"), required=False, max_length=120)

    class Meta:
        icon = "image"
        label = _("Picture")


class BodyBlock(StreamBlock):
    """An article's body."""

    paragraph = RichTextBlock(features=_INLINE, label=_("Paragraph"))
    heading = CharBlock(label=_("Heading"), max_length=200, icon="title")
    pullquote = PullQuoteBlock()
    list = ListBlock(RichTextBlock(features=_INLINE), label=_("List"), icon="list-ul")
    image = PictureBlock()


def plain_value(value: Any) -> str:
    """A block's stored value as text or rich text."""
    return str(getattr(value, "source", value) or "")
