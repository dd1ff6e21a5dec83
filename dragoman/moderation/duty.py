"""Who can look at what: routing by the languages that moderators read, and by section."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dragoman.foundation.languages import same_to_a_reader
from dragoman.moderation.models import Duty
from dragoman.moderation.queries import duties
from dragoman.readers.policies import Actor, require
from dragoman.readers.queries import languages_of, readers_with

_ROLES = ("moderator", "administrator")


@dataclass(frozen=True, slots=True)
class Watch:
    """Moderators on duty: id → languages that they read and sections that they look at (none: all)."""

    on_duty: Mapping[int, tuple[tuple[str, ...], tuple[int, ...]]]

    def nobody_reads(self, languages: Collection[str]) -> set[str]:
        """Those of the languages that nobody on duty reads."""
        read = {tag for mine, _sections in self.on_duty.values() for tag in mine}
        return {tag for tag in languages if not _is_read(tag, read)}

    def for_actor(self, actor: Actor, languages: Collection[str]) -> tuple[str, ...]:
        """Those of the languages that are the actor's to look at: what he or she reads, and what nobody reads."""
        on_duty = self.on_duty.get(actor.id or 0)
        mine = on_duty[0] if on_duty else languages_of(actor.id or 0)
        unread = self.nobody_reads(languages)
        return tuple(tag for tag in languages if tag in unread or _is_read(tag, mine))

    def sections_for(self, actor: Actor, sections: Collection[int]) -> tuple[int, ...] | None:
        """Those that are the actor's to look at: the chosen ones, and what nobody on duty looks at; ``None``: all."""
        mine = own_duty(actor)[0]
        if not mine:
            return None
        watched = [theirs for _languages, theirs in self.on_duty.values()]
        everywhere = any(not theirs for theirs in watched)
        unwatched = () if everywhere else set(sections).difference(*watched)
        return (0, *mine, *unwatched)


def _is_read(tag: str, read: Collection[str]) -> bool:
    return any(same_to_a_reader(tag, one) for one in read)


def watch() -> Watch:
    """Who is on duty now. Two queries."""
    told = duties()
    everybody = {
        reader: (languages, *told.get(reader, ((), False))) for reader, languages in readers_with(_ROLES).items()
    }
    return Watch(
        {reader: (languages, sections) for reader, (languages, sections, is_away) in everybody.items() if not is_away}
    )


def own_duty(actor: Actor) -> tuple[tuple[int, ...], bool]:
    """The actor's sections (none: all), and whether he or she is away. One query."""
    row = Duty.objects.filter(reader=actor.id).first()
    return (tuple(row.sections), row.is_away) if row is not None else ((), False)


def set_duty(*, actor: Actor, sections: Collection[int], is_away: bool) -> None:
    """What the actor looks at from now on."""
    reader = require(actor, "comment.release")
    told = {"sections": sorted(sections), "is_away": is_away}
    Duty.objects.update_or_create(reader_id=reader, defaults=told)
