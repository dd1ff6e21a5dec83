"""Asking an outside program about a comment: one signed, bounded request; after some failures it is left in peace."""

import json
import logging
import time
from dataclasses import dataclass

import requests
import urllib3
from django.conf import settings

from dragoman.foundation import webhooks
from dragoman.moderation.rules.candidate import Finding
from dragoman.moderation.rules.classified import Nonsense, read_answer

_log = logging.getLogger(__name__)
PATIENCE = 5.0  # seconds for a whole answer
_LONGEST = 64 * 1024  # bytes of it
_PIECE = 8 * 1024
_FAILURES = 3  # after which it rests
_REST = 60.0  # seconds


class ClassifierDown(Exception):
    """It did not answer, or nothing that could be understood."""


@dataclass(slots=True)
class _Breaker:
    """How often it failed in a row, and until when it is left in peace. One worker asks."""

    failures: int = 0
    rests_until: float = 0.0

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= _FAILURES:
            self.rests_until, self.failures = time.monotonic() + _REST, 0


_breaker = _Breaker()


def is_wanted() -> bool:
    """Whether there is one, and it may be asked now."""
    return bool(settings.DRAGOMAN.classifier) and time.monotonic() >= _breaker.rests_until


def classify(comment: int, text: str, language: str, place: str) -> Finding | None:
    """What it finds in a comment in its own language; raises :class:`ClassifierDown`."""
    body = json.dumps({"comment": comment, "text": text, "language": language, "place": place}, ensure_ascii=False)
    try:
        finding = read_answer(json.loads(_asked(body.encode())), text, language)
    except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError, RecursionError, Nonsense) as error:
        _breaker.failed()
        _log.warning("the classifier failed: %s", type(error).__name__)
        raise ClassifierDown from error
    _breaker.failures = 0
    return finding


def _asked(body: bytes) -> bytes:
    """The answer's body; it is given up when it takes too long, is too large, or leads elsewhere."""
    end, found = time.monotonic() + PATIENCE, b""
    home = settings.DRAGOMAN
    with webhooks.post(home.classifier, body, key=home.classifier_key, patience=PATIENCE) as answer:
        if answer.status_code != 200:
            raise requests.RequestException(f"status {answer.status_code}")
        for piece in answer.iter_content(_PIECE):
            found += piece
            if len(found) > _LONGEST or time.monotonic() > end:
                raise requests.RequestException("too long")
    return found
