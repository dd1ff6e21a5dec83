"""The file format of backups: a tar archive compressed with zstd, whole or recognisably not.

Its first member, ``backup.json``, says what it is; its last, ``checksums.json``,
has length and SHA-256 of all the others: a file that was cut short has none.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from backports import zstd

from dragoman.foundation.clock import now
from dragoman.foundation.errors import ConfigurationError, DragomanError

FORMAT = 1
FIRST, LAST, ENGINES, MEDIA = "backup.json", "checksums.json", "engines.json", "media/"
_PIECE = 1024 * 1024


@dataclass(slots=True)
class Written:
    """What an archive holds."""

    files: int = 0
    bytes: int = 0


@dataclass(slots=True)
class Members:
    """What is written into the archive, with its checksums."""

    archive: tarfile.TarFile
    written: Written = field(default_factory=Written)
    checksums: dict[str, tuple[int, str]] = field(default_factory=dict)

    def add(self, name: str, path: Path) -> None:
        """A file."""
        with path.open("rb") as file:
            self.add_file(name, file, os.fstat(file.fileno()).st_size)

    def add_json(self, name: str, value: Any) -> None:
        """A small report as JSON."""
        told = json.dumps(value, ensure_ascii=False, indent=1, default=str).encode()
        self.add_file(name, io.BytesIO(told), len(told))

    def add_file(self, name: str, file: IO[bytes], size: int) -> None:
        """So many bytes of an open file."""
        member = tarfile.TarInfo(name)
        member.size, member.mode, member.mtime = size, 0o600, int(now().timestamp())
        hashed = Hashing(file)
        self.archive.addfile(member, hashed)
        self.checksums[name] = (size, hashed.digest.hexdigest())
        self.written.files += 1
        self.written.bytes += size

    def close(self) -> None:
        """The last member."""
        told = json.dumps(self.checksums, indent=1).encode()
        member = tarfile.TarInfo(LAST)
        member.size, member.mode = len(told), 0o600
        self.archive.addfile(member, io.BytesIO(told))


@contextmanager
def writing(path: Path) -> Iterator[Members]:
    """A new archive, on the disk at the end of the block. For its owner's eyes alone, from the first moment on."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with (
            zstd.open(raw, "wb", options={zstd.CompressionParameter.checksum_flag: 1}) as packed,
            tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
        ):
            members = Members(archive)
            yield members
            members.close()
        raw.flush()
        os.fsync(raw.fileno())


class Hashing(io.RawIOBase):
    """A file that is hashed as it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        """The next piece."""
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


class BadBackup(DragomanError):
    """The file is no backup, or not a whole one."""

    code = "bad-backup"


@contextmanager
def reading(path: Path) -> Iterator[tuple[dict[str, Any], Iterator[tuple[str, Hashing]], Callable[[], None]]]:
    """What a backup says of itself, its members to be read in their order, and the check that all of it was there."""
    if not path.is_file():
        raise ConfigurationError(f"There is no file {path}.")
    try:
        with zstd.open(path, "rb") as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
            opened = _Opened(archive)

            def check() -> None:
                opened.check()
                while packed.read(_PIECE):  # to its end: the last bytes are a checksum too
                    pass

            yield opened.facts(), opened.members(), check
    except (tarfile.TarError, zstd.ZstdError, EOFError, ValueError, KeyError) as error:
        raise BadBackup(
            f"{path} is no backup of Dragoman, or not a whole one ({error}). Nothing was changed."
        ) from None


class _Opened:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive
        self._all = self._each()
        self._seen: dict[str, tuple[int, str]] = {}
        self._told: dict[str, tuple[int, str]] | None = None

    def facts(self) -> dict[str, Any]:
        name, file = next(self._all, ("", None))
        if name != FIRST or file is None:
            raise ValueError(f"its first member is “{name}”")
        return _told(file)

    def members(self) -> Iterator[tuple[str, Hashing]]:
        for name, file in self._all:
            if name == LAST:
                self._told = {key: (size, digest) for key, (size, digest) in _told(file).items()}
            else:
                yield name, file

    def _each(self) -> Iterator[tuple[str, Hashing]]:
        for member in self._archive:
            inner = self._archive.extractfile(member)
            if not member.isfile() or inner is None or not _is_plain(member.name):
                raise ValueError(f"{member.name} is not a plain file")
            file = Hashing(inner)
            yield member.name, file
            while file.read(_PIECE):
                pass
            self._seen[member.name] = (member.size, file.digest.hexdigest())

    def check(self) -> None:
        if self._told is None:
            raise ValueError("it was cut short")
        self._seen.pop(LAST, None)
        wrong = {name for name in {*self._told, *self._seen} if self._told.get(name) != self._seen.get(name)}
        if wrong:
            raise ValueError(f"{min(wrong)} is not what was written")


def _told(file: Hashing) -> dict[str, Any]:
    told = json.loads(b"".join(iter(lambda: file.read(_PIECE), b"")))
    if not isinstance(told, dict):
        raise ValueError("it says nothing of itself")
    return told


def sync_folder(folder: Path) -> None:
    """What was named in it is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_plain(name: str) -> bool:
    """Whether it stays within the folder that it is unpacked to."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or "\0" in part for part in parts)


def verify(path: Path) -> None:
    """Read all of a backup; raises :class:`BadBackup` where it is not whole."""
    with reading(path) as (_facts, members, check):
        for _member in members:
            pass
        check()
