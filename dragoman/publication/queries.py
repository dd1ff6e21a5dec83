"""Reading the publication: cards, articles and sections for one edition."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Value
from django.db.models.functions import Substr
from wagtail.images import get_image_model

from dragoman.foundation.errors import NotFound
from dragoman.foundation.languages import same_to_a_reader
from dragoman.foundation.statements import Select, SelectModels
from dragoman.publication.addresses import spell
from dragoman.publication.documents import document_of
from dragoman.publication.models import ArticlePage, Byline, Person, SectionPage, with_parts
from dragoman.translation.editions import Own, own_of, reviewed_languages
from dragoman.translation.everywhere import present_block_everywhere
from dragoman.translation.presented import Presented, PresentedBlock
from dragoman.translation.queries import Mode, present, preview

NEWEST = 30
PICTURE_WIDTH = 1200


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section with its name for one edition; ``path`` is its place in the tree of pages."""

    slug: str
    name: PresentedBlock
    path: str


@dataclass(frozen=True, slots=True)
class Card:
    """An article on a front or section page."""

    number: int
    path: str
    headline: PresentedBlock
    lead: PresentedBlock | None
    section: ShownSection
    dated: datetime
    bylines: tuple[str, ...]
    text: Presented


@dataclass(frozen=True, slots=True)
class Picture:
    """A rendition: address and size in CSS pixels."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A body block: ``parts`` are its texts in order (a list has one for each item)."""

    kind: str
    parts: tuple[PresentedBlock, ...]
    attribution: PresentedBlock | None = None
    caption: PresentedBlock | None = None
    picture: Picture | None = None
    credit: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ShownArticle:
    """An article for one reader."""

    card: Card
    body: tuple[ShownBlock, ...]
    comments_open: bool
    unit: int
    source_language: str
    kept_names: tuple[str, ...]
    sections: tuple[ShownSection, ...]
    page: Any
    note: str = ""  # of the editors, for this edition alone
    social_text: str = ""

    @property
    def writers(self) -> frozenset[int]:
        """Accounts of those who wrote it."""
        return frozenset({self.page.owner_id} - {None})


def sections(language: str, reader_languages: Sequence[str] = ()) -> list[ShownSection]:
    """All sections in their order. Six queries."""
    rows = sorted(_SECTIONS(), key=lambda row: row[2])
    names = present([unit for _slug, unit, _path in rows if unit], language, reader_languages)
    return [ShownSection(slug, names[unit].blocks["name"], path) for slug, unit, path in rows if unit in names]


def section_names(language: str) -> dict[int, str]:
    """Id → name of all sections, for lists to choose from. Five queries."""
    rows = list(SectionPage.objects.order_by("path").values_list("pk", "unit_id", "title"))
    names = present([unit for _pk, unit, _title in rows if unit], language)
    return {pk: names[unit].blocks["name"].text if unit in names else title for pk, unit, title in rows}


def section_ids() -> tuple[int, ...]:
    """Ids of all sections. One query."""
    return tuple(SectionPage.objects.values_list("pk", flat=True))


def section_slugs() -> dict[str, int]:
    """Slug → id of all sections. One query."""
    return dict(SectionPage.objects.values_list("slug", "pk"))


def section_paths() -> dict[str, str]:
    """Where in the tree → slug of all published sections. One query."""
    return {path: slug for slug, _unit, path in _SECTIONS()}


# Put in their order here: in the order of paths the database walks through all pages, of which sections are few.
_SECTIONS = Select(lambda: SectionPage.objects.live().order_by().values_list("slug", "unit_id", "path"))


def section_by_slug(slug: str) -> SectionPage:
    """The page; raises :class:`NotFound`."""
    page = SectionPage.objects.live().filter(slug=slug).first()
    if page is None:
        raise NotFound
    return page  # type: ignore[no-any-return]


def articles(*, section: SectionPage | None = None, skip: int = 0) -> list[ArticlePage]:
    """``NEWEST`` published articles, the newest first, and one more where there are older ones."""
    rows = ArticlePage.objects.live().filter(unit__isnull=False)
    window = slice(skip, skip + NEWEST + 1)
    if section is not None and section.numchild <= _SMALL:
        first, last = (section.path + sign * ArticlePage.steplen for sign in ("0", "Z"))
        own = rows.filter(path__range=(first, last)).order_by().values_list("dated", "number", "pk")
        rows, window = (
            rows.filter(pk__in=[pk for *_, pk in sorted(own, key=_newness, reverse=True)[window]]),
            slice(None),
        )
    elif section is not None:
        rows = rows.annotate(above=Substr("path", 1, len(section.path))).filter(above=section.path)
    return list(rows.order_by("-dated", "-number").prefetch_related("bylines")[window])


def _newness(row: tuple[datetime | None, int | None, int]) -> tuple[bool, Any, int]:
    """An editor may empty the date; the time of publishing is put in a moment later."""
    return row[0] is not None, row[0], row[1] or 0


# Articles of a section that are all looked at. Of a larger one the newest are found soon enough by the date: there the
# database must not begin with the section's pages, which it would have to put in order, so it is told of their paths
# in words that no index knows.
_SMALL = 1000


def cards(
    pages: Sequence[ArticlePage],
    language: str,
    known_sections: Sequence[ShownSection],
    reader_languages: Sequence[str] = (),
    mode: Mode = "auto",
) -> list[Card]:
    """The articles' heads for one reader. Five queries."""
    texts = present([page.unit_id for page in pages], language, reader_languages, mode, whole_only=False)
    by_path = {one.path: one for one in known_sections}
    return [
        _card(page, texts[page.unit_id], language, by_path[page.path[: -page.steplen]], _bylines(page))
        for page in pages
        if page.unit_id in texts and page.path[: -page.steplen] in by_path
    ]


def _bylines(page: ArticlePage) -> tuple[str, ...]:
    return tuple(row.name for row in page.bylines.all())


def _card(page: ArticlePage, text: Presented, language: str, section: ShownSection, bylines: tuple[str, ...]) -> Card:
    headline = text.blocks["headline"]
    return Card(
        number=page.number or 0,
        path=spell(language, section.slug, page.number or 0, headline.text),
        headline=headline,
        lead=text.blocks.get("lead"),
        section=section,
        dated=page.dated or page.first_published_at,
        bylines=bylines,
        text=text,
    )


def article_by_number(
    number: int, language: str, reader_languages: Sequence[str] = (), mode: Mode = "auto"
) -> ShownArticle:
    """A published article; raises :class:`NotFound`."""
    page = published_page(number)
    all_sections = sections(language, reader_languages)
    text = present([page.unit_id], language, reader_languages, mode, whole_only=False).get(page.unit_id)
    section = next((one for one in all_sections if one.path == page.path[: -page.steplen]), None)
    if text is None or section is None:
        raise NotFound
    bylines, people = _people_of(page.pk)
    card = _card(page, text, language, section, bylines)
    return _shown(page, card, all_sections, with_parts((*bylines, *people)), own_of(page.unit_id, language))


def published_page(number: int) -> ArticlePage:
    """The page of a published article; raises :class:`NotFound`."""
    page = _PAGE.first(number)
    if page is None:
        raise NotFound
    return page


_PAGE = SelectModels[ArticlePage](lambda number: ArticlePage.objects.live().filter(number=number, unit__isnull=False))


@dataclass(frozen=True, slots=True)
class Place:
    """What a comment on an article must know of it."""

    kept_names: tuple[str, ...]
    comments_open: bool


_OPEN = Select(
    lambda number: (
        ArticlePage.objects.live().filter(number=number, unit__isnull=False).values_list("pk", "comments_open")
    )
)


def _names_of(kind: Any, page: Any) -> Any:
    is_byline = Value(kind is Byline, output_field=BooleanField())
    rows = kind.objects.filter(page=page).order_by()
    return rows.annotate(is_byline=is_byline).values_list("is_byline", "sort_order", "name")


_NAMES = Select(lambda page: _names_of(Byline, page).union(_names_of(Person, page), all=True))


def _people_of(page: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who wrote it, and who is named in it, each in their order. One query."""
    rows = sorted(_NAMES(page), key=lambda row: row[1] or 0)
    written, named = (
        tuple(name for is_byline, _at, name in rows if bool(is_byline) is which) for which in (True, False)
    )
    return written, named


def place_of_comments(number: int) -> Place:
    """A published article as a place to write at; raises :class:`NotFound`. Two queries."""
    row = _OPEN.first(number)
    if row is None:
        raise NotFound
    bylines, people = _people_of(row[0])
    return Place(with_parts((*bylines, *people)), row[1])


def addresses(article: ShownArticle) -> dict[str, str]:
    """The article's path in every edition, each with its own headline's slug. Two queries."""
    headlines = present_block_everywhere([article.unit], "headline").get(article.unit, {})
    own = headlines.get(article.source_language, "")
    return {
        tag: spell(tag, article.card.section.slug, article.card.number, headlines.get(tag, own))
        for tag in settings.DRAGOMAN.languages
    }


def unlisted(article: ShownArticle) -> frozenset[str]:
    """The editions that search engines are not told of: those that nobody answers for as they are now. One query."""
    reviewed = reviewed_languages([article.unit]).get(article.unit, set())
    return frozenset(
        tag
        for tag in settings.DRAGOMAN.languages
        if tag not in reviewed and not same_to_a_reader(tag, article.source_language)
    )


def previewed(page: ArticlePage, language: str) -> ShownArticle:
    """A draft as an edition's readers would see it, from the memory alone."""
    text = preview(document_of(page), page.language, language, page.kept_names, unit=page.unit_id)
    headline = text.blocks["headline"]
    section_page = page.get_parent().specific
    names = present([section_page.unit_id], language) if section_page.unit_id else {}
    name = names[section_page.unit_id].blocks["name"] if names else headline
    section = ShownSection(section_page.slug, name, section_page.path)
    return _shown(page, _card(page, text, language, section, _bylines(page)), [section], page.kept_names)


def _shown(
    page: ArticlePage,
    card: Card,
    all_sections: Sequence[ShownSection],
    kept_names: tuple[str, ...],
    own: Own | None = None,
) -> ShownArticle:
    # An edition that shows the original has nothing of its own.
    its = own if own is not None and card.text.is_translated else Own()
    pictures = _pictures(page, its)
    return ShownArticle(
        card=card,
        body=tuple(_block(block, card.text, pictures) for block in page.body if str(block.id) not in its.left_out),
        comments_open=page.comments_open,
        unit=page.unit_id or 0,
        source_language=page.language,
        kept_names=kept_names,
        sections=tuple(all_sections),
        page=page,
        note=its.note,
        social_text=its.social_text,
    )


def _pictures(page: ArticlePage, own: Own) -> dict[str, Picture]:
    """Renditions of all pictures in the body, by block; two queries however many.

    A picture of an edition's own that was deleted since leaves its place to the original's.
    """
    theirs = {
        str(block.id): block.value["image"].pk
        for block in page.body
        if block.block_type == "image" and block.value["image"]
    }
    if not theirs:
        return {}
    ids = {*theirs.values(), *own.pictures.values()}
    images = get_image_model().objects.prefetch_renditions(f"width-{PICTURE_WIDTH}").filter(pk__in=ids)
    there = {image.pk: image for image in images}
    chosen = {block: there.get(own.pictures.get(block, 0)) or there.get(pk) for block, pk in theirs.items()}
    found = {block: image.get_rendition(f"width-{PICTURE_WIDTH}") for block, image in chosen.items() if image}
    return {block: Picture(one.url, one.width, one.height) for block, one in found.items()}


def _block(block: Any, text: Presented, pictures: dict[str, Picture]) -> ShownBlock:
    block_id = str(block.id)
    at = text.blocks.get
    if block.block_type == "list":
        parts = [at(f"{block_id}.{index}") for index in range(len(block.value))]
    elif block.block_type == "image":
        parts = [at(f"{block_id}.alt")]
    else:
        parts = [at(block_id)]
    return ShownBlock(
        kind=block.block_type,
        parts=tuple(part for part in parts if part is not None),
        attribution=at(f"{block_id}.attribution"),
        caption=at(f"{block_id}.caption"),
        picture=pictures.get(block_id),
        credit=str(block.value["credit"]) if block.block_type == "image" else "",
        id=block_id,
    )


def cards_by_number(numbers: Collection[int], language: str, reader_languages: Sequence[str] = ()) -> dict[int, Card]:
    """The heads of several articles in one edition, as many as are published. Thirteen queries."""
    pages = ArticlePage.objects.live().filter(number__in=numbers, unit__isnull=False).prefetch_related("bylines")
    found = cards(list(pages), language, sections(language), reader_languages)
    return {card.number: card for card in found}


def path_by_number(number: int, language: str) -> str:
    """The address of a published article in one edition; raises :class:`NotFound`. Five queries."""
    row = _PLACE.first(number)
    section = section_paths().get(row[2][: -ArticlePage.steplen]) if row else None
    if row is None or section is None:
        raise NotFound
    unit, own, _path = row
    headlines = present_block_everywhere([unit], "headline").get(unit, {})
    return spell(language, section, number, headlines.get(language, headlines.get(own, "")))


_PLACE = Select(
    lambda number: (
        ArticlePage.objects.live().filter(number=number, unit__isnull=False).values_list("unit_id", "language", "path")
    )
)


def path_of_unit(unit_id: int, language: str) -> str:
    """The address of the published article whose text this is; raises :class:`NotFound`."""
    number = ArticlePage.objects.live().filter(unit=unit_id).values_list("number", flat=True).first()
    if number is None:
        raise NotFound
    return path_by_number(number, language)


def number_of_unit(unit_id: int) -> int:
    """The number of the article, published or not, whose text this is; raises :class:`NotFound`."""
    number = ArticlePage.objects.filter(unit=unit_id).values_list("number", flat=True).first()
    if number is None:
        raise NotFound
    return int(number)


def articles_by_number(*, limit: int, before: int | None = None) -> list[ArticlePage]:
    """Published articles by descending number, for programs that page through all of them."""
    rows = ArticlePage.objects.live().filter(unit__isnull=False)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return list(rows.order_by("-number").prefetch_related("bylines")[:limit])


def findable_articles(numbers: Collection[int]) -> list[tuple[int, int, str, str, datetime]]:
    """Published articles as search wants them: number, unit, section, language, date. Two queries."""
    pages = ArticlePage.objects.live().filter(number__in=numbers, unit__isnull=False)
    by_path = section_paths()
    return [
        (page.number, page.unit_id, by_path[parent], page.language, page.dated or page.first_published_at)
        for page in pages
        if (parent := page.path[: -page.steplen]) in by_path
    ]


def total() -> int:
    """How many articles are published."""
    return int(ArticlePage.objects.live().filter(unit__isnull=False).count())
