"""Finding: the best texts for a question, shown through the one door."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dragoman.conversation.places import comment_address, number_of
from dragoman.conversation.queries import ReaderView, ShownComment, comments_by_id
from dragoman.foundation.text import casefold_key
from dragoman.publication.queries import Card, cards_by_number
from dragoman.readers.queries import ids_by_nickname
from dragoman.search.index import Question, found
from dragoman.search.models import Entry
from dragoman.search.rules.snippets import Part, snippet
from dragoman.search.rules.words import terms_of
from dragoman.translation.presented import Presented

WINDOW = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader typed and chose. ``page`` counts from 1."""

    words: str
    kind: str = ""
    section: str = ""
    author: str = ""
    written_in: str = ""
    since: datetime | None = None
    until: datetime | None = None
    newest_first: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Find:
    """An article, or a comment with the article that it stands below. ``parts`` are its words around a hit."""

    card: Card
    comment: ShownComment | None
    parts: tuple[Part, ...]
    language: str
    direction: str
    path: str

    @property
    def text(self) -> Presented | None:
        """What its state and origin are asked of."""
        return self.comment.text if self.comment else self.card.text


@dataclass(frozen=True, slots=True)
class Finds:
    """A window of what was found. ``next`` is the next window's number."""

    items: tuple[Find, ...]
    next: int | None = None
    has_terms: bool = True


def search(asked: Asked, view: ReaderView) -> Finds:
    """What fits all that was asked, in a fixed number of queries.

    A text is found by its own words and by those of the reader's edition, and is
    there once. What is not to be read any more is not among them, whatever the
    index still says.
    """
    terms = terms_of(asked.words[:400], view.language)
    if not terms:
        return Finds((), has_terms=False)
    author = ids_by_nickname({casefold_key(asked.author)}).get(casefold_key(asked.author)) if asked.author else None
    if asked.author and author is None:
        return Finds(())
    question = Question(
        terms,
        view.language,
        kind=asked.kind,
        section=asked.section,
        author=author,
        source_language=asked.written_in,
        since=asked.since,
        until=asked.until,
        newest_first=asked.newest_first,
    )
    entries = _once(found(question))
    start = (asked.page - 1) * WINDOW
    window = entries[start : start + WINDOW]
    hits = {form for forms in terms for form in forms}
    following = asked.page + 1 if len(entries) > start + WINDOW else None
    return Finds(tuple(_shown(window, hits, view)), following)


def _once(ids: Sequence[int]) -> list[Entry]:
    """The entries in their order, one for each text."""
    rows = Entry.objects.in_bulk(ids)
    by_unit: dict[int, Entry] = {}
    for pk in ids:
        if pk in rows:
            by_unit.setdefault(rows[pk].unit_id, rows[pk])
    return list(by_unit.values())


def _shown(entries: Sequence[Entry], hits: set[str], view: ReaderView) -> Iterator[Find]:
    comments = comments_by_id([one.subject for one in entries if one.kind == "comment"], replace(view, mode="auto"))
    cards = cards_by_number({one.article for one in entries}, view.language, view.actor.languages)
    for entry in entries:
        card = cards.get(entry.article)
        if card is None:
            continue
        if entry.kind == "article":
            yield _find(card, None, card.text, card.path, hits)
            continue
        comment, key = comments.get(entry.subject, (None, ""))
        if comment is not None and comment.state == "visible" and comment.text and number_of(key) == card.number:
            yield _find(card, comment, comment.text, comment_address(card.path, comment.number or 0), hits)


def _find(card: Card, comment: ShownComment | None, text: Presented, path: str, hits: set[str]) -> Find:
    sentences = [(block, words) for block in text.blocks.values() for _anchor, words in block.sentences]
    best = snippet([words for _block, words in sentences], hits, text.language)
    block = sentences[best.place][0] if sentences else None
    return Find(
        card,
        comment,
        best.parts,
        block.language if block else text.language,
        block.direction if block else text.direction,
        path,
    )
