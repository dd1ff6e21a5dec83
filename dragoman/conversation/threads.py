"""What staff do to a whole thread: close it, slow it down, pin a word above it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dragoman.conversation import errors
from dragoman.conversation.models import Thread
from dragoman.conversation.queries import ReaderView
from dragoman.delivery.purging import settle
from dragoman.foundation.languages import canonical
from dragoman.foundation.text import clean
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present
from dragoman.translation.rules import markdown
from dragoman.translation.rules.scheduling import COMMENT
from dragoman.translation.wishes import request_translations

SLOWEST = 24 * 3600  # seconds
LONGEST = 1000  # characters of an announcement


@dataclass(frozen=True, slots=True)
class Order:
    """How a thread is kept. ``announcement`` is Markdown in ``language``; empty: nothing is pinned."""

    is_open: bool = True
    slow_seconds: int = 0
    closes_at: datetime | None = None
    announcement: str = ""
    language: str = ""


def keep_order(*, actor: Actor, thread_id: int, order: Order) -> None:
    """Readers' pages show it when this returns."""
    require(actor, "thread.close")
    if not 0 <= order.slow_seconds <= SLOWEST:
        raise errors.TooSlow
    words = clean(order.announcement).text.strip()
    if len(words) > LONGEST:
        raise errors.CommentTooLong(errors.ANNOUNCEMENT_TOO_LONG)
    with transaction.atomic():
        thread = Thread.objects.select_for_update(no_key=True).filter(pk=thread_id).first()
        if thread is None:
            raise errors.NoSuchThread
        thread.is_open, thread.slow_seconds, thread.closes_at = order.is_open, order.slow_seconds, order.closes_at
        thread.announcement = _pinned(thread, words, order.language) if words else 0
        thread.save(update_fields=["is_open", "slow_seconds", "closes_at", "announcement"])
        announce(Announcement(thread.topic, "changed", {"of": "thread", "id": thread.pk}))
    settle()


def _pinned(thread: Thread, words: str, language: str) -> int:
    text = translation.NewText(
        "announcement", thread.pk, canonical(language), markdown.parse(words), topic=thread.topic
    )
    unit = translation.store_or_revise(text)
    request_translations([unit], priority=COMMENT)
    return unit


def announcement_of(thread: Thread, view: ReaderView) -> Presented | None:
    """What is pinned above the thread, as the reader reads it. A few queries where something is."""
    if not thread.announcement:
        return None
    return present([thread.announcement], view.language, view.actor.languages, view.mode).get(thread.announcement)


def order_of(thread_id: int) -> tuple[Thread, Order]:
    """A thread and how it is kept, for those who keep it; raises :class:`NoSuchThread`."""
    thread = Thread.objects.filter(pk=thread_id).first()
    if thread is None:
        raise errors.NoSuchThread
    words = present([thread.announcement], "und", mode="original").get(thread.announcement)
    text, language = (words.text, words.source_language) if words is not None else ("", "")
    return thread, Order(thread.is_open, thread.slow_seconds, thread.closes_at, text, language)
