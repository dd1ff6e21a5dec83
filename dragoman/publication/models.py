"""Pages: the publication, its sections and its articles."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page

from dragoman.foundation.languages import UnknownLanguage, autonym, canonical
from dragoman.publication import addresses
from dragoman.publication.blocks import BodyBlock
from dragoman.publication.previews import answer_preview


def check_language(tag: str) -> None:
    """A validator for language fields."""
    try:
        canonical(tag)
    except UnknownLanguage as error:
        raise ValidationError(str(error), code=error.code) from error


class LanguageField(models.CharField[str, str]):
    """A BCP 47 tag."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs |= {"max_length": 35, "validators": [check_language]}
        super().__init__(*args, **kwargs)


class PublicationPage(Page):
    """The root of the publication; its title is the publication's name."""

    max_count = 1
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["publication.SectionPage"]

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """Readers' addresses are the website's; Wagtail only links to them."""
        return addresses.url_parts(self, f"/{settings.DRAGOMAN.default_language}/", request)


class SectionPage(Page):
    """A section. Its title is written in ``language`` and shown in every edition."""

    language = LanguageField(_("language"))
    unit = models.OneToOneField("translation.Unit", models.PROTECT, null=True, editable=False, related_name="+")

    content_panels = [*Page.content_panels, FieldPanel("language")]
    parent_page_types = ["publication.PublicationPage"]
    subpage_types = ["publication.ArticlePage"]
    exclude_fields_in_copy = ["unit"]

    def with_content_json(self, content: dict[str, Any]) -> "SectionPage":
        """A revision knows nothing of what was given to the page after it was saved."""
        page: SectionPage = super().with_content_json(content)
        page.unit_id = self.unit_id
        return page

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """In the language that the section's name was written in."""
        return addresses.url_parts(self, f"/{addresses.edition_of(self.language)}/{self.slug}/", request)


class ArticlePage(Page):
    """An article: the title is its headline. Written once, in ``language``."""

    number = models.PositiveIntegerField(null=True, unique=True, editable=False)
    language = LanguageField(
        _("written in"), help_text=_("The language that you write this article in, such as en or pt-BR.")
    )
    lead = models.TextField(_("lead"), blank=True)
    body = StreamField(BodyBlock(), blank=True)
    dated = models.DateTimeField(
        _("date"), null=True, blank=True, help_text=_("Empty: the time of its first publication.")
    )
    comments_open = models.BooleanField(_("comments are open"), default=True)
    unit = models.OneToOneField("translation.Unit", models.PROTECT, null=True, editable=False, related_name="+")
    # What an importer recognises it by when it comes a second time.
    import_key = models.CharField(max_length=100, null=True, unique=True, editable=False)

    content_panels = [
        FieldPanel("title", heading=_("Headline")),
        FieldPanel("lead"),
        FieldPanel("body"),
        InlinePanel("bylines", heading=_("Byline"), label=_("Name")),
        InlinePanel("people", heading=_("People named in the article"), label=_("Name")),
    ]
    promote_panels = [
        MultiFieldPanel([FieldPanel("language"), FieldPanel("dated"), FieldPanel("slug")], _("Edition")),
        FieldPanel("comments_open"),
    ]
    parent_page_types = ["publication.SectionPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["number", "unit", "import_key"]

    class Meta:
        indexes = [models.Index(fields=["-dated", "-number"], name="article_newest")]

    def with_content_json(self, content: dict[str, Any]) -> "ArticlePage":
        """A revision knows nothing of what was given to the page after it was saved."""
        page: ArticlePage = super().with_content_json(content)
        page.number, page.unit_id, page.import_key = self.number, self.unit_id, self.import_key
        return page

    def clean(self) -> None:
        """A headline that nobody can see leads nowhere."""
        super().clean()
        if not any(unicodedata.category(sign)[0] not in "ZCM" for sign in self.title):
            raise ValidationError({"title": _("Please write something first.")})

    @property
    def kept_names(self) -> tuple[str, ...]:
        """Names that are the same in every language: byline and people, whole and surname alone."""
        return with_parts(row.name for relation in (self.bylines, self.people) for row in relation.all())

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """In the language that it was written in; the website sends an outdated slug on."""
        return addresses.url_parts(self, addresses.article_path(self, addresses.edition_of(self.language)), request)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """One for each edition."""
        return [(tag, autonym(tag)) for tag in settings.DRAGOMAN.languages]

    @property
    def default_preview_mode(self) -> str:
        """The edition that it is written in, else the publication's default."""
        return addresses.edition_of(self.language or settings.DRAGOMAN.default_language)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The draft as an edition's readers would see it."""
        return answer_preview(self, request, mode_name)


def with_parts(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they may stand in a text: whole, and surnames and given names alone."""
    return tuple(dict.fromkeys(part for name in names for part in _name_and_parts(name)))


def _name_and_parts(name: str) -> Iterator[str]:
    yield name
    parts = name.split()
    if len(parts) > 1:
        yield from (part for part in (parts[0], parts[-1], " ".join(parts[1:])) if len(part) > 2)


class Byline(Orderable):
    """Who wrote it."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="bylines")
    name = models.CharField(_("name"), max_length=120)


class Person(Orderable):
    """Somebody named in the article, whose name stays as it is in every language."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="people")
    name = models.CharField(_("name"), max_length=120)


class ArticleCounter(models.Model):
    """The last article number given. One row; numbers are never used again."""

    last_number = models.PositiveIntegerField(default=0)
