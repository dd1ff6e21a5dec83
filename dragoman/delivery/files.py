"""Shared pages as files, which a proxy on the same machine sends by itself.

Each web process has a folder of its own, a *slot*: ``0``, ``1``, … Below it lie
the pages, and for each second in which they may be sent a link with the
second's number (of the Unix clock). The proxy looks for a page by way of the
present second's link. A process makes the next link only while it hears what
happens: where it hangs, or is dead, the last link runs out, and nothing of it is sent.
"""

import contextlib
import fcntl
import os
import shutil
from pathlib import Path

from dragoman.delivery.store import Kept

_PAGES = "pages"
_MOST_SLOTS = 64
_INDEX = "page.html"  # of an address that ends with a slash
_ENDS = {"br": ".br", "gzip": ".gz"}
_LONGEST_NAME = 240  # bytes; file systems allow 255


class Files:
    """The slot of this process in ``folder``, for the pages of one host.

    The folder should be in memory (tmpfs): pages are written on the event loop.
    """

    def __init__(self, folder: Path, host: str) -> None:
        self._host = host
        self._slot, self._lock = _claim(folder)
        self._links: dict[int, Path] = {}
        for path in self._slot.iterdir():  # of a process that was killed
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
        (self._slot / _PAGES).mkdir(mode=0o755)
        self._written: set[str] = set()

    def write(self, place: str, kept: Kept) -> None:
        """A page without parameters; what the file system does not take is left to us. ``place``: host and address."""
        path = None if kept.exact else self._path(place)
        if path is None:
            return
        bodies = {coding: kept.answers[coding].body for coding in _ENDS if coding in kept.answers}
        self.unlink(place)
        self._written.add(place)
        try:
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            # The plain file last: it is the one that is looked for.
            for coding, body in bodies.items():
                _put(path.with_name(path.name + _ENDS[coding]), body)
            _put(path, kept.plain)
        except OSError:
            self.unlink(place)

    def unlink(self, place: str) -> None:
        """From now on the proxy asks us; the plain file first."""
        if place not in self._written:
            return
        self._written.discard(place)
        path = self._path(place)
        if path is not None:
            for end in ("", *_ENDS.values()):
                path.with_name(path.name + end).unlink(missing_ok=True)

    def extend(self, now: float) -> None:
        """Call it some times a second, while all that happened until half a second ago is known and was dealt with.

        ``now`` is the Unix time at which that was so. A link is made half a second before its second begins, at the
        earliest: see ``purging.AHEAD``.
        """
        second = int(now)
        for one in (second, second + 1) if now - second >= 0.5 else (second,):
            if one not in self._links:
                self._links[one] = link = self._slot / str(one)
                with contextlib.suppress(FileExistsError):
                    link.symlink_to(_PAGES)
        for old in [one for one in self._links if one < second]:
            self._links.pop(old).unlink(missing_ok=True)

    def clear(self) -> None:
        """Nothing is sent any more of what lies there."""
        self._withdraw()
        (self._slot / _PAGES).mkdir(mode=0o755)

    def close(self) -> None:
        """Nothing is sent any more, and the slot is free."""
        self._withdraw()
        os.close(self._lock)

    def _withdraw(self) -> None:
        """The links first."""
        for link in self._links.values():
            link.unlink(missing_ok=True)
        self._links.clear()
        self._written.clear()
        shutil.rmtree(self._slot / _PAGES)

    def _path(self, place: str) -> Path | None:
        host, slash, address = place.partition("/")
        parts = address.split("/")
        is_plain = not any(part in (".", "..") or len(part.encode()) > _LONGEST_NAME for part in parts)
        if host != self._host or not slash or "?" in address or not is_plain:
            return None
        return (self._slot / _PAGES).joinpath(*parts[:-1], parts[-1] or _INDEX)


def _claim(folder: Path) -> tuple[Path, int]:
    """The first slot that no living process has; the lock ends with the process."""
    for number in range(_MOST_SLOTS):
        slot = folder / str(number)
        slot.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = os.open(folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        return slot, lock
    raise OSError(f"all {_MOST_SLOTS} slots of {folder} are taken")


def _put(path: Path, body: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_bytes(body)
    part.replace(path)
