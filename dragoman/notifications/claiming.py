"""Taking notifications to be sent, so that no two workers send one and none that dies loses one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal, TypeAlias

from django.db.models import Q, QuerySet
from django.utils import translation

from dragoman.conversation.queries import ReaderView
from dragoman.foundation.clock import now
from dragoman.foundation.languages import interface_for
from dragoman.notifications.models import Notification
from dragoman.notifications.queries import ShownNotification, show
from dragoman.readers.queries import actor_by_id

Way: TypeAlias = Literal["lease", "push_lease"]  # the field that keeps others away
LEASE = timedelta(minutes=10)  # longer than any mail server, or all devices of one reader, make one wait
AGAIN = timedelta(minutes=15)  # after a failure that may pass


def free(rows: QuerySet[Notification], way: Way) -> QuerySet[Notification]:
    """Those that no worker has in hand for this way."""
    return rows.filter(Q(**{way: None}) | Q(**{f"{way}__lt": now()}), seen_at=None)


def claim(rows: Sequence[Notification], way: Way) -> list[Notification]:
    """Those of the rows that are ours for a while."""
    until = now() + LEASE
    return [row for row in rows if free(Notification.objects.filter(pk=row.pk), way).update(**{way: until})]


def put_off(rows: Sequence[Notification], way: Way) -> None:
    """Not now: they are looked at again after a while."""
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(**{way: now() + AGAIN})


@contextmanager
def spoken_to(reader_id: int, edition: str) -> Iterator[Callable[[Sequence[Notification]], list[ShownNotification]]]:
    """Inside, our own words are in the reader's language; what it gives shows notifications to that reader."""
    actor = actor_by_id(reader_id)
    view = ReaderView(edition, actor, "original" if actor.reads_originals else "auto")
    with translation.override(interface_for(edition)):
        yield lambda rows: show(rows, view)
