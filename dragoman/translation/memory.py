"""The store of segments and their translations, and which of them is current."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from dragoman.foundation.statements import Select, insert
from dragoman.translation.models import Current, Segment, Translation
from dragoman.translation.rules.rank import needs_own_scope, rank
from dragoman.translation.rules.segmenting import Sentence
from dragoman.translation.terms import current_terms

_AT_A_TIME = 1024
# With the languages, which the index begins with: by the key alone all of the memory would be walked through.
_BY_KEY = Select(
    lambda languages, keys: Segment.objects.filter(language__in=languages, key__in=keys).values_list(
        "id", "language", "key"
    )
)


def store_segments(wanted: Iterable[tuple[str, Sentence]]) -> dict[tuple[str, str], int]:
    """Ids by (language, key); new ones are inserted, races with other writers are harmless."""
    by_key = {(language, one.key): one for language, one in wanted}
    known = _known(by_key)
    missing = sorted(
        (
            Segment(language=language, kind=one.kind, key=key, text=one.marked)
            for (language, key), one in by_key.items()
            if (language, key) not in known
        ),
        key=lambda segment: (segment.language, segment.key),
    )
    insert(missing, known_by=("language", "key"))
    return known | {(segment.language, segment.key): segment.pk for segment in missing}


def _known(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    wanted, languages = list({key for _language, key in keys}), list({language for language, _key in keys})
    parts = (wanted[start : start + _AT_A_TIME] for start in range(0, len(wanted), _AT_A_TIME))
    rows = (row for part in parts for row in _BY_KEY(languages, part))
    return {(language, key): pk for pk, language, key in rows}


@dataclass(frozen=True)
class Stored:
    """A translation to be written, not saved yet."""

    translation: Translation

    @property
    def slot(self) -> tuple[int, str, int | None]:
        """What it may become current for."""
        return (self.translation.segment_id, self.translation.language, self.translation.unit_id)

    @property
    def rank(self) -> int:
        """Its place among its rivals."""
        one = self.translation
        return rank(one.origin, one.quality, here=one.unit_id is not None)


def record(translations: Sequence[Stored]) -> None:
    """Append translations and make each current where nothing better is.

    Of equals the newer wins; and, of machines, what was made with the glossary of
    today wins over what was made with an earlier one. The rows of ``Current`` are locked for the moment,
    so two workers cannot both believe to have replaced the same one.
    """
    if not translations:
        return
    with transaction.atomic():
        Translation.objects.bulk_create(one.translation for one in translations)
        best: dict[tuple[int, str, int | None], Stored] = {}
        for one in translations:
            if one.slot not in best or one.rank >= best[one.slot].rank:
                best[one.slot] = one
        # First claim the empty places, then lock and compare: there is no row to lock before.
        Current.objects.bulk_create(
            (
                Current(
                    segment_id=slot[0], language=slot[1], unit_id=slot[2], translation=one.translation, rank=one.rank
                )
                for slot, one in best.items()
            ),
            ignore_conflicts=True,
        )
        better = []
        for row in _locked_rivals(best):
            rival = best.get((row.segment_id, row.language, row.unit_id))
            if rival is not None and row.translation_id != rival.translation.pk and _is_better(rival, row):
                row.translation, row.rank = rival.translation, rival.rank
                better.append(row)
        Current.objects.bulk_update(better, ["translation", "rank"])


def _is_better(rival: Stored, row: Current) -> bool:
    if rival.rank >= row.rank:
        return True
    new, old = rival.translation, row.translation
    return old.origin == new.origin == "machine" and new.quality != "rejected" and new.glossary != old.glossary


def _locked_rivals(best: Mapping[tuple[int, str, int | None], Stored]) -> Iterator[Current]:
    """What stands in the places that these want; always in the same order.

    In another order two workers could wait for each other.
    """
    claimed = [one.translation.pk for one in best.values()]
    rivals = (
        Current.objects.exclude(translation__in=claimed)
        .select_for_update(no_key=True, of=("self",))
        .select_related("translation")
        .order_by("id")
    )
    segments = {segment for segment, _language, unit in best if unit is None}
    if segments:
        yield from rivals.filter(segment__in=segments, unit=None)
    scoped = {(segment, unit) for segment, _language, unit in best if unit is not None}
    if scoped:
        yield from rivals.filter(segment__in={one for one, _unit in scoped}, unit__in={unit for _one, unit in scoped})


def widen(unit_id: int, *, is_comment: bool) -> None:
    """Machine translations that held for one unit hold everywhere from now on, where nothing does yet.

    But for those that hold for their text for another reason: short sentences of comments, terms of a section.
    """
    rows = Current.objects.select_for_update(no_key=True, of=("self",)).filter(
        unit=unit_id, translation__origin="machine"
    )
    terms = current_terms()
    section = terms.sections_of([unit_id]).get(unit_id)
    for row in rows.select_related("segment", "translation").order_by("id"):
        is_of_section = terms.are_of_a_section(row.segment.language, row.segment.text, section)
        if not needs_own_scope(row.segment.text, is_comment=is_comment) and not is_of_section:
            hold_everywhere(row)


def hold_everywhere(row: Current) -> None:
    """A machine translation of one unit becomes the publication's, where it has none yet."""
    slot = Current.objects.filter(segment=row.segment_id, language=row.language, unit=None)
    Translation.objects.filter(pk=row.translation_id).update(unit=None)
    if slot.exists():
        row.delete()
    else:
        row.unit = None
        row.rank = rank("machine", row.translation.quality, here=False)
        row.save(update_fields=["unit", "rank"])
