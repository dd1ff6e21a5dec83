"""A mail server of our own, which speaks SMTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.servers import free_port


class Box:
    """What the server took, and what it says to recipients."""

    def __init__(self) -> None:
        self.raw: list[bytes] = []
        self.recipients: list[str] = []
        self.asked = 0
        self.refuses, self.refusals = "", 1_000_000  # that, so many times

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's own name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.asked += 1
        if self.refuses and self.asked <= self.refusals:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.raw.append(cast(bytes, envelope.original_content))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.raw]


@contextmanager
def mail_server(settings: Any, port: int = 0) -> Iterator[Box]:
    """Until the end of the block Django's mails go there."""
    found = Box()
    port = port or mails_go_to_a_free_port(settings)
    server = Controller(found, hostname="127.0.0.1", port=port)
    server.start()
    try:
        yield found
    finally:
        server.stop()


def mails_go_to_a_free_port(settings: Any) -> int:
    """Where nobody listens yet."""
    port = free_port()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    return port
