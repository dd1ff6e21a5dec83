"""Downloads from a server on this machine that speaks as Mozilla's settings service does."""

import hashlib
import json
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from benchmarks.models import build_firefox
from dragoman.translation.engines.base import Batch, Item
from dragoman.translation.engines.fetching import CannotFetch, fetch_models
from dragoman.translation.engines.fxtranslate import FxTranslate

RECORDS = "/v1/buckets/main/collections/translations-models-v2/records"
KINDS = {"model": "model.enes.intgemm.alphas.bin", "vocab": "vocab.enes.spm", "lex": "lex.50.50.enes.s2t.bin"}


class Service(ThreadingHTTPServer):
    """Its list, its files, and what it does wrong: bytes after which a file breaks off, or falls silent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.records: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.breaks_off: dict[str, int] = {}
        self.falls_silent: dict[str, int] = {}
        self.knows_ranges = True
        self.asked: list[tuple[str, str]] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def offer(self, kind: str, content: bytes, name: str = "", **changed: Any) -> dict[str, Any]:
        sent = zstd(content)
        number = len(self.records) + 1
        record = {
            "name": name or KINDS[kind],
            "sourceLanguage": "en",
            "targetLanguage": "es",
            "architecture": "base-memory",
            "version": "3.0",
            "fileType": kind,
            "filter_expression": "",
            "decompressedSize": len(content),
            "decompressedHash": hashlib.sha256(content).hexdigest(),
            "id": f"9d3fa8f8-50fc-4465-8191-a2a63fc4c4{number:02}",
            "schema": 1749570042331,
            "attachment": {
                "filename": f"{name or KINDS[kind]}.zst",
                "location": f"main/translations-models-v2/{number}.zst",
                "hash": hashlib.sha256(sent).hexdigest(),
                "mimetype": "application/zstd",
                "size": len(sent),
            },
            "last_modified": 1749570511392,
            **changed,
        }
        self.files[f"/files/{record['attachment']['location']}"] = sent
        self.records.append(record)
        return record


class _Handler(BaseHTTPRequestHandler):
    server: Service
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        service = self.server
        service.asked.append((self.path, self.headers.get("Range", "")))
        if self.path == "/v1/":
            return self._send(json.dumps({"capabilities": {"attachments": {"base_url": f"{service.url}/files/"}}}))
        if self.path == RECORDS:
            return self._send(json.dumps({"data": service.records}))
        if self.path not in service.files:
            return self._send("not here", 404)
        return self._send_file(service.files[self.path])

    def _send_file(self, content: bytes) -> None:
        service, start = self.server, 0
        if service.knows_ranges and (wanted := self.headers.get("Range")):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        rest = content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        self.end_headers()
        for wrong, wait in ((service.breaks_off, False), (service.falls_silent, True)):
            if self.path in wrong:
                self.wfile.write(rest[: wrong[self.path]])
                self.wfile.flush()
                if wait:
                    service.over.wait(20)
                self.close_connection = True
                return
        self.wfile.write(rest)

    def _send(self, text: str, status: int = 200) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        pass


def zstd(content: bytes) -> bytes:
    """A frame of blocks that are stored as they are: the format without its compression."""
    size = 128 * 1024
    parts = [content[at : at + size] for at in range(0, len(content), size)] or [b""]
    blocks = b"".join(
        struct.pack("<I", len(part) << 3 | (number == len(parts) - 1))[:3] + part for number, part in enumerate(parts)
    )
    return b"\x28\xb5\x2f\xfd\xa0" + struct.pack("<I", len(content)) + blocks


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = build_firefox(tmp_path_factory.mktemp("built"))
    return {kind: (folder / name).read_bytes() for kind, name in KINDS.items()}


@pytest.fixture
def service(contents: dict[str, bytes]) -> Iterator[Service]:
    found = Service()
    for kind, content in contents.items():
        found.offer(kind, content)
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.over.set()
    found.shutdown()
    thread.join()
    found.server_close()


def _fetch(service: Service, folder: Path, told: list[tuple[str, int, int]] | None = None) -> list[Path]:
    heard = [] if told is None else told
    return fetch_models(
        [("en", "es")],
        folder,
        lambda *said: heard.append(said),
        records_url=service.url + RECORDS,
        patience=0.3,
    )


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def test_fetched_models_translate(service: Service, tmp_path: Path) -> None:
    assert _fetch(service, tmp_path) == [tmp_path / "en-es"]
    assert _files(tmp_path) == set(KINDS.values())
    engine = FxTranslate({"models": tmp_path})
    assert engine.translate(Batch("en", "es", (Item(1, "The house."),)), seconds=5)[0].text == "The house."


def test_progress_is_told_of_every_file_up_to_its_whole_size(service: Service, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    _fetch(service, tmp_path, told)
    last = {name: (done, total) for name, done, total in told}
    assert last == {record["name"]: (record["attachment"]["size"],) * 2 for record in service.records}


def test_what_is_there_is_not_fetched_again_and_what_changed_is(service: Service, tmp_path: Path) -> None:
    _fetch(service, tmp_path)
    service.asked.clear()
    _fetch(service, tmp_path)
    assert [path for path, _range in service.asked] == [RECORDS, "/v1/"]
    (tmp_path / "en-es" / KINDS["lex"]).write_bytes(b"something else")
    service.asked.clear()
    _fetch(service, tmp_path)
    assert [path for path, _range in service.asked][2:] == ["/files/main/translations-models-v2/3.zst"]


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_a_download_that_broke_off_is_continued(
    service: Service, tmp_path: Path, contents: dict[str, bytes], knows_ranges: bool
) -> None:
    path = "/files/main/translations-models-v2/1.zst"
    service.breaks_off[path] = 100_000
    with pytest.raises(CannotFetch, match=r"model\.enes\.intgemm\.alphas\.bin broke off"):
        _fetch(service, tmp_path)
    assert not _files(tmp_path) & set(KINDS.values())  # nothing that an engine would take for a model
    service.breaks_off.clear()
    service.asked.clear()
    service.knows_ranges = knows_ranges
    _fetch(service, tmp_path)
    assert (path, f"bytes={64 * 1024}-") in service.asked  # the last whole piece
    assert (tmp_path / "en-es" / KINDS["model"]).read_bytes() == contents["model"]
    assert _files(tmp_path) == set(KINDS.values())


def test_a_server_that_falls_silent_is_given_up(service: Service, tmp_path: Path) -> None:
    service.falls_silent["/files/main/translations-models-v2/1.zst"] = 1000
    with pytest.raises(CannotFetch, match="did not come: the server fell silent"):
        _fetch(service, tmp_path)


def test_a_wrong_checksum_is_told_and_the_file_thrown_away(service: Service, tmp_path: Path) -> None:
    path = "/files/main/translations-models-v2/2.zst"
    right = service.files[path]
    service.files[path] = right[:-1] + bytes([right[-1] ^ 1])
    with pytest.raises(CannotFetch, match=r"vocab\.enes\.spm came with a wrong checksum"):
        _fetch(service, tmp_path)
    assert not _files(tmp_path) & set(KINDS.values())
    service.files[path] = right
    assert _fetch(service, tmp_path)


def test_a_file_that_unpacks_to_something_else_is_told(service: Service, tmp_path: Path) -> None:
    service.records[1]["decompressedHash"] = "0" * 64
    with pytest.raises(CannotFetch, match="does not unpack to what its checksum says"):
        _fetch(service, tmp_path)


def test_a_file_that_is_larger_than_the_list_says_is_not_read_to_its_end(service: Service, tmp_path: Path) -> None:
    service.files["/files/main/translations-models-v2/1.zst"] += bytes(1000)
    with pytest.raises(CannotFetch, match="is larger than the list says"):
        _fetch(service, tmp_path)


def test_a_file_that_the_server_does_not_have_is_told(service: Service, tmp_path: Path) -> None:
    service.files.clear()
    with pytest.raises(CannotFetch, match="cannot be had: the server answered 404"):
        _fetch(service, tmp_path)


def test_a_pair_that_is_not_offered_is_told_before_anything_is_fetched(service: Service, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="Mozilla offers no model for en to ca"):
        fetch_models([("en", "es"), ("en", "ca")], tmp_path, lambda *_said: None, records_url=service.url + RECORDS)
    assert _files(tmp_path) == set()


def test_the_newest_whole_release_is_taken_and_no_test_edition(service: Service, tmp_path: Path) -> None:
    for kind in ("model", "vocab"):
        service.offer(kind, b"newer " + kind.encode(), version="3.1")
        service.offer(kind, b"for testers", version="3.2", filter_expression="env.channel == 'nightly'")
        service.offer(kind, b"alpha", version="3.3a1")
        service.offer(kind, b"another format", version="4.0")
    service.offer("model", b"without a vocabulary", version="3.4")
    service.records += [{"name": "no attachment"}, {"attachment": None}]
    _fetch(service, tmp_path)
    assert (tmp_path / "en-es" / KINDS["model"]).read_bytes() == b"newer model"


@pytest.mark.parametrize("name", ["../../outside.bin", "/outside.bin", ".hidden", "a/b"])
def test_a_name_that_leads_elsewhere_is_no_name(service: Service, tmp_path: Path, name: str) -> None:
    service.records.pop(0)
    service.offer("model", b"anything", name=name)
    with pytest.raises(CannotFetch, match="offers no model"):
        _fetch(service, tmp_path / "models")
    assert _files(tmp_path) == set()


def test_a_service_that_answers_something_else_is_told(service: Service, tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="the list of models cannot be had: the server answered 404"):
        fetch_models([("en", "es")], tmp_path, lambda *_said: None, records_url=f"{service.url}/v1/buckets/none")
    service.records.clear()
    with pytest.raises(CannotFetch, match="did not answer with a list of models"):
        _fetch(service, tmp_path)


def test_no_network_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CannotFetch, match="the list of models cannot be had: no connection to the server"):
        fetch_models([("en", "es")], tmp_path, lambda *_said: None, records_url="http://127.0.0.1:9/v1/buckets/x")


def test_a_folder_that_cannot_be_written_is_told(service: Service, tmp_path: Path) -> None:
    (tmp_path / "en-es").write_text("a file in its place")
    with pytest.raises(CannotFetch, match="cannot be written: File exists"):
        _fetch(service, tmp_path)
