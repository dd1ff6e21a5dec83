"""Telling open pages of new translations, a page of texts at a time.

A sentence may stand in ten thousand comments. Those who show it are told in
pages between the worker's batches: in one burst they would push everything
else out of the streams.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.translation.models import Occurrence, Telling, Translation

AT_ONCE = 20  # texts with one sentence that are told in the transaction of the answer
PAGE = 200

_Row: TypeAlias = tuple[str, str, int, int]  # topic, owner's kind and id, the text's own id


def announce_translations(translations: Sequence[Translation], language: str, *, also: int | None = None) -> None:
    """Call it in the transaction that stores them. ``also``: a unit to be told at once."""
    version = max((one.pk for one in translations), default=0)
    units = [one.unit_id for one in translations if one.unit_id is not None]
    here = _shown().filter(unit__in=[*units, *([also] if also is not None else [])])
    newest = {one.segment_id: one.pk for one in translations if one.unit_id is None}
    everywhere = _shown().filter(segment__in=list(newest))
    counted = everywhere.values_list("segment_id").annotate(texts=Count("id"))
    many = {segment for segment, texts in counted if texts > AT_ONCE}
    few = everywhere.exclude(segment__in=many)
    _tell({row for rows in (here, few) for row in rows.values_list(*_WHO).distinct()}, language, version)
    for segment in sorted(many):
        Telling.objects.update_or_create(
            segment_id=segment, language=language, defaults={"version": newest[segment], "told_up_to": 0}
        )


_WHO = ("unit__topic", "unit__owner_kind", "unit__owner_id", "unit")


def _shown() -> QuerySet[Occurrence]:
    """Sentences as they stand now, in texts that some page shows."""
    return Occurrence.objects.filter(last_revision=None, unit__is_released=True).exclude(unit__topic="")


def _tell(rows: Iterable[_Row], language: str, version: int) -> None:
    announce(
        *(
            Announcement(
                topic,
                "translation",
                {"of": kind, "id": owner, "unit": unit, "language": language, "version": version},
            )
            for topic, kind, owner, unit in sorted(rows)
        )
    )


def tell_a_page() -> bool:
    """Tell the next page of texts of one waiting translation; whether there was one."""
    if not Telling.objects.exists():
        return False  # without a transaction: every post wakes the worker, and SQLite's writers would wait for its look
    with transaction.atomic():
        waiting = Telling.objects.order_by("id")
        if connection.vendor == "postgresql":
            waiting = waiting.select_for_update(skip_locked=True)
        one = waiting.first()
        if one is None:
            return False
        page = list(
            _shown()
            .filter(segment=one.segment_id, id__gt=one.told_up_to)
            .order_by("id")
            .values_list("id", *_WHO)[:PAGE]
        )
        _tell({row[1:] for row in page}, one.language, one.version)
        if len(page) < PAGE:
            one.delete()
        else:
            one.told_up_to = page[-1][0]
            one.save(update_fields=["told_up_to"])
    return True
