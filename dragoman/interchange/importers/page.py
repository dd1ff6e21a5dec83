"""``dragoman import page``: a captured page becomes an article with its thread."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime, time
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from dragoman.conversation import actions as conversation
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.rules.quoting import Passage, matching_end, surroundings
from dragoman.foundation.languages import canonical
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.importers.page_format import Page, PageComment, read_page
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.publication import actions as publication
from dragoman.publication.models import ArticlePage
from dragoman.readers.actions import Unclaimed, find_or_create_unclaimed
from dragoman.translation.passages import Sentence, sentences_of
from dragoman.translation.rules.names import find_names
from dragoman.translation.rules.scheduling import LATER
from dragoman.translation.wishes import request_translations

_BATCH = 500
_SECTION = "imported"


@dataclass
class Report:
    """What an import did."""

    article: int = 0
    comments: int = 0
    readers: int = 0
    quotes: int = 0
    removed_characters: int = 0
    was_there: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Options:
    """How to read a page: ``dated`` is the article's day, else that of its first comment."""

    language: str
    timezone: str
    dated: date | None = None
    dry_run: bool = False


class _DryRun(Exception):
    """Rolls everything back."""


def import_page(path: Path, options: Options) -> Report:
    """Import a file; the same file a second time changes nothing. Raises :class:`BadFile`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(str(path), 0, error.strerror or "cannot be read") from None
    language = canonical(options.language)
    page = read_page(data, language, file=str(path))
    key = f"page:{language}:{hashlib.sha256(data).hexdigest()}"
    report = Report(removed_characters=page.removed)
    existing = ArticlePage.objects.filter(import_key=key).first()
    if existing is not None:
        return Report(article=existing.number or 0, was_there=True, removed_characters=page.removed)
    try:
        with transaction.atomic():
            _store(page, key, language, options, report)
            if options.dry_run:
                raise _DryRun
    except _DryRun:
        report.notes.append("dry run: nothing was stored")
    return report


def _store(page: Page, key: str, language: str, options: Options, report: Report) -> None:
    zone = ZoneInfo(options.timezone)
    section = publication.create_section(name="Imported", language="en", slug=_SECTION)
    people = _people(page, language)
    article = publication.create_article(
        section=section,
        article=publication.NewArticle(
            headline=page.headline,
            language=language,
            lead=page.lead,
            body=[_body_block(block.kind, block.text, block.attribution) for block in page.blocks],
            people=people,
            dated=_dated(page, options, zone),
            import_key=key,
        ),
    )
    article = publication.publish(article)
    report.article = article.number or 0
    thread = conversation.thread_at(key=f"article:{article.number}")
    authors = find_or_create_unclaimed([Unclaimed(one.nickname, one.real_name) for one in page.comments])
    report.readers = len(authors)
    names = {*article.kept_names, *_participants(page)}
    sentences = sentences_of(article.unit_id or 0)
    imported = [_imported(one, authors[one.nickname], language, zone, sentences) for one in page.comments]
    for start in range(0, len(imported), _BATCH):
        part = imported[start : start + _BATCH]
        rows = import_comments(thread=thread, comments=part, kept_names=tuple(names))
        request_translations([row.unit for row in rows], priority=LATER)
    report.comments = len(imported)
    report.quotes = sum(len(one.passages) for one in imported)
    announce(Announcement(thread.topic, "changed", {"of": "thread", "id": thread.pk}))


def _people(page: Page, language: str) -> list[str]:
    text = " ".join([page.headline, page.lead, *(block.text for block in page.blocks)])
    return list(dict.fromkeys(name for name in find_names(text, language) if " " in name))


def _participants(page: Page) -> set[str]:
    return {name for one in page.comments for name in (one.nickname, one.real_name) if name}


def _body_block(kind: str, text: str, attribution: str) -> tuple[str, object]:
    if kind == "pullquote":
        return kind, {"text": text, "attribution": attribution}
    return "paragraph", f"<p>{escape(text, quote=False)}</p>".replace("\n", "<br/>")


def _dated(page: Page, options: Options, zone: ZoneInfo) -> datetime | None:
    if options.dated is not None:
        return datetime.combine(options.dated, time(), zone)
    return datetime.combine(page.comments[0].at.date(), time(), zone) if page.comments else None


def _imported(comment: PageComment, author: int, language: str, zone: ZoneInfo, sentences: list[Sentence]) -> Imported:
    own: list[str] = []
    passages: list[tuple[int, Passage]] = []
    for paragraph in comment.paragraphs:
        passage = _quoted(paragraph, sentences)
        if passage is None:
            own.append(paragraph)
        else:
            passages.append((len(own), passage))
    if not own:
        # Nothing but a quote is no comment of its own: the words stay the writer's.
        own, passages = list(comment.paragraphs), []
    return Imported(
        author=author,
        text="\n\n".join(own),
        language=language,
        posted_at=comment.at.replace(tzinfo=zone),
        number=comment.number,
        passages=tuple(passages),
    )


def _quoted(paragraph: str, sentences: list[Sentence]) -> Passage | None:
    for one in sentences:
        end = matching_end(one.text, paragraph)
        if end is not None:
            prefix, suffix = surroundings(one.text, 0, end)
            return Passage(one.unit, one.block, one.occurrence, one.revision, 0, end, paragraph, prefix, suffix)
    return None
