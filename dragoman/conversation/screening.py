"""What moderation's rulebook says of a comment before it is shown."""

import hashlib
import hmac
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core.cache import cache

from dragoman.conversation import errors
from dragoman.conversation.models import Comment, Thread
from dragoman.conversation.policies import is_closed
from dragoman.conversation.rules.pacing import MOST, wait_before_next
from dragoman.foundation.clients import line_of
from dragoman.foundation.clock import now
from dragoman.foundation.languages import base
from dragoman.foundation.statements import Select
from dragoman.moderation.cases import Matter
from dragoman.moderation.rules.candidate import Candidate, Earlier, Finding, Writer
from dragoman.moderation.rules.known import Known
from dragoman.moderation.rules.modes import Scope
from dragoman.moderation.rules.repetition import print_of
from dragoman.moderation.sanctioning import standing_of
from dragoman.moderation.screening import Rulebook, current_rulebook, screen
from dragoman.moderation.wording import refusal
from dragoman.readers.policies import Actor
from dragoman.readers.queries import account_of
from dragoman.translation.detection import detect_language
from dragoman.translation.placing import section_of
from dragoman.translation.rules import markdown

KIND = "comment"
ALIKE_WITHIN = timedelta(days=3)
_HERE_WITHIN = timedelta(minutes=10)
_ADDRESS_KEPT = 3600  # seconds

_EARLIER = Select(
    lambda author: (
        Comment.objects.filter(author=author, moved_to=None)
        .order_by("-posted_at")
        .values_list("posted_at", "state", "print", "pk")
    )[: MOST + 1]
)


def _alike(print_: Any, author: Any, since: Any) -> Any:
    rows = Comment.objects.filter(print=print_, posted_at__gt=since).exclude(author=author)
    return rows.values_list("author_id").distinct()[:1000]


_ALIKE = Select(_alike)
_NUMBERED = Select(lambda thread, number: Comment.objects.filter(thread=thread, number=number).values_list("posted_at"))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a comment came from: the client's address, and whether the form's trap was filled in."""

    address: str = ""
    is_trapped: bool = False


NOWHERE = Origin()  # of what no request brought


@dataclass(frozen=True, slots=True)
class Screened:
    """What follows: whether it waits, what was found, and what tells equal texts."""

    waits: bool
    findings: tuple[Finding, ...]
    print: int


def screened(
    actor: Actor, thread: Thread, text: str, language: str, origin: Origin, *, edited: Comment | None = None
) -> Screened:
    """Ask the rulebook. Raises where the writer may not write, or a rule refuses it; seven queries at most."""
    writer = actor.id or 0
    account, is_staff = account_of(writer), actor.roles > {"reader"}
    standing = standing_of(writer, "" if is_staff else account.domain)  # a role is taken first, whatever the address
    standing.check_may_write()
    typed = _Typed(thread, text, language, print_of(text), edited)
    if not settings.DRAGOMAN.has_moderation:
        return Screened(standing.kind == "hold", (), typed.print)
    rulebook = current_rulebook()
    here: dict[Scope, str] = {"reader": str(writer), "language": language, **_place(rulebook, thread.key)}
    if edited is None and rulebook.is_closed(here):
        raise errors.CommentsOff
    earlier = _earlier(writer, edited)
    if edited is None:
        check_pace([one.at for one in earlier])  # before anything that costs more
    who = Writer(writer, account.names, account.joined_at, is_staff, earlier)
    verdict = screen(rulebook, _candidate(who, typed, origin, rulebook.known))
    if verdict.refusing is not None:
        raise refusal(verdict.refusing.rule)
    is_held = verdict.act == "hold" or standing.kind == "hold"
    return Screened(is_held or rulebook.waits(here), verdict.findings, typed.print)


@dataclass(frozen=True, slots=True)
class _Typed:
    """A text on its way to a thread; ``edited``: what it takes the place of."""

    thread: Thread
    text: str
    language: str
    print: int
    edited: Comment | None


def _looks_like(text: str, named: str, listed: Collection[str]) -> str:
    """The language that a text is plainly in, where it is not the named one and has word lists; else nothing."""
    if not set(listed) - {base(named)}:
        return ""
    found = detect_language(markdown.parse(text), settings.DRAGOMAN.known_languages, expected=named)
    return found if found is not None and base(found) != base(named) else ""


def check_may_write(actor: Actor) -> None:
    """Raises where a sanction keeps the actor from taking part. Two queries."""
    is_staff = actor.roles > {"reader"}
    standing_of(actor.id or 0, "" if is_staff else account_of(actor.id or 0).domain).check_may_write()


def check_pace(latest: Sequence[datetime]) -> None:
    """Raises where a reader posts faster than anybody reads. ``latest``: when he or she posted, the newest first."""
    wait = wait_before_next(latest[:MOST], now()) if settings.DRAGOMAN.has_limits else timedelta(0)
    if wait:
        raise errors.TooFast(ceil(wait.total_seconds()))


def _place(rulebook: Rulebook, key: str) -> dict[Scope, str]:
    """A place's own key and its section's, which is asked for where the rulebook says anything of one."""
    return {"place": key, "section": str(section_of(key) if rulebook.heeds_sections else 0)}


def _earlier(writer: int, edited: Comment | None) -> list[Earlier]:
    return [Earlier(*row[:3]) for row in _EARLIER(writer) if edited is None or row[3] != edited.pk]


def _candidate(writer: Writer, typed: _Typed, origin: Origin, known: Known) -> Candidate:
    at, crowd = now(), known.numbers["flood.here"]
    return Candidate(
        text=typed.text,
        language=typed.language,
        at=at,
        writer=writer,
        alike=len(_ALIKE(typed.print, writer.id, at - ALIKE_WITHIN)) if typed.print else 0,
        here=crowd if _is_crowded(typed.thread, crowd) else 0,
        nearby=_others_at(origin.address, writer.id) if typed.edited is None else 0,
        is_trapped=origin.is_trapped,
        is_edit=typed.edited is not None,
        looks_like=_looks_like(typed.text, typed.language, known.matcher.languages),
    )


def _is_crowded(thread: Thread, most: int) -> bool:
    """Whether the last so many comments of a thread are all of the last minutes: the first of them tells."""
    if thread.last_number < most or not settings.DRAGOMAN.has_limits:
        return False
    row = _NUMBERED.first(thread.pk, thread.last_number - most + 1)
    return row is not None and row[0] > now() - _HERE_WITHIN


def _others_at(address: str, writer: int) -> int:
    """How many other accounts wrote from an address within the hour.

    The address itself is not kept: only what a secret makes of it, and that in the cache alone.
    """
    line = line_of(address)
    if not line or not settings.DRAGOMAN.has_limits:
        return 0
    digest = hmac.new(settings.SECRET_KEY.encode(), line.encode(), hashlib.sha256).hexdigest()
    key, moment = f"wrote-from:{digest}", time.time()
    seen: dict[int, float] = cache.get(key) or {}
    recent = {one: at for one, at in seen.items() if at > moment - _ADDRESS_KEPT} | {writer: moment}
    cache.set(key, recent, _ADDRESS_KEPT)
    return len(recent) - 1


def takes_comments(thread: Thread | None, place: str) -> bool:
    """Whether anybody may write at a place now, for its page; two queries at most."""
    if thread is not None and is_closed(thread):
        return False
    if not settings.DRAGOMAN.has_moderation:
        return True
    rulebook = current_rulebook()
    return not rulebook.is_closed(_place(rulebook, place))


def matter_of(comment: Comment) -> Matter:
    """The comment as a case sees it; its thread is loaded. One query."""
    thread = comment.thread
    return Matter(KIND, comment.pk, comment.language, thread.key, section_of(thread.key))
