"""How fast one reader may post. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

# So many comments within such a time. Fast writers in a heated hour stay below; a flood does not.
LIMITS = ((5, timedelta(minutes=1)), (40, timedelta(hours=1)), (150, timedelta(days=1)))
MOST = max(most for most, _span in LIMITS)


def wait_before_next(posted: Sequence[datetime], at: datetime) -> timedelta:
    """How long a reader who posted then must wait at ``at``; zero where the next comment may come at once.

    ``posted`` is newest first and needs no more than the latest :data:`MOST`. A
    clock that was set back makes nobody wait longer than a limit's own time.
    """
    waits = [
        min(span, posted[most - 1] + span - at)
        for most, span in LIMITS
        if len(posted) >= most and posted[most - 1] + span > at
    ]
    return max(waits, default=timedelta(0))
