"""The newsroom's view of its articles: each with the state of all its editions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from dragoman.foundation.errors import NotFound
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.publication.queries import previewed
from dragoman.translation.editions import EditionState, Own, Waits, editions_of, own_of, units_that

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """An article and its editions. ``unit`` is none where nothing of it was translated yet."""

    number: int
    headline: str
    language: str
    section: str
    dated: datetime | None
    is_live: bool
    unit: int | None
    editions: tuple[EditionState, ...]


def articles_with_editions(
    names: Mapping[int, str], *, section: int = 0, waits: Waits | None = None, skip: int = 0
) -> tuple[list[Listed], bool]:
    """``AT_ONCE`` articles with their editions, the newest first, and whether there are more.

    ``names``: the sections'. ``section``: an id; ``waits``: those with an edition that waits for its release, was
    withdrawn, or is off. Raises where there is no such section.
    """
    rows = ArticlePage.objects.filter(number__isnull=False).order_by("-number")
    if section:
        parent = SectionPage.objects.filter(pk=section).first()
        if parent is None:
            raise NotFound
        rows = rows.child_of(parent)
    if waits is not None:
        rows = rows.filter(unit__in=units_that(waits))
    found = list(rows[skip : skip + AT_ONCE + 1])
    return _listed(found[:AT_ONCE], names), len(found) > AT_ONCE


def article_with_editions(number: int) -> Listed:
    """One of them; raises :class:`NotFound`."""
    page = ArticlePage.objects.filter(number=number).first()
    if page is None:
        raise NotFound
    return _listed([page], {})[0]


def _listed(pages: Collection[ArticlePage], names: Mapping[int, str]) -> list[Listed]:
    states = editions_of([page.unit_id for page in pages if page.unit_id])
    sections = dict(SectionPage.objects.values_list("path", "pk"))
    return [
        Listed(
            page.number or 0,
            page.title,
            page.language,
            names.get(sections.get(page.path[: -page.steplen], 0), ""),
            page.dated or page.first_published_at,
            page.live,
            page.unit_id,
            tuple(states.get(page.unit_id or 0, ())),
        )
        for page in pages
    ]


@dataclass(frozen=True, slots=True)
class OwnAtWork:
    """What an edition has of its own, and the blocks that it may leave out: id and beginning of the words.

    ``pictures``: ids of those blocks that are pictures, with what they show.
    """

    own: Own
    blocks: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[str, str], ...]


def own_at_work(number: int, language: str) -> OwnAtWork:
    """For the one who edits it; raises :class:`NotFound`."""
    page = ArticlePage.objects.filter(number=number, unit__isnull=False).first()
    if page is None:
        raise NotFound
    shown = previewed(page, language)
    told = tuple((block.id, block.kind, " ".join(part.text for part in block.parts)[:120]) for block in shown.body)
    return OwnAtWork(
        own_of(page.unit_id or 0, language),
        tuple((key, words) for key, _kind, words in told),
        tuple((key, words) for key, kind, words in told if kind == "image"),
    )
