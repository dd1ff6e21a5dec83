"""What is in the database beside what was acknowledged. Imported when its home is open."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

from dragoman.conversation.models import Comment
from dragoman.live.models import Follower, OutboxEvent
from dragoman.live.queries import events_behind
from dragoman.translation.models import Job, Occurrence
from dragoman.translation.queries import present
from tests.faults.writers import read, text_of

_AT_ONCE = 500


def compare(path: Path, patience: float) -> dict[str, Any]:
    """Counts; all but the first few must be nothing. ``patience``: seconds for what is still to be translated.

    What a killed worker had in hand is anybody's again when its lease of three minutes has run out.
    """
    waited = _until_all_is_done(patience)
    acknowledged = read(path)
    rows = {row.pk: row for row in Comment.objects.all()}
    written = [row for row in rows.values() if row.source.startswith("Voram ")]
    numbers = sorted(row.number or 0 for row in rows.values())
    sources = Counter(row.source for row in written)
    told = list(
        OutboxEvent.objects.filter(topic="thread:1", kind="comment").order_by("id").values_list("data", flat=True)
    )
    told_of = Counter(one["id"] for one in told)
    said = [one["number"] for one in told]
    return {
        "acknowledged": len(acknowledged),
        "comments": len(rows),
        "seconds_until_all_was_done": round(waited, 1),
        "lost": sum(
            one.id not in rows or rows[one.id].source != text_of(one.writer, one.count) for one in acknowledged
        ),
        "doubled": sum(count - 1 for count in sources.values())
        + (len(acknowledged) - len({(one.writer, one.count) for one in acknowledged})),
        "renumbered": sum(one.id in rows and rows[one.id].number != one.number for one in acknowledged),
        "out_of_order": sum(number != place for place, number in enumerate(numbers, 1)),
        "still_to_be_translated": Job.objects.count(),
        "untranslated": _untranslated([row.unit_id or 0 for row in written]),
        "not_announced": sum(pk not in told_of for pk in rows),
        "announced_twice": sum(count - 1 for count in told_of.values()),
        "announced_in_disorder": sum(number != place for place, number in enumerate(said, 1)),
        "not_followed": sum(events_behind().values()),
    }


def _until_all_is_done(patience: float) -> float:
    """Seconds until no job waits and every follower has heard all."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if not Job.objects.exists() and Follower.objects.exists() and not sum(events_behind().values()):
            break
        time.sleep(0.5)
    return time.monotonic() - began


def _untranslated(units: list[int]) -> int:
    waiting = set(
        Occurrence.objects.filter(segment__in=Job.objects.values("segment")).values_list("unit_id", flat=True)
    )
    found = 0
    for start in range(0, len(units), _AT_ONCE):
        shown = present(units[start : start + _AT_ONCE], "es")
        found += sum(not one.is_translated and pk not in waiting for pk, one in shown.items())
    return found
