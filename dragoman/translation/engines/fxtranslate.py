"""Firefox's own translation models, run by fxtranslate: small, quick on a processor, one folder for each pair.

The library answers one sentence at a time, says nothing of how sure it is, and
keeps its objects to the thread that made them. It ends a thread, and for some
files the whole process, over a file that is no model: so files are looked into
before it sees them, and every pair is loaded once at the start.
"""

import gzip
import hashlib
import logging
import struct
import time
import zlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import fxtranslate
from fxtranslate import discovery

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.translation.engines.base import Batch, Caps, Item, Misconfigured, Pair, Result
from dragoman.translation.engines.models import read_pieces
from dragoman.translation.engines.probing import pair_to_probe, styles_of, surviving

_LOADED = 6  # pairs at once, some 40 MB each
_WINDOW = 127  # tokens that the models were trained on; the library cuts what is longer
_LARGEST = 1024 * 1024 * 1024  # bytes of one file, unpacked
_TENSORS = 100_000
_SHORTLIST = 0xF11A48D5013417F5  # how a shortlist begins
_PROBE = 20.0  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Files:
    """Of one pair; the two vocabularies are one file but for Chinese, Japanese and Korean."""

    model: Path
    source: Path
    target: Path
    shortlist: Path | None


@dataclass(slots=True)
class _Loaded:
    translator: Any
    pieces: Any


class FxTranslate:
    """The engine ``fxtranslate``."""

    sends_out = False

    def __init__(self, options: Mapping[str, Any], name: str = "fxtranslate") -> None:
        self.name = name
        told = styles_of(options.get("styles"))
        folder = Path(str(options.get("models", "")))
        found = _pair_folders(folder)
        self._files: dict[Pair, _Files] = {}
        self._loaded: OrderedDict[Pair, _Loaded] = OrderedDict()
        broken = self._try_all(found)
        if not self._files:
            raise Misconfigured(broken or f"{folder} has no folder of a pair, such as en-es")
        self.version = _version(self._files)
        self.caps = Caps(
            tuple(self._files),
            styles=told or (),
            max_items=64,
            max_characters=20_000,
            max_text=2_000,
            seconds=30.0,
        )
        if told is None:
            self.caps = replace(self.caps, styles=surviving(self._probe, pair_to_probe(self.caps.pairs)[0]))

    def _try_all(self, folders: Mapping[Pair, Path]) -> str:
        """Load every pair once; what was wrong with the last that could not be."""
        broken = ""
        for pair, folder in folders.items():
            try:
                self._files[pair] = _files_of(folder)
                self._load(pair)
            except Misconfigured as error:
                self._files.pop(pair, None)
                broken = str(error)
                _log.warning("%s: the pair %s is left out: %s", self.name, "-".join(pair), broken)
        return broken

    def _load(self, pair: Pair) -> _Loaded:
        if pair in self._loaded:
            self._loaded.move_to_end(pair)
            return self._loaded[pair]
        while len(self._loaded) >= _LOADED:
            self._loaded.popitem(last=False)
        self._loaded[pair] = _opened(self._files[pair])
        return self._loaded[pair]

    def _probe(self, texts: list[str]) -> list[str | None]:
        source, target = pair_to_probe(self.caps.pairs)
        batch = Batch(source, target, tuple(Item(number, text) for number, text in enumerate(texts)))
        return [result.text for result in self.translate(batch, seconds=_PROBE)]

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """One after the other, as long as there is time."""
        deadline = time.monotonic() + seconds
        pair = (batch.source, batch.target)
        if pair not in self._files:
            return [Result(item.id, None, "unsupported") for item in batch.items]
        loaded = self._load(pair)
        return [
            self._one(loaded, item) if time.monotonic() < deadline else Result(item.id, None, "timeout")
            for item in batch.items
        ]

    def _one(self, loaded: _Loaded, item: Item) -> Result:
        if len(item.text) > self.caps.max_text:
            return Result(item.id, None, "too-long")
        if not item.text.strip():
            return Result(item.id, "")
        try:
            known = loaded.pieces.encode(item.text)
            text = _translated(loaded, item.text, len(known))
        except (RuntimeError, UnicodeError):  # half a pair of surrogates
            return Result(item.id, None, "unsupported")
        except BaseException as error:
            if not _is_panic(error):
                raise
            return Result(item.id, None, "poison")
        if text is None:
            return Result(item.id, None, "too-long")
        strange = known.count(loaded.pieces.unk_id()) / len(known) if known else 0.0
        return Result(item.id, text.strip(), unknown=strange)

    def close(self) -> None:
        """Give the memory back."""
        self._loaded.clear()


def _translated(loaded: _Loaded, text: str, length: int) -> str | None:
    if length <= _WINDOW:
        return str(loaded.translator.translate(text))
    # Only then by its own sentences: it takes the full stop of “Dr.” for an end. What is longer still, it would
    # cut anywhere, also inside a marker.
    if any(len(loaded.pieces.encode(one)) > _WINDOW for one in discovery.segment_sentences(text)):
        return None
    return str(loaded.translator.translate_long(text))


def _pair_folders(folder: Path) -> dict[Pair, Path]:
    if not folder.is_dir():
        raise Misconfigured(f"there is no folder {folder}")
    found: dict[Pair, Path] = {}
    for one in sorted(folder.iterdir()):
        pair = pair_of(one.name)
        if pair is not None and one.is_dir():
            found[pair] = one
    return found


def pair_of(name: str) -> Pair | None:
    """``zh-Hans-en`` as two tags; ``None`` where it is not that."""
    parts = name.split("-")
    for at in range(1, len(parts)):
        try:
            return canonical("-".join(parts[:at])), canonical("-".join(parts[at:]))
        except UnknownLanguage:
            continue
    return None


def _files_of(folder: Path) -> _Files:
    names = sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))

    def first(start: str, *ends: str) -> Path | None:
        fitting = (one for one in names if one.name.startswith(start) and one.name.removesuffix(".gz").endswith(ends))
        return next(fitting, None)

    shared = first("vocab.", ".spm")
    model, source, target = first("model", ".bin"), first("srcvocab", ".spm"), first("trgvocab", ".spm")
    source, target = source or shared, target or shared
    if model is None or source is None or target is None:
        missing = "model*.bin" if model is None else "vocab*.spm"
        raise Misconfigured(f"{folder} has no {missing}")
    return _Files(model, source, target, first("lex", ".bin"))


def _opened(files: _Files) -> _Loaded:
    model, source, target = _content(files.model), _content(files.source), _content(files.target)
    shortlist = None if files.shortlist is None else _content(files.shortlist)
    if not _is_model(model):
        raise Misconfigured(f"{files.model} is no model of Marian, or it is cut off")
    pieces = read_pieces(files.source, source)
    read_pieces(files.target, target)
    if shortlist is not None and not _is_shortlist(shortlist):
        raise Misconfigured(f"{files.shortlist} is no binary shortlist, or it is cut off")
    try:
        translator = fxtranslate.Translator(model, source, target, shortlist)
        translator.translate("a")  # a weight that is missing is missed only now
    except ValueError as error:
        raise Misconfigured(f"{files.model} cannot be loaded: {str(error)[:200]}") from None
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise Misconfigured(f"{files.model} cannot be loaded: {str(error)[:200]}") from None
    return _Loaded(translator, pieces)


def _is_panic(error: BaseException) -> bool:
    """What Rust's library raises where it would have ended the thread; it is no ``Exception``."""
    return type(error).__name__ == "PanicException"


def _content(path: Path) -> bytes:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Misconfigured(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > _LARGEST:
        raise Misconfigured(f"{path} is larger than any model")
    return content


def _is_model(content: bytes) -> bool:
    """Whether the headers of Marian's binary format agree with the size; the library trusts them."""
    try:
        version, count = struct.unpack_from("<QQ", content)
        if version != 1 or count > _TENSORS:
            return False
        headers = [struct.unpack_from("<QQQQ", content, 16 + 32 * number) for number in range(count)]
        at = 16 + 32 * count + sum(name + 4 * rank for name, _kind, rank, _size in headers)
        gap = struct.unpack_from("<Q", content, at)[0]
    except struct.error:
        return False
    return bool(at + 8 + gap + sum(size for *_, size in headers) <= len(content))


def _is_shortlist(content: bytes) -> bool:
    try:
        start, _sum, _first, _best, offsets, candidates = struct.unpack_from("<6Q", content)
        if start != _SHORTLIST or 48 + 8 * offsets + 4 * candidates != len(content):
            return False
        last = struct.unpack_from("<Q", content, 40 + 8 * offsets)[0] if offsets else 0
    except struct.error:
        return False
    return bool(last <= candidates)


def _version(files: Mapping[Pair, _Files]) -> str:
    """A hash over names, sizes and the beginnings of all pairs' files: an update of one makes another version."""
    found = hashlib.sha256()
    for pair, one in sorted(files.items()):
        for path in (one.model, one.source, one.target, one.shortlist):
            if path is not None:
                with path.open("rb") as file:
                    found.update(f"{'-'.join(pair)}/{path.name}:{path.stat().st_size}:".encode())
                    found.update(file.read(1024 * 1024))
    return f"{len(files)}-{found.hexdigest()[:8]}"
