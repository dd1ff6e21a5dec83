"""Sending codes and links to readers beside the requests that ask for them.

A mail server that is slow, refuses or is silent must keep nobody waiting, and its
words (which hold addresses) belong into no page and no log. A code that got lost is
asked for again, so nothing of it is stored: mails wait in this process's memory.
"""

import logging
import queue
import threading
from collections.abc import Sequence
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_MOST = 500  # mails that wait; whoever comes after them asks again
_TRIES = 3
_PAUSE = 5.0  # seconds before the next mail where the server did not take one
_log = logging.getLogger(__name__)


class Postman:
    """One for each process; a thread of its own from the first mail on."""

    def __init__(self) -> None:
        self._waiting: queue.Queue[tuple[EmailMessage, int]] = queue.Queue(_MOST)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, message: EmailMessage) -> None:
        """It is sent soon, or lost."""
        self._put(message, 1)
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._go, name="postman", daemon=True)
                self._thread.start()

    def _put(self, message: EmailMessage, attempt: int) -> None:
        try:
            self._waiting.put_nowait((message, attempt))
        except queue.Full:
            _log.error("a mail to a reader is lost: %d wait for the mail server already", _MOST)

    def _go(self) -> None:
        over = threading.Event()
        while True:
            message, attempt = self._waiting.get()
            if not self._sent(message, attempt):
                over.wait(_PAUSE)

    def _sent(self, message: EmailMessage, attempt: int) -> bool:
        """Whether the server took it, or will never take it."""
        message.connection = get_connection()
        try:
            message.send()
        except SMTPRecipientsRefused as refused:
            if all(code >= 500 for code, _why in refused.recipients.values()):
                _log.info("the mail server refuses a reader's address")
                return True
            return self._again(message, attempt, refused)
        except (SMTPException, OSError) as fault:
            return self._again(message, attempt, fault)
        except Exception as fault:  # the thread must go on; what went wrong may hold the address
            _log.error("a mail to a reader could not be made: %s", type(fault).__name__)
        return True

    def _again(self, message: EmailMessage, attempt: int, fault: Exception) -> bool:
        if attempt < _TRIES:
            self._put(message, attempt + 1)
        else:
            _log.error("a mail to a reader is lost: %s, %d times", type(fault).__name__, _TRIES)
        return False


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
