"""One block of texts in every language that has it: headlines, for addresses and for search engines."""

from collections.abc import Mapping, Sequence

from dragoman.foundation.statements import Select, SelectModels
from dragoman.translation.models import Current, Edition, Occurrence
from dragoman.translation.queries import best_of, by_scope, that_hold_for
from dragoman.translation.rules.markers import contents_of, plain


def present_block_everywhere(units: Sequence[int], block: str) -> dict[int, dict[str, str]]:
    """One block's plain text of each unit in every language that has it (a headline, for addresses). Three queries."""
    if not units:
        return {}
    occurrences: dict[int, list[Occurrence]] = {}
    for row in _OF_BLOCK(list(units), block):
        occurrences.setdefault(row.unit_id, []).append(row)
    shown: dict[tuple[int, str], str] = {(unit, tag): shows for unit, tag, shows in _KEPT_BACK(list(units))}
    segments = list({one.segment_id for rows in occurrences.values() for one in rows})
    by_segment: dict[int, list[Current]] = {}
    for current in _EVERYWHERE(segments, list(units)) if segments else ():
        by_segment.setdefault(current.segment_id, []).append(current)
    return {unit: _in_every_language(rows, by_segment, shown) for unit, rows in occurrences.items()}


def _in_every_language(
    occurrences: Sequence[Occurrence],
    by_segment: Mapping[int, Sequence[Current]],
    kept_back: Mapping[tuple[int, str], str],
) -> dict[str, str]:
    """The block of one unit, of which these are the sentences."""
    unit = occurrences[0].unit
    texts = {unit.language: " ".join(plain(one.segment.text, contents_of(one.contents)) for one in occurrences)}
    by_language: dict[str, list[Current]] = {}
    for row in (row for one in occurrences for row in by_segment.get(one.segment_id, ())):
        shows = kept_back.get((unit.pk, row.language), "all")
        # Of another unit of the same words, what a person said there holds there alone.
        is_of_it = row.unit_id in (None, unit.pk)
        if is_of_it and (shows == "all" or (shows == "people" and row.translation.origin == "human")):
            by_language.setdefault(row.language, []).append(row)
    for language, currents in by_language.items():
        scoped = by_scope(currents)
        best = [best_of(scoped.get(one.segment_id, {}), unit.pk) for one in occurrences]
        if all(one is not None and one.quality != "rejected" for one in best):
            texts[language] = " ".join(
                plain(one.text, contents_of(occurrence.contents))
                for one, occurrence in zip(best, occurrences, strict=True)
                if one is not None
            )
    return texts


_OF_BLOCK = SelectModels[Occurrence](
    lambda units, block: (
        Occurrence.objects.filter(unit__pk__in=units, last_revision=None, block=block)
        .select_related("segment", "unit")
        .order_by("anchor")
    )
)
_KEPT_BACK = Select(
    lambda units: (
        Edition.objects.filter(unit__pk__in=units).exclude(shows="all").values_list("unit_id", "language", "shows")
    )
)
_EVERYWHERE = SelectModels[Current](
    lambda segments, units: that_hold_for(
        units, Current.objects.filter(segment__pk__in=segments).select_related("translation")
    )
)
