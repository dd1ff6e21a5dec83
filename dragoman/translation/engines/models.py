"""The folder of a model that was converted for CTranslate2: what of it must be known before it is loaded."""

import hashlib
import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sentencepiece

from dragoman.translation.engines.base import Misconfigured

_POSITIONS = 512  # where the model keeps no table of them
_MIB = 1024 * 1024
_SHARED_PIECES = ("sentencepiece.bpe.model", "spm.model", "spiece.model", "sentencepiece.model")


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """``positions`` is how many tokens a sentence may have; ``adds_end`` says that the model itself ends a source."""

    path: Path
    version: str
    vocabulary: frozenset[str]
    positions: int
    end: str
    adds_end: bool
    source: Any
    target: Any


def read_folder(path: Path) -> ModelFolder:
    """Look into a folder; raises :class:`Misconfigured` where it is none, or lacks a file."""
    if not path.is_dir():
        raise Misconfigured(f"there is no folder {path}")
    if not (path / "model.bin").is_file():
        raise Misconfigured(f"{path} is no converted model: it has no model.bin")
    config = _json(path / "config.json")
    if not isinstance(config, dict):
        raise Misconfigured(f"{path}/config.json is no configuration of a model")
    source, target = _pieces(path)
    return ModelFolder(
        path=path,
        version=_version(path),
        vocabulary=_vocabulary(path),
        positions=_positions(path / "model.bin"),
        end=str(config.get("eos_token") or "</s>"),
        adds_end=config.get("add_source_eos") is True,
        source=source,
        target=target,
    )


def read_pieces(path: Path, content: bytes | None = None) -> Any:
    """A SentencePiece model; raises :class:`Misconfigured`."""
    try:
        return sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes() if content is None else content)
    except (RuntimeError, OSError, TypeError):
        raise Misconfigured(f"{path} is no model of SentencePiece") from None


def _pieces(path: Path) -> tuple[Any, Any]:
    two = [path / "source.spm", path / "target.spm"]
    if there := [one for one in two if one.is_file()]:
        if len(there) == 1:
            missing = "target.spm" if there[0].name == "source.spm" else "source.spm"
            raise Misconfigured(f"{path} has no {missing} beside its {there[0].name}")
        return read_pieces(two[0]), read_pieces(two[1])
    known = [path / name for name in _SHARED_PIECES if (path / name).is_file()] or sorted(path.glob("*.model"))
    if not known:
        raise Misconfigured(
            f"{path} has no model of SentencePiece: copy source.spm and target.spm, or its one .model file, into it"
        )
    if len(known) > 1:
        raise Misconfigured(f"{path} has several models of SentencePiece: leave the right one alone in it")
    shared = read_pieces(known[0])
    return shared, shared


def _vocabulary(path: Path) -> frozenset[str]:
    for name in ("source_vocabulary", "shared_vocabulary", "source_1_vocabulary"):
        if (path / f"{name}.json").is_file():
            tokens = _json(path / f"{name}.json")
            if not isinstance(tokens, list):
                raise Misconfigured(f"{path}/{name}.json is no vocabulary")
            return frozenset(str(token) for token in tokens)
        if (path / f"{name}.txt").is_file():
            return frozenset(_text(path / f"{name}.txt").split("\n"))
    raise Misconfigured(f"{path} is no model for translation: it has no source_vocabulary or shared_vocabulary")


def _json(path: Path) -> Any:
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError):
        raise Misconfigured(f"{path} is no JSON") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path} cannot be read: {getattr(error, 'strerror', None) or 'it is no text'}") from None


def _version(path: Path) -> str:
    """The folder's name and a hash of what tells two models of one name apart, without reading a gigabyte."""
    found = hashlib.sha256()
    try:
        for one in sorted(path.iterdir()):
            if one.suffix in (".bin", ".json", ".txt", ".spm", ".model"):
                with one.open("rb") as file:
                    found.update(file.read(_MIB))
                    size = file.seek(0, 2)
                    file.seek(max(0, size - _MIB))
                    found.update(file.read(_MIB))
                found.update(f"{one.name}:{size}".encode())
    except OSError as error:
        raise Misconfigured(f"{path} cannot be read: {error.strerror}") from None
    return f"{path.resolve().name}-{found.hexdigest()[:8]}"


def _positions(path: Path) -> int:
    """How many the model has a table for: beyond it CTranslate2 stops with an error for the whole batch."""
    try:
        with path.open("rb") as file:
            for name, shape in _variables(file):
                if name == "encoder/position_encodings/encodings":
                    return shape[0]
    except (struct.error, ValueError, OSError, IndexError):
        pass  # an older format, or a broken file: loading it will tell
    return _POSITIONS


def _variables(file: IO[bytes]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and shapes, by leaps over the data."""

    def number(code: str) -> int:
        return int(struct.unpack(f"<{code}", file.read(struct.calcsize(code)))[0])

    def name() -> str:
        return file.read(number("H")).rstrip(b"\0").decode()

    number("I")
    name()
    number("I")
    for _each in range(number("I")):
        known = name()
        shape = tuple(number("I") for _dimension in range(number("B")))
        number("B")
        size = number("I")
        yield known, shape
        file.seek(size, 1)
