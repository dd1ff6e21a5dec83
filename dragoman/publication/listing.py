"""What search engines are told of: articles in those editions that somebody answers for."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from dragoman.foundation.languages import same_to_a_reader
from dragoman.publication.addresses import spell
from dragoman.publication.models import ArticlePage
from dragoman.publication.queries import section_paths
from dragoman.translation.editions import reviewed_languages
from dragoman.translation.everywhere import present_block_everywhere


@dataclass(frozen=True, slots=True)
class Listed:
    """An article: its paths by edition, and when it was last published."""

    paths: dict[str, str]
    changed_at: datetime | None


def highest_number() -> int:
    """Of all articles that are published."""
    return ArticlePage.objects.live().aggregate(last=Max("number"))["last"] or 0


def listed_articles(first: int, last: int) -> list[Listed]:
    """The published articles with numbers ``first`` to ``last``; in the language of their writers and in each edition
    that was signed off as it is now. Six queries, however many.
    """
    rows = ArticlePage.objects.live().filter(number__range=(first, last), unit__isnull=False).order_by("number")
    found = list(rows.values_list("number", "unit_id", "path", "language", "last_published_at"))
    units = [unit for _number, unit, *_rest in found]
    headlines, reviewed = present_block_everywhere(units, "headline"), reviewed_languages(units)
    sections = section_paths()
    listed = []
    for number, unit, path, language, at in found:
        said, slug = headlines.get(unit, {}), sections.get(path[: -ArticlePage.steplen])
        editions = [
            tag
            for tag in settings.DRAGOMAN.languages
            if same_to_a_reader(tag, language) or tag in reviewed.get(unit, ())
        ]
        if slug is not None and editions:
            own = said.get(language, "")
            listed.append(Listed({tag: spell(tag, slug, number, said.get(tag, own)) for tag in editions}, at))
    return listed
