"""What a mail server says that could not deliver. Pure.

Source: RFC 3464, “An Extensible Message Format for Delivery Status Notifications”.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail did not arrive; ``is_lasting``: none to this address will (a status of 5.x.x)."""

    address: str
    is_lasting: bool


def is_address_dead(code: int, says: bytes) -> bool:
    """Whether a server that refused a recipient means the address itself (5.1.x), not us or our mail (5.7.x).

    Source: RFC 3463, “Enhanced Mail System Status Codes”; without one, RFC 5321's 550, 551 and 553.
    """
    enhanced = re.search(rb"\b5\.(\d{1,3})\.\d{1,3}\b", says)
    return enhanced[1] == b"1" if enhanced else code in (550, 551, 553)


def read_bounces(raw: bytes) -> list[Bounce]:
    """The addresses that a delivery report is about; none where it is no such report."""
    message = message_from_bytes(raw, policy=policy.default)
    parts = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    found = (_bounce(fields) for part in parts for fields in _blocks(part))
    return [bounce for bounce in found if bounce is not None]


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _bounce(fields: Message) -> Bounce | None:
    told = str(fields.get("Final-Recipient") or fields.get("Original-Recipient") or "")
    _kind, _semicolon, address = told.partition(";")
    if str(fields.get("Action", "")).strip().lower() != "failed" or "@" not in address:
        return None
    return Bounce(address.strip().strip("<>").lower(), str(fields.get("Status", "")).strip().startswith("5"))
