"""Sending codes and links to readers beside the requests that ask for them.

A mail server that is slow, refuses or is silent must keep nobody waiting, and its
words (which hold addresses) belong into no page and no log. A code that got lost is
asked for again, so nothing of it is stored: mails wait in this process's memory.
"""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_MOST = 500  # mails that wait; whoever comes after them asks again
_TRIES = 3
_LATER = 60.0  # seconds until the server is asked again for an address that it does not take just now
_PAUSE = 5.0  # seconds for which it is left alone where it takes nothing at all
_log = logging.getLogger(__name__)


@dataclass(order=True)
class _Mail:
    """One that waits until ``due``, in seconds of the monotonic clock."""

    due: float
    number: int
    message: EmailMessage = field(compare=False)
    attempt: int = field(compare=False, default=1)


class Postman:
    """One for each process; a thread of its own from the first mail on."""

    def __init__(self) -> None:
        self._waiting: list[_Mail] = []
        self._came = threading.Condition()
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None

    def take(self, message: EmailMessage) -> None:
        """It is sent soon, or lost."""
        with self._came:
            if len(self._waiting) >= _MOST:
                _log.error("a mail to a reader is lost: %d wait for the mail server already", _MOST)
                return
            self._put(_Mail(time.monotonic(), next(self._numbers), message))
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name="postman", daemon=True)
                self._thread.start()

    def _put(self, mail: _Mail) -> None:
        with self._came:
            heapq.heappush(self._waiting, mail)
            self._came.notify()

    def _next(self) -> _Mail:
        with self._came:
            while not self._waiting or self._waiting[0].due > time.monotonic():
                self._came.wait(self._waiting[0].due - time.monotonic() if self._waiting else None)
            return heapq.heappop(self._waiting)

    def _go(self) -> None:
        while True:
            mail = self._next()
            mail.message.connection = get_connection()
            try:
                mail.message.send()
            except SMTPRecipientsRefused as refused:
                if all(code >= 500 for code, _why in refused.recipients.values()):
                    _log.info("the mail server refuses a reader's address")
                else:
                    self._again(mail, refused, _LATER)
            except (SMTPException, OSError) as fault:
                self._again(mail, fault, _PAUSE)
                time.sleep(_PAUSE)
            except Exception as fault:  # the thread must go on; what went wrong may hold the address
                _log.error("a mail to a reader could not be made: %s", type(fault).__name__)

    def _again(self, mail: _Mail, fault: Exception, seconds: float) -> None:
        if mail.attempt < _TRIES:
            self._put(_Mail(time.monotonic() + seconds, next(self._numbers), mail.message, mail.attempt + 1))
        else:
            _log.error("a mail to a reader is lost: %s, %d times", type(fault).__name__, _TRIES)


_postman = Postman()


class Beside(BaseEmailBackend):
    """What a message hands itself to, instead of a connection to the server."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """All of them are taken."""
        for message in email_messages:
            _postman.take(message)
        return len(email_messages)


def sent_beside(message: EmailMessage) -> EmailMessage:
    """The same, for whoever will send it in a request; a file or the screen keeps nobody waiting."""
    if settings.EMAIL_BACKEND == _SMTP:
        message.connection = Beside()
    return message
