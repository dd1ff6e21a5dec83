"""``dragoman worker``: translating, sweeping, forgetting, until it is told to stop."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Sequence
from types import FrameType

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connection

from dragoman.conversation.actions import forget_old_postings
from dragoman.conversation.catching_up import open_missing_cases
from dragoman.conversation.second_look import ask_classifier, read_translations
from dragoman.live import wakeup
from dragoman.live.actions import forget_old_events
from dragoman.notifications.alerting import alert_staff
from dragoman.notifications.gathering import forget_old_notifications, gather
from dragoman.notifications.mailing import send_due_mail
from dragoman.notifications.pushing import send_due_pushes
from dragoman.readers.actions import sweep_presence
from dragoman.search.indexing import fill, index_events
from dragoman.translation.improving import request_better
from dragoman.translation.ledger import forget_old_dispatches
from dragoman.translation.queue import free_from_the_future
from dragoman.translation.shares import note_shares
from dragoman.translation.worker import Lanes, work_guarded
from dragoman.translation.workshop import Workshop

_log = logging.getLogger(__name__)
_HOUR, _MINUTE = 3600.0, 60.0
_GATHERED = 0.1  # seconds in which what happens is gathered: twenty comments cost little more than one
_BREATH = 0.05  # seconds between two wake-up calls that are heeded: in a flood of posts each is one
_LOOKING = 1.0  # seconds between two looks at what was shown and translated meanwhile
_SENDING = 15.0  # seconds between two looks at what is to be mailed


class Stop:
    """Set by SIGTERM and SIGINT."""

    def __init__(self) -> None:
        self.wanted = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._want)

    def _want(self, number: int, frame: FrameType | None) -> None:
        self.wanted.set()


def _guarded(task: Callable[[], object]) -> object:
    """What a task answers. Whatever is wrong with one must not end the others: it is logged, and tried again."""
    try:
        return task()
    except DatabaseError:  # busy or absent: the next round tries again
        return None
    except Exception:
        _log.exception("a chore failed")
        return None


class _Chore:
    """Something to be done every so many seconds."""

    def __init__(self, every: float, *tasks: Callable[[], object]) -> None:
        self._every = every
        self._tasks = tasks
        self._done = 0.0

    def do_if_due(self) -> None:
        if time.monotonic() - self._done < self._every:
            return
        self._done = time.monotonic()
        for task in self._tasks:
            _guarded(task)


def work() -> None:
    """Lanes of translation beside the chores; between batches a nap that a wake-up call ends."""
    stop = Stop()
    workshop = Workshop()
    lanes = Lanes()
    due = threading.Condition()
    threads = [
        threading.Thread(target=_lane, args=(workshop, lanes, stop, due), name=f"lane-{number}")
        for number in range(settings.DRAGOMAN.lanes)
    ]
    # What takes a while, or waits for other people's servers, has a thread of its own.
    threads.append(threading.Thread(target=_repeat, args=(stop, _HOUR, request_better, note_shares), name="improving"))
    threads.append(threading.Thread(target=_tell, args=(stop, due), name="telling"))
    threads.append(threading.Thread(target=_repeat, args=(stop, _MINUTE, alert_staff), name="alerting"))
    threads.append(
        threading.Thread(target=_repeat, args=(stop, _LOOKING, read_translations, ask_classifier), name="looking")
    )
    sending = (stop, _SENDING, send_due_mail, send_due_pushes)
    threads.append(threading.Thread(target=_repeat, args=sending, name="sending"))
    chores = [
        _Chore(10.0, sweep_presence),
        _Chore(60.0, lambda: call_command("publish_scheduled"), workshop.rest, free_from_the_future),
        _Chore(_HOUR, forget_old_events, forget_old_postings, forget_old_dispatches, forget_old_notifications),
        _Chore(_HOUR, lambda: call_command("clearsessions"), open_missing_cases),
    ]
    for thread in threads:
        thread.start()
    try:
        _listen(stop, chores, due)
    finally:
        stop.wanted.set()
        with due:
            due.notify_all()
        # A batch that an engine has in hand is its lease's to keep: killing the engines ends the wait for them.
        for thread in threads:
            thread.join(2.0)
        workshop.close()
        for thread in threads:
            thread.join()


def _listen(stop: Stop, chores: Sequence[_Chore], due: threading.Condition) -> None:
    with wakeup.listening() as ear:
        while not stop.wanted.is_set():
            close_old_connections()
            for chore in chores:
                chore.do_if_due()
            ear.wait(1.0)
            with due:
                due.notify_all()
            stop.wanted.wait(_BREATH)


def _repeat(stop: Stop, every: float, *tasks: Callable[[], object]) -> None:
    """Some tasks, every so many seconds, beside everything else; the first time after a minute at most."""
    pause = min(every, _MINUTE)
    try:
        while not stop.wanted.wait(pause):
            pause = every
            close_old_connections()
            for task in tasks:
                _guarded(task)
    finally:
        connection.close()


def _tell(stop: Stop, due: threading.Condition) -> None:
    """Who is told what, and what is found."""
    try:
        while not stop.wanted.is_set():
            close_old_connections()
            told = False
            for task in (gather, index_events, fill):
                told = bool(_guarded(task)) or told
            if told:
                stop.wanted.wait(_GATHERED)
                continue
            with due:
                if not stop.wanted.is_set():
                    due.wait(1.5)
    finally:
        connection.close()


def _lane(workshop: Workshop, lanes: Lanes, stop: Stop, due: threading.Condition) -> None:
    try:
        while not stop.wanted.is_set():
            close_old_connections()
            if not work_guarded(workshop, lanes):
                with due:
                    if not stop.wanted.is_set():
                        due.wait(1.5)
    finally:
        connection.close()
