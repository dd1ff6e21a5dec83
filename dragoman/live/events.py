"""What may be announced."""

from collections.abc import Mapping
from dataclasses import dataclass, field

EVERYONE = "everyone"  # the topic that every stream hears


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something happened on ``topic``; ``data`` holds ids, versions and flags, never text."""

    topic: str
    kind: str
    data: Mapping[str, int | str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """An announcement as read from the outbox."""

    id: int
    announcement: Announcement
