"""Downloading Firefox's models when the operator asks for it; nothing here happens by itself.

Mozilla's settings service lists one record for each file, with size and hash of
what is sent and of what it unpacks to. A file is whole and checked before it
gets its name, and a pair's files get theirs together. What came of an
interrupted download is kept and continued.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import urllib3
from fxtranslate import discovery

from dragoman import __version__
from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.translation.engines.base import EngineError, Pair

RECORDS_URL = "https://firefox.settings.services.mozilla.com/v1/buckets/main/collections/translations-models-v2/records"
_MAJOR = 3  # of the models; another is in another format
_RELEASED = re.compile(r"\d+(\.\d+)*")  # 3.0a1 is not
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,200}")
_ZSTD = b"\x28\xb5\x2f\xfd"
_LONGEST_LIST = 64 * 1024 * 1024  # bytes
_LARGEST = 1024 * 1024 * 1024
_PIECE = 64 * 1024
_CONNECT = 10.0  # seconds
_HEADERS = {"User-Agent": f"Dragoman/{__version__}", "Accept-Encoding": "identity"}
_VOCABULARIES = ({"vocab"}, {"srcvocab", "trgvocab"})

Told = Callable[[str, int, int], None]


class CannotFetch(EngineError):
    """The models could not be fetched; the text says which and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Record:
    """One file: as it is sent, and as it is once unpacked."""

    pair: Pair
    kind: str
    name: str
    version: tuple[int, ...]
    architecture: str
    location: str
    size: int
    hash: str
    unpacked_size: int
    unpacked_hash: str


def fetch_models(
    pairs: Sequence[Pair], folder: Path, told: Told, *, records_url: str = RECORDS_URL, patience: float = 30.0
) -> list[Path]:
    """Fetch the newest model of every pair into a folder of its own; raises :class:`CannotFetch`.

    ``told`` hears a file's name, the bytes that are there and the bytes that it
    has. ``patience``: seconds without a single byte. What is there and whole is
    not fetched again.
    """
    with requests.Session() as session:
        session.headers.update(_HEADERS)
        network = _Network(session, patience)
        offered = read_records(network.read(records_url))
        wanted = {pair: choose(pair, offered) for pair in pairs}
        at = _attachments(network, records_url)
        return [_fetch_pair(network, at, records, folder / "-".join(pair), told) for pair, records in wanted.items()]


def read_records(body: bytes) -> list[Record]:
    """What the service offers, less what is meant for Firefox's test editions or is of a format that cannot be read."""
    try:
        listed = json.loads(body)["data"]
        found = [record for one in listed if isinstance(one, dict) and (record := _record(one)) is not None]
    except (ValueError, KeyError, TypeError, RecursionError):
        found = []
    if not found:
        raise CannotFetch("the settings service did not answer with a list of models")
    return found


def _record(one: dict[str, Any]) -> Record | None:
    try:
        attachment = one["attachment"]
        if one.get("filter_expression") or not _RELEASED.fullmatch(one["version"]):
            return None
        record = Record(
            pair=(canonical(one["sourceLanguage"]), canonical(one["targetLanguage"])),
            kind=str(one["fileType"]),
            name=str(one["name"]),
            version=tuple(int(part) for part in one["version"].split(".")),
            architecture=str(one.get("architecture") or ""),
            location=str(attachment["location"]).lstrip("/"),
            size=int(attachment["size"]),
            hash=str(attachment["hash"]),
            unpacked_size=int(one.get("decompressedSize") or 0),
            unpacked_hash=str(one.get("decompressedHash") or ""),
        )
    except (KeyError, TypeError, ValueError, UnknownLanguage):
        return None  # other things are listed there too
    # The name becomes a file's: nothing that the network says may lead out of the folder.
    is_sound = _NAME.fullmatch(record.name) and 0 < record.size <= _LARGEST and record.version[0] == _MAJOR
    return record if is_sound else None


def choose(pair: Pair, offered: Iterable[Record]) -> list[Record]:
    """The files of the newest version that is whole, of the larger model where there are two; raises."""
    sets: dict[tuple[tuple[int, ...], str], dict[str, Record]] = {}
    for record in offered:
        if record.pair == pair:
            sets.setdefault((record.version, record.architecture), {})[record.kind] = record
    whole = [(version, one["model"].size, one) for (version, _kind), one in sets.items() if _is_whole(one)]
    if not whole:
        raise CannotFetch(f"Mozilla offers no model for {pair[0]} to {pair[1]}")
    *_order, best = max(whole, key=lambda one: one[:2])
    return [
        record for kind, record in sorted(best.items()) if kind in ("model", "lex", "vocab", "srcvocab", "trgvocab")
    ]


def _is_whole(files: dict[str, Record]) -> bool:
    return "model" in files and any(kinds <= set(files) for kinds in _VOCABULARIES)


def _fetch_pair(network: "_Network", at: str, records: list[Record], folder: Path, told: Told) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ready = [(record, _fetch(network, at, record, folder, told)) for record in records]
        for record, path in ready:
            path.replace(folder / record.name)
        for left in folder.glob(".*.part"):  # of another version
            left.unlink()
    except OSError as error:
        raise CannotFetch(f"{folder} cannot be written: {error.strerror or error}") from None
    return folder


def _fetch(network: "_Network", at: str, record: Record, folder: Path, told: Told) -> Path:
    """Where the file is: under its name, or under another until the whole pair is there."""
    there = folder / record.name
    if record.unpacked_hash and there.is_file() and _hash(there.read_bytes()) == record.unpacked_hash:
        told(record.name, record.size, record.size)
        return there
    # The hash is in the name: a part of one version is never continued with another's.
    part = folder / f".{record.name}.{record.hash[:16]}.part"
    network.download(at + record.location, part, record, told)
    sent = part.read_bytes()
    if _hash(sent) != record.hash:
        part.unlink()
        raise CannotFetch(f"{record.name} came with a wrong checksum, and was thrown away")
    whole = folder / f".{record.name}.whole"
    with whole.open("wb") as file:
        file.write(_unpacked(sent, record, part))
        file.flush()
        os.fsync(file.fileno())
    part.unlink()
    return whole


def _unpacked(sent: bytes, record: Record, part: Path) -> bytes:
    if not sent.startswith(_ZSTD):
        return sent
    try:
        content: bytes = discovery.verify_and_decompress(sent, record.unpacked_hash or None)
    except ValueError:
        part.unlink()
        raise CannotFetch(f"{record.name} does not unpack to what its checksum says") from None
    return content


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _attachments(network: "_Network", records_url: str) -> str:
    """Where the files are: the service's root says it."""
    root = records_url.partition("/buckets/")[0] + "/"
    try:
        address = json.loads(network.read(root))["capabilities"]["attachments"]["base_url"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CannotFetch("the settings service does not say where its files are") from None
    return str(address).rstrip("/") + "/"


class _Network:
    """Requests with bounds on time and size; raises :class:`CannotFetch` in words for the operator."""

    def __init__(self, session: requests.Session, patience: float) -> None:
        self._session = session
        self._timeout = (min(_CONNECT, patience), patience)

    def read(self, url: str) -> bytes:
        """A small document."""
        body = bytearray()
        try:
            with self._session.get(url, timeout=self._timeout, stream=True) as answer:
                _check(answer, "the list of models")
                for piece in answer.iter_content(_PIECE):
                    body += piece
                    if len(body) > _LONGEST_LIST:
                        raise CannotFetch("the list of models has no end")
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise CannotFetch(_why("the list of models", error)) from None
        return bytes(body)

    def download(self, url: str, part: Path, record: Record, told: Told) -> None:
        """Write what is sent, from where an earlier download ended."""
        have = part.stat().st_size if part.is_file() else 0
        if have == record.size:
            told(record.name, have, record.size)
            return
        asked = {"Range": f"bytes={have}-"} if 0 < have < record.size else {}
        try:
            with self._session.get(url, timeout=self._timeout, stream=True, headers=asked) as answer:
                _check(answer, record.name)
                have = have if answer.status_code == 206 else 0
                have = _write(answer, part, have, record, told)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise CannotFetch(_why(record.name, error)) from None
        if have < record.size:
            raise CannotFetch(f"{record.name} broke off after {have} of {record.size} bytes: ask again to continue it")


def _write(answer: requests.Response, part: Path, have: int, record: Record, told: Told) -> int:
    last = 0.0
    with part.open("r+b" if have else "wb") as file:
        file.seek(have)
        file.truncate()
        for piece in answer.iter_content(_PIECE):
            file.write(piece)
            have += len(piece)
            if have > record.size:
                raise CannotFetch(f"{record.name} is larger than the list says")
            if time.monotonic() - last > 0.1 or have == record.size:
                last = time.monotonic()
                told(record.name, have, record.size)
    return have


def _check(answer: requests.Response, what: str) -> None:
    if answer.status_code not in (200, 206):
        raise CannotFetch(f"{what} cannot be had: the server answered {answer.status_code}")


def _why(what: str, error: Exception) -> str:
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError) or "timed out" in str(error):
        return f"{what} did not come: the server fell silent"
    if isinstance(error, requests.exceptions.SSLError):
        return f"{what} cannot be had: the server's certificate is not accepted"
    if isinstance(error, requests.exceptions.ChunkedEncodingError) or "IncompleteRead" in str(error):
        return f"{what} broke off: ask again to continue it"
    return f"{what} cannot be had: no connection to the server"
