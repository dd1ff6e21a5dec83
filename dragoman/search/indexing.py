"""Keeping the index: after what happens, from the outbox; and comment by comment what was there before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from dragoman.conversation.places import number_of
from dragoman.conversation.queries import Findable, findable, findable_after
from dragoman.live.events import Heard
from dragoman.live.following import follow_again
from dragoman.publication.queries import articles_by_number, findable_articles
from dragoman.search.index import store_words
from dragoman.search.models import Entry, Filling
from dragoman.search.rules.words import words_of
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present

FOLLOWER = "search"
AT_ONCE = 200  # comments


@dataclass(frozen=True, slots=True)
class _Subject:
    """A text that may be found, whatever it is of."""

    unit: int
    kind: str
    id: int
    article: int
    section: str
    author: int | None
    language: str
    at: datetime


def index_events() -> bool:
    """Bring the index after the next events; whether there were any."""
    return follow_again(FOLLOWER, _after)


def _after(events: Sequence[Heard]) -> None:
    subjects: dict[tuple[str, str], set[int]] = {}
    for event in events:
        said = event.announcement
        kind = "comment" if said.kind == "comment" else str(said.data.get("of", ""))
        if said.kind in ("comment", "changed", "translation") and kind in ("article", "comment"):
            # An article's id is its page's where translation speaks; its topic always names the number.
            told = said.topic.partition(":")[2] if kind == "article" else said.data["id"]
            language = str(said.data.get("language", ""))  # of a translation: the others stay as they are
            subjects.setdefault((kind, language), set()).add(int(told))
    if ("comment", "") in subjects:  # what is beyond the filling's place, the filling brings
        place = _filling().last_comment
        subjects["comment", ""] = {one for one in subjects["comment", ""] if one <= place}
    for (kind, language), ids in sorted(subjects.items()):  # articles first: comments stand in their sections
        bring = index_articles if kind == "article" else index_comments
        bring(ids - subjects[kind, ""] if language and (kind, "") in subjects else ids, language)


def index_comments(ids: Collection[int], language: str = "") -> None:
    """Bring these comments' entries to what they say now, in one language or all; what is not shown loses them."""
    if not ids:
        return
    rows = findable(ids)
    _index(_comments(rows), language)
    Entry.objects.filter(kind="comment", subject__in=set(ids) - {row.id for row in rows}).delete()


def index_articles(numbers: Collection[int], language: str = "") -> None:
    """Bring these articles' entries to what they say now, in one language or all."""
    _index(_articles(findable_articles(numbers)), language)


def fill() -> bool:
    """Index the next comments that nobody announced: what was there before, what an import brought. Whether any."""
    place = _filling()
    if not place.has_articles:
        _index_all_articles()
        Filling.objects.filter(pk=1).update(has_articles=True)
        return True
    rows, last = findable_after(place.last_comment, AT_ONCE)
    if last is None:
        return False
    # Twice is once: a transaction around both would keep SQLite's writer waiting while texts are put together.
    _index(_comments(rows))
    Filling.objects.filter(pk=1).update(last_comment=last)
    return True


def _filling() -> Filling:
    return Filling.objects.filter(pk=1).first() or Filling.objects.get_or_create(pk=1)[0]


def rebuild() -> None:
    """Forget the index; :func:`fill` makes it anew."""
    with transaction.atomic():
        Entry.objects.all().delete()
        Filling.objects.update_or_create(pk=1, defaults={"last_comment": 0, "has_articles": False})


def _index_all_articles() -> None:
    before: int | None = None
    while pages := articles_by_number(limit=50, before=before):
        index_articles([page.number or 0 for page in pages])
        before = pages[-1].number


def _comments(rows: Iterable[Findable]) -> list[_Subject]:
    return [
        _Subject(row.unit, "comment", row.id, number_of(row.key), "", row.author, row.language, row.at)
        for row in rows
        if number_of(row.key)
    ]


def _articles(rows: Iterable[tuple[int, int, str, str, datetime]]) -> list[_Subject]:
    return [
        _Subject(unit, "article", number, number, section, None, language, at)
        for number, unit, section, language, at in rows
    ]


def _index(subjects: Sequence[_Subject], only: str = "") -> None:
    by_unit = {one.unit: one for one in subjects}
    if not by_unit:
        return
    articles = Entry.objects.filter(kind="article", is_original=True, article__in={one.article for one in subjects})
    sections = dict(articles.values_list("article", "section"))
    words: dict[tuple[int, str], list[str]] = {}
    everywhere = dict.fromkeys((*settings.DRAGOMAN.languages, *(one.language for one in subjects)))
    for language in (only,) if only else everywhere:
        shown = present(list(by_unit), language, whole_only=False)
        words |= _words(shown, by_unit, language)
    with transaction.atomic():
        stale = Entry.objects.filter(unit__in=by_unit, **({"language": only} if only else {}))
        Entry.objects.filter(
            pk__in=[
                pk
                for pk, unit, language in stale.values_list("id", "unit", "language")
                if (unit, language) not in words
            ]
        ).delete()
        Entry.objects.bulk_create(
            [_entry(by_unit[unit], language, sections) for unit, language in words],
            update_conflicts=True,
            unique_fields=["unit", "language"],
            update_fields=["is_original", "kind", "subject", "article", "section", "author", "source_language", "at"],
        )
        ids = {(unit, language): pk for pk, unit, language in stale.values_list("id", "unit", "language")}
        store_words([(ids[key], said) for key, said in words.items()])


def _words(
    shown: Mapping[int, Presented], subjects: Mapping[int, _Subject], language: str
) -> dict[tuple[int, str], list[str]]:
    """Words of the texts that are there in ``language``: originals, and translations as far as they go."""
    found: dict[tuple[int, str], list[str]] = {}
    for unit, text in shown.items():
        blocks = [block for block in text.blocks.values() if block.language == language]
        if blocks and (text.is_translated or subjects[unit].language == language):
            found[unit, language] = [word for block in blocks for word in words_of(block.text, language)]
    return found


def _entry(subject: _Subject, language: str, sections: Mapping[int, str]) -> Entry:
    return Entry(
        unit_id=subject.unit,
        language=language,
        is_original=subject.language == language,
        kind=subject.kind,
        subject=subject.id,
        article=subject.article,
        section=subject.section or sections.get(subject.article, ""),
        author_id=subject.author,
        source_language=subject.language,
        at=subject.at,
    )
