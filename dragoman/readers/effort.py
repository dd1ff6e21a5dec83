"""A little work for whoever signs up, done by the browser while a person types: programs that make accounts by the
thousand pay for each. Nobody's CAPTCHA, no picture to be recognised, nothing asked of others.

Without JavaScript there is a waiting time instead.

Source: Back, “Hashcash – A Denial of Service Counter-Measure”, 2002.
"""

import hashlib
import secrets
import time
from math import ceil

from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dragoman.foundation.errors import DragomanError, InvalidInput

BITS = 16  # about a second on a desktop, some on an old phone
WAIT = 20.0  # seconds without the work: longer than a program wants to, shorter than a person types
_LASTS = 2 * 3600.0  # seconds that a form may stay open
_LONGEST_PROOF = 20  # digits
_signer = Signer(salt="dragoman.readers.effort")


class EffortNeeded(DragomanError):
    """The browser has not done the work, and not enough time has passed."""

    code = "effort-needed"
    status = 429

    def __init__(self, seconds: int) -> None:
        sentence = ngettext(
            "That was very fast. Please send the form again in %(number)s second.",
            "That was very fast. Please send the form again in %(number)s seconds.",
            seconds,
        )
        super().__init__(sentence % {"number": seconds})


class FormTooOld(InvalidInput):
    """The form was open for hours, or was sent before."""

    code = "form-too-old"
    message = _("This form is too old, or was sent already. Please load the page anew.")


def new_challenge() -> str:
    """What the browser works on: the moment and a chance number, signed."""
    return _signer.sign(f"{int(time.time())}.{secrets.token_urlsafe(12)}")


def is_proof(challenge: str, proof: str) -> bool:
    """Whether SHA-256 of “challenge:proof” begins with :data:`BITS` zero bits."""
    if not (proof.isascii() and proof.isdecimal() and len(proof) <= _LONGEST_PROOF):
        return False
    digest = hashlib.sha256(f"{challenge}:{proof}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - BITS) == 0


def check_effort(challenge: str, proof: str) -> None:
    """Raises where neither the work was done nor enough time has passed, or the form was used already."""
    try:
        age = time.time() - int(_signer.unsign(challenge).partition(".")[0])
    except BadSignature:
        raise FormTooOld from None
    if age > _LASTS or cache.get(_key(challenge)) is not None:
        raise FormTooOld
    if age < WAIT and not is_proof(challenge, proof):
        raise EffortNeeded(ceil(WAIT - age))


def use_up(challenge: str) -> bool:
    """Whether this is the first account made with it."""
    return bool(cache.add(_key(challenge), 1, int(_LASTS)))


def _key(challenge: str) -> str:
    return f"effort:{hashlib.sha256(challenge.encode()).hexdigest()}"
