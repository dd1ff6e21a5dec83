"""Editions are released: what a newsroom decides of a text in each language, and what that needs to know.

Owners announce it afterwards: pages, indexes and open screens hear that the text was changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import ngettext

from dragoman.foundation.clock import now
from dragoman.foundation.languages import same_to_a_reader
from dragoman.foundation.statements import Select
from dragoman.foundation.text import one_line
from dragoman.translation import errors
from dragoman.translation.models import Edition, EditionDefault, Job, Occurrence, Unit
from dragoman.translation.queries import best_of, scoped
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.releasing import FOR_ENGINES, Default, Mode, Shows, mode_for, shows

Waits: TypeAlias = Literal["release", "withdrawn", "off"]


@dataclass(frozen=True, slots=True)
class EditionState:
    """An edition of a text. Counts are of sentences with words: by people, by engines, and those not there.

    ``is_current``: whoever signed it off has seen the original as it is now.
    """

    language: str
    mode: Mode
    shows: Shows
    released_at: datetime | None
    released_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
    signed_at: datetime | None
    signed_by: str
    is_current: bool
    version: str  # of what is there now: whoever signs it off has read this one
    by_people: int
    by_engines: int
    missing: int

    @property
    def sentences(self) -> int:
        """All of them."""
        return self.by_people + self.by_engines + self.missing


@dataclass(frozen=True, slots=True)
class Own:
    """What an edition has of its own: a note of the editors, what others show who link to it, blocks it leaves out.

    ``pictures``: those it shows in place of the original's, by the ids of their blocks.
    """

    note: str = ""
    social_text: str = ""
    left_out: frozenset[str] = frozenset()
    pictures: Mapping[str, int] = field(default_factory=dict)


_OWN = Select(
    lambda unit, language: Edition.objects.filter(unit=unit, language=language).values_list(
        "note", "social_text", "left_out", "pictures"
    )
)


def own_of(unit_id: int, language: str) -> Own:
    """What an edition has of its own. One query."""
    row = _OWN.first(unit_id, language)
    return Own(row[0], row[1], frozenset(row[2]), row[3]) if row is not None else Own()


def set_own(unit_id: int, language: str, own: Own) -> None:
    """Write it down; the originals' own language has no edition of its own."""
    with transaction.atomic():
        row = _locked(unit_id, [language])[0]
        row.note, row.social_text = one_line(own.note)[:1000], one_line(own.social_text)[:300]
        row.left_out, row.pictures = sorted(own.left_out), dict(own.pictures)
        _save(row)


def begin_editions(unit_id: int, section: int) -> None:
    """Give a new text's editions the modes that the newsroom has set for its section and languages."""
    source = Unit.objects.values_list("language", flat=True).get(pk=unit_id)
    known = defaults()
    modes = ((tag, mode_for(known, section, source, tag)) for tag in _others(source))
    rows = [_row(unit_id, tag, mode) for tag, mode in modes if mode != "machine"]
    Edition.objects.bulk_create(rows, ignore_conflicts=True)


def defaults() -> list[Default]:
    """What the newsroom has set for new articles. One query."""
    rows = EditionDefault.objects.order_by("section", "source", "target")
    return [Default(row.section, row.source, row.target, cast(Mode, row.mode)) for row in rows]


def set_default(default: Default) -> None:
    """Set it for new articles; of equal section and languages the last word counts."""
    EditionDefault.objects.update_or_create(
        section=default.section,
        source=default.from_language,
        target=default.to_language,
        defaults={"mode": default.mode},
    )


def _row(unit_id: int, language: str, mode: Mode) -> Edition:
    kept_back = shows(mode, is_released=False, is_withdrawn=False)
    return Edition(unit_id=unit_id, language=language, mode=mode, shows=kept_back)


def _others(source: str) -> list[str]:
    return [tag for tag in settings.DRAGOMAN.languages if not same_to_a_reader(tag, source)]


def set_mode(unit_id: int, language: str, mode: Mode) -> None:
    """Another mode for one edition; what was released stays so."""
    with transaction.atomic():
        row = _locked(unit_id, [language])[0]
        row.mode = mode
        _save(row)
        if mode not in FOR_ENGINES:
            _drop_jobs(unit_id, language)


def _drop_jobs(unit_id: int, language: str) -> None:
    """What waits for an engine for this text, and for no other one that is translated into the language."""
    mine = Occurrence.objects.filter(unit=unit_id, last_revision=None).values("segment")
    closed = Edition.objects.filter(unit=OuterRef("unit"), language=language).exclude(mode__in=FOR_ENGINES)
    others = Occurrence.objects.filter(segment=OuterRef("segment"), last_revision=None, unit__is_gone=False)
    Job.objects.filter(segment__in=mine, language=language, unit=unit_id).delete()
    Job.objects.filter(~Exists(others.filter(~Exists(closed))), segment__in=mine, language=language, unit=None).delete()


def release(unit_id: int, languages: Collection[str], *, by: str) -> None:
    """Let editions go out, all at one moment or none. Raises where one is for people's words alone and lacks some."""
    with transaction.atomic():
        rows = _locked(unit_id, languages)
        for row in rows:
            counts = _counts(unit_id, row.language)
            lacking = counts.engines + counts.missing
            if row.mode == "off":
                raise errors.EditionOff
            if row.mode == "human" and lacking:
                raise errors.NotAllByPeople(
                    ngettext(
                        "%(language)s: %(count)s sentence has no translation by a person yet.",
                        "%(language)s: %(count)s sentences have no translation by a person yet.",
                        lacking,
                    )
                    % {"language": row.language, "count": lacking}
                )
        moment = now()
        for row in rows:
            row.released_at, row.released_by = moment, by[:80]
            row.withdrawn_at, row.withdrawn_by = None, ""
            _save(row)


def withdraw(unit_id: int, language: str, *, by: str) -> None:
    """Take one edition back, and no other; its translations stay in the memory."""
    with transaction.atomic():
        row = _locked(unit_id, [language])[0]
        row.withdrawn_at, row.withdrawn_by = now(), by[:80]
        _save(row)


def sign_off(unit_id: int, language: str, *, version: str, by: str) -> None:
    """A person has read an edition in this version and answers for it.

    Raises where sentences are not there, and where something of it has changed meanwhile.
    """
    with transaction.atomic():
        row = _locked(unit_id, [language])[0]
        counts = _counts(unit_id, language)
        if counts.missing or (row.mode == "human" and counts.engines):
            raise errors.NotWhole
        if version != f"{row.unit.revision_number}.{counts.newest}":
            raise errors.EditionChanged
        row.signed_at, row.signed_by = now(), by[:80]
        row.signed_revision = row.unit.revision_number
        _save(row)


def _locked(unit_id: int, languages: Collection[str]) -> list[Edition]:
    """Rows of these editions; a text's editions are changed by one person at a time."""
    unit = Unit.objects.select_for_update(no_key=True).filter(pk=unit_id, is_gone=False).first()
    if unit is None or not languages or not set(languages) <= set(_others(unit.language)):
        raise errors.NoSuchEdition
    rows = Edition.objects.filter(unit=unit, language__in=languages).select_related("unit")
    there = {row.language: row for row in rows}
    return [there.get(tag) or Edition(unit=unit, language=tag) for tag in sorted(set(languages))]


def _save(row: Edition) -> None:
    is_released, is_withdrawn = row.released_at is not None, row.withdrawn_at is not None
    row.shows = shows(cast(Mode, row.mode), is_released=is_released, is_withdrawn=is_withdrawn)
    row.save()


def editions_of(units: Iterable[int]) -> dict[int, list[EditionState]]:
    """All editions of texts but their own languages', in the publication's order. Three queries, one a language."""
    rows = {row.pk: row for row in Unit.objects.filter(pk__in=units)}
    told: dict[int, dict[str, Edition]] = defaultdict(dict)
    for one in Edition.objects.filter(unit__in=rows):
        told[one.unit_id][one.language] = one
    counts = _all_counts(list(rows), settings.DRAGOMAN.languages)
    return {
        pk: [
            _state(told[pk].get(tag) or Edition(unit=unit, language=tag), unit, counts[tag].get(pk, _Counts()))
            for tag in _others(unit.language)
        ]
        for pk, unit in rows.items()
    }


def _state(row: Edition, unit: Unit, counts: "_Counts") -> EditionState:
    return EditionState(
        row.language,
        cast(Mode, row.mode),
        cast(Shows, row.shows),
        row.released_at,
        row.released_by,
        row.withdrawn_at,
        row.withdrawn_by,
        row.signed_at,
        row.signed_by,
        row.signed_revision == unit.revision_number,
        f"{unit.revision_number}.{counts.newest}",
        counts.people,
        counts.engines,
        counts.missing,
    )


def units_that(waits: Waits) -> QuerySet[Edition, int]:
    """Texts with an edition that waits for its release, was withdrawn, or is off."""
    rows = Edition.objects.filter(shows="nothing")
    chosen = {
        "release": rows.filter(mode__in=["review", "human"], withdrawn_at=None),
        "withdrawn": rows.filter(withdrawn_at__isnull=False),
        "off": rows.filter(mode="off"),
    }
    return chosen[waits].values_list("unit", flat=True)


def version_of(unit_id: int, language: str) -> str:
    """Names an edition as it is: its original's revision, and the newest of its translations. Four queries."""
    revision = Unit.objects.values_list("revision_number", flat=True).get(pk=unit_id)
    return f"{revision}.{_counts(unit_id, language).newest}"


def reviewed_languages(units: Sequence[int]) -> dict[int, set[str]]:
    """By text, the languages for which somebody answers for it as it is. One query."""
    found: dict[int, set[str]] = {}
    for unit, language in _REVIEWED(list(units)) if units else ():
        found.setdefault(unit, set()).add(language)
    return found


_REVIEWED = Select(
    lambda units: (
        Edition.objects.filter(unit__pk__in=units, signed_at__isnull=False, signed_revision=F("unit__revision_number"))
        .exclude(shows="nothing")
        .values_list("unit_id", "language")
    )
)


@dataclass
class _Counts:
    """Sentences by people, by engines, and not there; the newest translation's id."""

    people: int = 0
    engines: int = 0
    missing: int = 0
    newest: int = 0


def _counts(unit_id: int, language: str) -> _Counts:
    return _all_counts([unit_id], [language])[language].get(unit_id, _Counts())


def _all_counts(units: Collection[int], languages: Collection[str]) -> dict[str, dict[int, _Counts]]:
    """By language and text."""
    rows = Occurrence.objects.filter(unit__in=units, last_revision=None)
    worded = [
        (unit, segment)
        for unit, segment, text in rows.values_list("unit_id", "segment_id", "segment__text")
        if has_words(text)
    ]
    found: dict[str, dict[int, _Counts]] = {}
    for tag in languages:
        chosen = scoped({segment for _unit, segment in worded}, units, tag)
        counted: dict[int, _Counts] = defaultdict(_Counts)
        for unit, segment in worded:
            best, mine = best_of(chosen.get(segment, {}), unit), counted[unit]
            mine.newest = max(mine.newest, best.id if best else 0)
            if best is None or best.quality == "rejected":
                mine.missing += 1
            elif best.origin == "human":
                mine.people += 1
            else:
                mine.engines += 1
        found[tag] = counted
    return found
