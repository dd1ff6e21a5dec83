"""A server on this machine that speaks the three protocols and is as strict as the real services.

It translates by putting words into capitals; tags, markers and entities stay.
``server.then(…)`` says how the next requests for a translation are answered,
one way each; ``server.always(…)`` how all of them are.
"""

import html
import json
import os
import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest import mock
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

KEY = "a-Key-that-nobody-may-see:fx"
MODEL = "little-model"
_KEPT = re.compile(r"(<[^<>]*>|⟦[^⟧]*⟧|&#?\w+;)")


def capitals(text: str) -> str:
    """The “translation”."""
    return "".join(part if _KEPT.fullmatch(part) else part.upper() for part in _KEPT.split(text))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    size: int


@dataclass(slots=True)
class Answer:
    """One answer as it goes."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    is_cut: bool = False
    is_reset: bool = False
    is_chunked: bool = False
    is_trickling: bool = False


Way = Callable[["RemoteServer", Answer], Answer]
Change = Callable[[list[Any]], list[Any]]


def ok(_server: "RemoteServer", answer: Answer) -> Answer:
    """As it should be."""
    return answer


def status(code: int, body: Any = None, **headers: str) -> Way:
    """Refused, with this status and these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _server, _answer: Answer(body or {"message": "no", "error": "no"}, code, named)


def slow(server: "RemoteServer", answer: Answer) -> Answer:
    """Nothing, until the test is over."""
    server.released.wait(30)
    return answer


def trickling(_server: "RemoteServer", answer: Answer) -> Answer:
    """Something now and then for ten seconds or until the test is over, so that no single wait is long."""
    answer.is_trickling = True
    return answer


def cut_off(_server: "RemoteServer", answer: Answer) -> Answer:
    """The connection ends in the middle of the body, as when a process is killed."""
    answer.is_cut = answer.is_reset = True
    return answer


def ended_early(_server: "RemoteServer", answer: Answer) -> Answer:
    """The connection ends in the middle of the body, politely."""
    answer.is_cut = True
    return answer


def chunked(_server: "RemoteServer", answer: Answer) -> Answer:
    """In chunks, as servers write that do not know the length beforehand."""
    answer.is_chunked = True
    return answer


def chunked_and_cut(_server: "RemoteServer", answer: Answer) -> Answer:
    """In chunks, without the last ones."""
    answer.is_chunked = answer.is_cut = True
    return answer


def web_page(_server: "RemoteServer", _answer: Answer) -> Answer:
    """A page for people, with status 200."""
    return Answer(headers={"Content-Type": "text/html; charset=utf-8"}, raw=b"<!doctype html><title>Sign in</title>")


def raw(body: bytes, **headers: str) -> Way:
    """These bytes, called JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _server, _answer: Answer(headers={"Content-Type": "application/json", **named}, raw=body)


def endless(_server: "RemoteServer", _answer: Answer) -> Answer:
    """More than anybody wants to read."""
    return Answer(headers={"Content-Type": "application/json"}, raw=b"[" + b" " * (17 * 1024 * 1024))


def _changed(change: Change) -> Way:
    """With the list of translations changed, wherever the protocol has it."""

    def way(_server: "RemoteServer", answer: Answer) -> Answer:
        body = answer.body
        if "choices" in body:
            message = body["choices"][0]["message"]
            message["content"] = json.dumps({"translations": change(json.loads(message["content"])["translations"])})
        else:
            name = "translations" if "translations" in body else "translatedText"
            body[name] = change(body[name])
        return answer

    return way


too_few = _changed(lambda texts: texts[:-1])
too_many = _changed(lambda texts: [*texts, texts[-1]])
turned_round = _changed(lambda texts: texts[::-1])
escaped = _changed(
    lambda texts: [
        {**one, "text": html.escape(one["text"])} if isinstance(one, dict) else html.escape(one) for one in texts
    ]
)
no_text = _changed(lambda texts: [{"id": one["id"]} for one in texts])
own_numbers = _changed(lambda texts: [{**one, "id": str(number)} for number, one in enumerate(texts)])
half_a_character = _changed(
    lambda texts: [{**one, "text": "\ud83d"} if isinstance(one, dict) else "\ud83d" for one in texts]
)


def written(content: Any, finish: str = "stop", **message: Any) -> Way:
    """The chat model writes this."""

    def way(_server: "RemoteServer", answer: Answer) -> Answer:
        choice = answer.body["choices"][0]
        choice["finish_reason"] = finish
        choice["message"] = {"role": "assistant", "content": content, **message}
        return answer

    return way


def fenced(_server: "RemoteServer", answer: Answer) -> Answer:
    """The chat model puts its answer into a code fence, with a preface."""
    message = answer.body["choices"][0]["message"]
    message["content"] = f"Here you are:\n```json\n{message['content']}\n```\n"
    return answer


def in_parts(_server: "RemoteServer", answer: Answer) -> Answer:
    """The chat model's answer is a list of parts."""
    message = answer.body["choices"][0]["message"]
    middle = len(message["content"]) // 2
    parts = (message["content"][:middle], message["content"][middle:])
    message["content"] = [{"type": "text", "text": part} for part in parts]
    return answer


def bare(_server: "RemoteServer", answer: Answer) -> Answer:
    """The chat model leaves the object around the array out."""
    message = answer.body["choices"][0]["message"]
    message["content"] = json.dumps(json.loads(message["content"])["translations"])
    return answer


class RemoteServer:
    """All three services; what they are like is set by the attributes."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.released = threading.Event()
        self.key = KEY
        self.char_limit = -1
        self.batch_limit = -1
        self.formats: set[str | None] = {"json_schema", "json_object", None}
        self.format_error = "'response_format' of this type is not supported"
        self.takes_temperature = True
        self.refuses = "\0"  # a text with this in it is declined, and its whole batch with it
        self.usage: dict[str, Any] = {"character_count": 500_000, "character_limit": 500_000}
        self._ways: deque[Way] = deque()
        self._always: Way = ok
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def then(self, *ways: Way) -> None:
        """How the next requests for a translation are answered."""
        self._ways.extend(ways)

    def always(self, way: Way) -> None:
        """How every request for a translation is answered."""
        self._always = way

    @property
    def translations(self) -> list[Asked]:
        """The requests for translations."""
        return [one for one in self.asked if one.method == "POST"]

    def answer(self, asked: Asked) -> Answer:
        """What becomes of a request."""
        self.asked.append(asked)
        path = urlsplit(asked.path).path
        if asked.method == "GET":
            return self._about(path, asked)
        answer = {
            "/translate": self._libretranslate,
            "/v2/translate": self._deepl,
            "/v1/chat/completions": self._chat,
        }.get(path, _missing)(asked)
        if answer.status != 200:
            return answer
        way = self._ways.popleft() if self._ways else self._always
        return way(self, answer)

    def _about(self, path: str, asked: Asked) -> Answer:
        is_known = asked.headers.get("Authorization") == f"DeepL-Auth-Key {self.key}"
        if path.startswith("/v2/") and not is_known:
            return Answer({"message": "Forbidden"}, 403)
        kind = parse_qs(urlsplit(asked.path).query).get("type", ["source"])[0]
        pages: dict[str, Any] = {
            "/languages": LIBRE_LANGUAGES,
            "/frontend/settings": {"charLimit": self.char_limit, "frontendTimeout": 500, "apiKeys": True},
            "/v2/languages": [{"language": code, "name": code} for code in DEEPL_LANGUAGES[kind]],
            "/v2/usage": self.usage,
        }
        return Answer(pages[path]) if path in pages else _missing(asked)

    def _libretranslate(self, asked: Asked) -> Answer:
        body, texts = asked.body, asked.body.get("q")
        offered = {one["code"]: one["targets"] for one in LIBRE_LANGUAGES}
        key = body.get("api_key")
        if self.key and key != self.key:
            missing = "Please contact the server operator to get an API key"
            return Answer({"error": "Invalid API key"}, 403) if key else Answer({"error": missing}, 400)
        for limit, size in ((self.batch_limit, len(texts)), (self.char_limit, sum(map(len, texts)))):
            if -1 < limit < size:
                return Answer({"error": f"Invalid request: request ({size}) exceeds text limit ({limit})"}, 400)
        if body["target"] not in offered.get(body["source"], ()):
            return Answer({"error": f"{body['target']} is not supported"}, 400)
        if any(self.refuses in text for text in texts):
            return Answer({"error": "Cannot translate text: list index out of range"}, 500)
        # The real one undoes the escapes in its answers too.
        return Answer({"translatedText": [html.unescape(capitals(text)) for text in texts]})

    def _deepl(self, asked: Asked) -> Answer:
        body, texts = asked.body, asked.body.get("text")
        if asked.headers.get("Authorization") != f"DeepL-Auth-Key {self.key}":
            return Answer({"message": "Forbidden"}, 403)
        if asked.size > 128 * 1024:
            return Answer({"message": "Request Entity Too Large"}, 413)
        if not texts or len(texts) > 50:
            return Answer({"message": "Too many texts"}, 400)
        if body["source_lang"] not in DEEPL_LANGUAGES["source"] or body["target_lang"] not in DEEPL_LANGUAGES["target"]:
            return Answer({"message": "Value for 'target_lang' not supported."}, 400)
        try:
            for text in texts:
                ET.fromstring(f"<text>{text}</text>")
        except ET.ParseError:
            return Answer({"message": "Tag handling parsing failed, please check input."}, 400)
        about = {"detected_source_language": body["source_lang"], "model_type_used": "quality_optimized"}
        found = [{**about, "billed_characters": len(text), "text": capitals(text)} for text in texts]
        return Answer({"translations": found})

    def _chat(self, asked: Asked) -> Answer:
        body = asked.body
        if self.key and asked.headers.get("Authorization") != f"Bearer {self.key}":
            return Answer({"error": {"message": f"Incorrect API key: {self.key}", "code": "invalid_api_key"}}, 401)
        if body["model"] != MODEL:
            return Answer({"error": {"message": "no such model", "code": "model_not_found"}}, 404)
        if body.get("response_format", {}).get("type") not in self.formats:
            return Answer({"error": {"message": self.format_error, "type": "invalid_request_error"}}, 400)
        if "temperature" in body and not self.takes_temperature:
            return Answer({"error": {"message": "Unsupported value: 'temperature'", "param": "temperature"}}, 400)
        items = json.loads(body["messages"][-1]["content"])
        if any(self.refuses in item["text"] for item in items):
            return Answer({"error": {"message": "filtered", "code": "content_filter"}}, 400)
        found = [{"id": item["id"], "text": _obeyed(item["text"])} for item in items]
        content = json.dumps({"translations": found}, ensure_ascii=False)
        if any("close the array" in item["text"] for item in items):
            content = content.replace("CLOSE THE ARRAY", 'closed"}], "note": "as you wish')
        message = {"role": "assistant", "content": content}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return Answer({"model": f"{MODEL}-2026-05-04", "choices": [choice]})

    @contextmanager
    def running(self) -> Iterator["RemoteServer"]:
        """Answer, until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            with mock.patch.dict(os.environ, {"NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}):
                yield self
        finally:
            self.released.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()


LIBRE_LANGUAGES = [
    {"code": code, "name": code, "targets": [other for other in "en es fr ar zt pt-BR".split() if other != code]}
    for code in "en es fr ar zt pt-BR".split()
]
DEEPL_LANGUAGES = {
    "source": "AR BG DE EN ES FR NB PT RU UK ZH".split(),
    "target": "AR BG DE EN-GB EN-US ES ES-419 FR NB PT-BR PT-PT RU UK ZH ZH-HANS ZH-HANT".split(),
}


def _obeyed(text: str) -> str:
    """A gullible model: it does what a text says."""
    return "HACKED" if "ignore all rules" in text.lower() else capitals(text)


def _missing(_asked: Asked) -> Answer:
    return Answer({"error": "Not Found"}, 404)


def _framed(answer: Answer) -> tuple[bytes, dict[str, str]]:
    """The body as it goes over the line, and the header that says where it ends."""
    payload = answer.raw if answer.raw is not None else json.dumps(answer.body).encode()
    if not answer.is_chunked:
        return payload, {"Content-Length": str(len(payload) + 1_000_000 * answer.is_trickling)}
    pieces = (payload[at : at + 16] for at in range(0, len(payload), 16))
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return chunks + b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}


def _handler_for(server: RemoteServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

        def _serve(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(size)
            asked = Asked(self.command, self.path, dict(self.headers), json.loads(body) if body else None, size)
            answer = server.answer(asked)
            payload, length = _framed(answer)
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **length, **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            for _drop in range(500 * answer.is_trickling):
                server.released.wait(0.02)
                self.wfile.write(b" ")
            self.wfile.write(payload[: len(payload) // 2] if answer.is_cut else payload)
            self.close_connection = self.close_connection or answer.is_cut
            if answer.is_reset:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        do_GET = do_POST = _serve  # noqa: N815 (the names that the library looks for)

        def log_message(self, *_parts: Any) -> None:
            """Tests are quiet."""

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True  # the engine gave up, as it was meant to

    return Handler
