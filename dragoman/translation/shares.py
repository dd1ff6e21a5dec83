"""How much of what readers get was translated by people, and how often they look at the original: day by day."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q

from dragoman.foundation.clock import now
from dragoman.translation.models import Current, ShareOfDay


@dataclass(frozen=True, slots=True)
class Share:
    """A language at the end of a day: sentences by people and by engines, and pages with an original opened."""

    day: date
    people: int
    engines: int
    opened: int

    @property
    def by_engines(self) -> float:
        """The engines' part, 0 to 1; 0 where nothing is translated."""
        return self.engines / (self.people + self.engines) if self.people + self.engines else 0.0


def note_shares() -> None:
    """Write down how it is now, for today. It reads all current translations: once an hour is enough."""
    human = Q(translation__origin="human")
    there = Current.objects.exclude(translation__quality="rejected").values("language")
    rows = there.annotate(by_people=Count("id", filter=human), by_engines=Count("id", filter=~human))
    today = now().date()
    ShareOfDay.objects.bulk_create(
        [
            ShareOfDay(day=today, language=language, people=people, engines=engines)
            for language, people, engines in rows.values_list("language", "by_people", "by_engines")
        ],
        update_conflicts=True,
        unique_fields=["language", "day"],
        update_fields=["people", "engines"],
    )


def count_opened(language: str) -> None:
    """A reader of this edition has looked at an original."""
    today = ShareOfDay.objects.filter(day=now().date(), language=language)
    if not today.update(opened=F("opened") + 1):
        ShareOfDay.objects.bulk_create([ShareOfDay(day=now().date(), language=language)], ignore_conflicts=True)
        today.update(opened=F("opened") + 1)


def shares(days: int) -> dict[str, list[Share]]:
    """By language, the last so many days that were written down, the oldest first. One query."""
    rows = ShareOfDay.objects.filter(day__gt=now().date() - timedelta(days=days)).order_by("day")
    found: dict[str, list[Share]] = defaultdict(list)
    for row in rows:
        found[row.language].append(Share(row.day, row.people, row.engines, row.opened))
    return dict(found)
