"""The memory as a whole: all of it out, and entries of other memories in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from dragoman.foundation.clock import now
from dragoman.translation.announcing import announce_translations
from dragoman.translation.memory import Stored, record, store_segments
from dragoman.translation.models import Current, Job, Segment, Translation
from dragoman.translation.queries import in_public
from dragoman.translation.rules import sentences
from dragoman.translation.rules.document import Document, plain_block
from dragoman.translation.rules.human import mark_like
from dragoman.translation.rules.layout import lay_out
from dragoman.translation.rules.rank import OriginKind
from dragoman.translation.rules.segmenting import Sentence

PAGE = 1000  # entries
KINDS = ("sentence", "title", "caption")


@dataclass(frozen=True, slots=True)
class Word:
    """A translation as marked text. ``by`` a person, or of an engine in its version; ``at`` none: now."""

    language: str
    text: str
    origin: OriginKind = "human"
    by: str = ""
    at: datetime | None = None
    engine: str = ""
    version: str = ""
    quality: str = "ok"


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence as marked text, and what it is called in other languages for the whole publication."""

    language: str
    text: str
    words: tuple[Word, ...]
    kind: str = "sentence"


@dataclass
class Count:
    """What became of translations: new ones, those that were there, and those in whose place another one stays.

    A person's word counts before all that comes in; an engine's before an engine's.
    """

    added: int = 0
    there: int = 0
    kept: int = 0
    entries: int = field(default=0)


def entries(*, by_people: bool = False) -> Iterator[Entry]:
    """All that holds for the whole publication, in the order in which it was first met; rejected answers are none.

    Of sentences that some released text shows, or that only the memory has.

    ``by_people``: without what engines made. Two queries for a page of entries.
    """
    last = 0
    while page := list(Segment.objects.filter(in_public("pk"), pk__gt=last).order_by("pk")[:PAGE]):
        last = page[-1].pk
        rows = Current.objects.filter(segment__in=page, unit=None).exclude(translation__quality="rejected")
        if by_people:
            rows = rows.filter(translation__origin="human")
        found: dict[int, list[Word]] = defaultdict(list)
        for row in rows.select_related("translation").order_by("language"):
            found[row.segment_id].append(_word(row.translation))
        for one in page:
            if one.pk in found:
                yield Entry(one.language, one.text, tuple(found[one.pk]), one.kind)


def _word(row: Translation) -> Word:
    origin: OriginKind = "human" if row.origin == "human" else "machine"
    return Word(row.language, row.text, origin, row.by, row.at, row.engine, row.version, row.quality)


def cut_pair(source: str, language: str, target: str, target_language: str) -> list[tuple[Sentence, str]]:
    """Plain text and its translation as the memory has them: sentence by sentence, names as markers.

    Empty where one side has another number of sentences than the other: nobody can say then which is whose.
    """
    found = [one for _block, one in lay_out(Document((plain_block(source),)), language, ()).sentences]
    parts = [target] if len(found) == 1 else [one.strip() for one in sentences.split(target, target_language)]
    if len(parts) != len(found):
        return []
    pairs = ((one, mark_like(part, one.contents)) for one, part in zip(found, parts, strict=True))
    return [(one, marked) for one, marked in pairs if marked and one.marked]


def remember(page: Sequence[Entry], count: Count) -> None:
    """Take entries into the memory, in one transaction; what a person said there is not replaced. Readers see them."""
    with transaction.atomic():
        segments = store_segments((one.language, _sentence(one)) for one in page)
        # Whoever mends one of these sentences meanwhile waits, or has been here before.
        ids = sorted(set(segments.values()))
        list(Segment.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
        current = _current(ids)
        new: dict[tuple[int, str], Translation] = {}
        for entry in page:
            count.entries += 1
            segment = segments[(entry.language, _sentence(entry).key)]
            for word in entry.words:
                slot = (segment, word.language)
                there = new.get(slot) or current.get(slot)
                if there is not None and (there.text, there.origin) == (word.text, word.origin):
                    count.there += 1
                elif there is not None and (there.origin == "human" or word.origin == "machine"):
                    count.kept += 1
                else:
                    new[slot] = _translation(segment, word)
                    count.added += 1
        made = [new[slot] for slot in sorted(new)]
        for language in {one.language for one in made}:
            answered = {one.segment_id for one in made if one.language == language and one.origin == "human"}
            Job.objects.filter(segment__in=answered, language=language, unit=None).delete()
        record([Stored(one) for one in made])
        for language in sorted({one.language for one in made}):
            announce_translations([one for one in made if one.language == language], language)


def _sentence(entry: Entry) -> Sentence:
    return Sentence(entry.text, entry.kind, {})


def _current(segments: Iterable[int]) -> dict[tuple[int, str], Translation]:
    rows = Current.objects.filter(segment__in=segments, unit=None).select_related("translation")
    return {(row.segment_id, row.language): row.translation for row in rows}


def _translation(segment: int, word: Word) -> Translation:
    return Translation(
        segment_id=segment,
        language=word.language,
        origin=word.origin,
        text=word.text,
        by=word.by[:80],
        engine=word.engine[:40],
        version=word.version[:60],
        quality=word.quality,
        at=word.at or now(),
    )
