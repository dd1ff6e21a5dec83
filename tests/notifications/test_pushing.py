"""Web push to an endpoint of our own that decrypts what it gets."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from py_vapid import Vapid02

from dragoman.conversation.editing import withdraw_comment
from dragoman.foundation import clock
from dragoman.notifications.actions import MOST_DEVICES, add_device, mark_seen
from dragoman.notifications.errors import UnknownPushService
from dragoman.notifications.models import Device, Notification, PushKey
from dragoman.notifications.pushing import public_key, send_due_pushes
from dragoman.notifications.rules.kinds import GRACE
from dragoman.readers.policies import Actor
from tests.conftest import NOON, account_of
from tests.notifications.conftest import Post

SOON = NOON + GRACE + timedelta(seconds=1)


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Service:
    """A push service and the browser behind it, in one: it holds the browser's private key."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"0123456789abcdef"
        self.status = 201
        self.got: list[tuple[dict[str, str], bytes]] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(service.status)
                if service.status == 307:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *rest: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/push/abc"

    @property
    def keys(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {"p256dh": _base64url(point), "auth": _base64url(self.auth)}

    def messages(self) -> list[dict[str, str]]:
        return [
            json.loads(http_ece.decrypt(body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"))
            for _headers, body in self.got
        ]


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    found = Service()
    before = settings.DRAGOMAN.values["push.services"]
    settings.DRAGOMAN.values["push.services"] = ["127.0.0.1", "push.example"]
    yield found
    settings.DRAGOMAN.values["push.services"] = before
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture
def answered(ada: Actor, carmen: Actor, post: Post, service: Service) -> Actor:
    """Ada, who has a device, and whose comment Carmen answered at noon."""
    add_device(actor=ada, endpoint=service.endpoint, **service.keys)
    with clock.stopped_at(NOON):
        first = post(ada, "The lamps in the library are green.")
        post(carmen, "Las lámparas son azules.", "es", reply_to=first.number)
    return ada


def _send() -> int:
    with clock.stopped_at(SOON):
        return send_due_pushes()


def test_an_answer_reaches_the_device_encrypted_and_signed(answered: Actor, service: Service) -> None:
    assert _send() == 1
    assert _send() == 0
    (message,) = service.messages()
    assert message["title"] == "Carmen answered your comment"
    assert message["body"] == "Las lámparas son azules."
    assert message["path"].startswith("/en/town/1-")
    ((headers, body),) = service.got
    assert "lámparas".encode() not in body
    assert headers["content-encoding"] == "aes128gcm"
    assert int(headers["ttl"]) > 0
    told = dict(part.strip().split("=", 1) for part in headers["authorization"].removeprefix("vapid ").split(","))
    assert told["k"] == public_key()
    assert Vapid02.verify(headers["authorization"])
    claims = json.loads(urlsafe_b64decode(told["t"].split(".")[1] + "=="))
    assert claims["aud"] == service.endpoint.removesuffix("/push/abc")


def test_a_device_that_is_gone_is_forgotten(answered: Actor, service: Service) -> None:
    service.status = 410
    assert _send() == 0
    assert not Device.objects.exists()
    assert not Notification.objects.filter(push=True).exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again(status: int, answered: Actor, service: Service) -> None:
    service.status = status
    assert _send() == 0
    service.status = 201
    assert _send() == 0
    with clock.stopped_at(SOON + timedelta(minutes=16)):
        assert send_due_pushes() == 1


def test_what_was_seen_or_taken_back_meanwhile_is_not_pushed(
    answered: Actor, carmen: Actor, post: Post, service: Service
) -> None:
    mark_seen(actor=answered, up_to=Notification.objects.get().pk)
    with clock.stopped_at(NOON):
        second = post(carmen, "Y otra cosa.", "es", reply_to=1)
    withdraw_comment(actor=carmen, comment=second)
    assert _send() == 0
    assert service.got == []


def test_a_service_that_leads_elsewhere_is_not_followed(answered: Actor, service: Service) -> None:
    service.status = 307
    assert _send() == 0
    assert len(service.got) == 1


def test_a_device_with_keys_that_are_none_is_forgotten_and_holds_up_nobody(
    answered: Actor, carmen: Actor, service: Service
) -> None:
    Device.objects.update(p256dh="A" * 87)
    add_device(actor=answered, endpoint="https://push.example/other", **service.keys)
    Device.objects.filter(endpoint="https://push.example/other").update(
        endpoint=service.endpoint + "2", endpoint_hash="2"
    )
    assert _send() == 1
    assert Device.objects.count() == 1


def test_a_word_that_is_half_a_day_old_is_not_pushed(answered: Actor, service: Service) -> None:
    with clock.stopped_at(NOON + timedelta(hours=13)):
        assert send_due_pushes() == 0
    assert service.got == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.2/push",
        "http://push.example/push",
        "https://push.example.evil.example/x",
        "https://evilpush.example/x",
        "file:///etc/passwd",
        "https://push.example/" + "x" * 1000,
        "https://a:b@push.example/x",
        "https://evil.example\\@push.example/x",
        "https://push.example:8443/x",
        "https://push.example\u3002evil.example/x",
    ],
)
def test_the_server_speaks_to_listed_push_services_alone(endpoint: str, ada: Actor, service: Service) -> None:
    with pytest.raises(UnknownPushService):
        add_device(actor=ada, endpoint=endpoint, **service.keys)
    add_device(actor=ada, endpoint="https://eu.push.example/x", **service.keys)


def test_a_browser_changes_hands_and_a_reader_has_only_so_many(ada: Actor, carmen: Actor, service: Service) -> None:
    for actor in (ada, carmen):
        add_device(actor=actor, endpoint=service.endpoint, **service.keys)
    assert Device.objects.get().reader_id == carmen.id
    for number in range(MOST_DEVICES + 3):
        add_device(actor=ada, endpoint=f"https://push.example/{number}", **service.keys)
    assert Device.objects.filter(reader=ada.id).count() == MOST_DEVICES


def test_the_key_stays_the_same(db: None) -> None:
    assert public_key() == public_key()
    assert PushKey.objects.count() == 1


def test_a_browser_registers_and_leaves_through_the_page(ada: Actor, client: Client, service: Service) -> None:
    client.force_login(account_of(ada))
    sent = {"endpoint": service.endpoint, **service.keys}
    assert client.post("/en/notifications/device", sent).status_code == 204
    assert Device.objects.get().reader_id == ada.id
    assert client.post("/en/notifications/device", {"endpoint": "https://push.example/1"}).status_code == 422
    assert client.post("/en/notifications/device", {"endpoint": service.endpoint, "remove": "on"}).status_code == 204
    assert not Device.objects.exists()
