"""Apertium on our own kept-alive pipes.

One pipe per mode: the stages of Debian's ``.mode`` file, each started by us
without a shell in the pipe's own process group, spoken to with NUL-flushed
requests (``-z``). A dead stage does not make a pipe fail loudly: it answers
empty, or the *next* request gets the answer of the last. So every request ends
in a nonce that its answer must carry; any mismatch, time-out or end of file
kills the whole group. A batch that breaks a pipe is halved until the sentence
that does it stands alone.
"""

import contextlib
import os
import re
import secrets
import select
import shlex
import signal
import subprocess
import time
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.translation.engines.base import Batch, Caps, Item, Misconfigured, Result

MODES = Path("/usr/share/apertium/modes")
_SIMPLE_MODE = re.compile(r"^([a-z]{2,3})-([a-z]{2,3})(?:_([A-Z]{2}))?$")
# The stream format's signs, and those by which Apertium marks words that it does not know.
_SPECIAL = re.compile(r"⟦([+\-*/])(\d+)⟧|([\\\[\]{}^$/<>@*#])")
_BLANK = re.compile(r"\[(?:([+\-*/])(\d+)|!([0-9a-f]{2}))\]")
_UNKNOWN = re.compile(r"(?<!\w)[*#@](?=[^\W\d_])")
_END = re.compile(r"[.!?…]\W*$")
_CHUNK = 16
_MOST_PIPES = 10  # 100 to 200 MB each
_DECLARED_BROKEN = frozenset({("ru", "uk"), ("uk", "ru"), ("ru", "be")})


def available_pairs(modes: Path = MODES) -> dict[tuple[str, str], str]:
    """Canonical pair to mode name, for every plain mode installed."""
    found: dict[tuple[str, str], str] = {}
    for path in sorted(modes.glob("*.mode")):
        match = _SIMPLE_MODE.match(path.stem)
        with contextlib.suppress(UnknownLanguage):
            if match:
                target = f"{match[2]}-{match[3]}" if match[3] else match[2]
                found[(canonical(match[1]), canonical(target))] = path.stem
    return found


class _Broken(Exception):
    """The pipe cannot be trusted any more."""


class _Pipe:
    """The processes of one mode."""

    def __init__(self, mode: Path) -> None:
        command = mode.read_text().replace("$1", "-g").replace("$2", "")
        # Without a UTF-8 locale the stages die at the first accented letter.
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        self._stages: list[subprocess.Popen[bytes]] = []
        source: int = subprocess.PIPE
        group: int | None = None
        for stage in command.strip().split("|"):
            program, *arguments = shlex.split(stage)
            process = subprocess.Popen(
                # setpriv: the kernel ends the stage when we are killed.
                ["setpriv", "--pdeathsig", "KILL", "--", program, "-z", *arguments],
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                env=environment,
                process_group=0 if group is None else group,
            )
            group = process.pid if group is None else group
            if self._stages and (passed := self._stages[-1].stdout):
                passed.close()
            self._stages.append(process)
            source = process.stdout.fileno() if process.stdout else subprocess.PIPE
        self._group = group or 0

    def ask(self, texts: list[str], *, deadline: float) -> list[str]:
        """One request, an answer for each text; raises :class:`_Broken`."""
        nonce = secrets.token_hex(4)
        request = "".join(f"{_ended(text)}[][#{nonce}.{index}\n]" for index, text in enumerate(texts))
        source, sink = self._stages[0].stdin, self._stages[-1].stdout
        if source is None or sink is None:
            raise _Broken
        try:
            source.write(request.encode() + b"\0")
            rest = self._read(sink.fileno(), deadline)
        except OSError as error:
            raise _Broken from error
        answers = []
        for index, text in enumerate(texts):
            answer, found, rest = rest.partition(f"[#{nonce}.{index}\n]")
            if not found or "[#" in answer or "\0" in answer or (text.strip() and not answer.strip(" []\n")):
                raise _Broken
            answers.append(_unended(text, answer.removesuffix("[]")))
        if rest.strip():
            raise _Broken
        return answers

    @staticmethod
    def _read(handle: int, deadline: float) -> str:
        read = b""
        while not read.endswith(b"\0"):
            ready, _, _ = select.select([handle], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(handle, 65536) if ready else b""
            if not part:
                raise _Broken
            read += part
        return read[:-1].decode("utf-8", "replace")

    def kill(self) -> None:
        """End the whole group at once and collect it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._group, signal.SIGKILL)
        for stage in self._stages:
            stage.kill()
            for stream in (stage.stdin, stage.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            stage.wait()


class Apertium:
    """The engine ``apertium``; GPL programs in processes of their own."""

    sends_out = False

    def __init__(self, options: Mapping[str, Any], name: str = "apertium") -> None:
        self._modes_folder = Path(str(options.get("modes") or MODES))
        self._modes = available_pairs(self._modes_folder)
        if not self._modes:
            raise Misconfigured(f"no Apertium language pair is installed in {self._modes_folder}")
        self.name = name
        self.version = _version()
        pairs = tuple(pair for pair in self._modes if pair not in _DECLARED_BROKEN)
        self.caps = Caps(pairs, max_items=128, max_characters=20_000, max_text=5_000)
        self._pipes: OrderedDict[str, _Pipe] = OrderedDict()

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """A few sentences a request; a batch that breaks the pipe is halved down to the one that did it."""
        mode = self._modes.get((batch.source, batch.target))
        if mode is None:
            return [Result(item.id, None, "unsupported") for item in batch.items]
        deadline = time.monotonic() + seconds
        long = [Result(item.id, None, "too-long") for item in batch.items if len(item.text) > self.caps.max_text]
        items = tuple(item for item in batch.items if len(item.text) <= self.caps.max_text)
        chunks = (items[at : at + _CHUNK] for at in range(0, len(items), _CHUNK))
        return long + [result for chunk in chunks for result in self._answers(mode, chunk, deadline)]

    def _answers(self, mode: str, items: tuple[Item, ...], deadline: float) -> list[Result]:
        for _attempt in range(2 if len(items) == 1 else 1):  # a second time tells a bad sentence from a bad pipe
            try:
                answers = self._pipe(mode).ask([_escape(item.text) for item in items], deadline=deadline)
            except _Broken:
                self._drop(mode)
                if time.monotonic() >= deadline:
                    return [Result(item.id, None, "timeout") for item in items]
            else:
                return [_result(item, answer) for item, answer in zip(items, answers, strict=True)]
        if len(items) == 1:
            return [Result(items[0].id, None, "poison")]
        middle = len(items) // 2
        return [
            *self._answers(mode, items[:middle], deadline),
            *self._answers(mode, items[middle:], deadline),
        ]

    def _pipe(self, mode: str) -> _Pipe:
        if mode not in self._pipes:
            while len(self._pipes) >= _MOST_PIPES:
                self._pipes.popitem(last=False)[1].kill()
            self._pipes[mode] = _Pipe(self._modes_folder / f"{mode}.mode")
        self._pipes.move_to_end(mode)
        return self._pipes[mode]

    def _drop(self, mode: str) -> None:
        pipe = self._pipes.pop(mode, None)
        if pipe is not None:
            pipe.kill()

    def close(self) -> None:
        """End every pipe."""
        while self._pipes:
            self._pipes.popitem()[1].kill()


def _ended(text: str) -> str:
    """A text without a full stop gets one: else grammar goes on into the next request."""
    return text if _END.search(text) else text + "."


def _unended(text: str, answer: str) -> str:
    return answer if _END.search(text) else re.sub(r"\s*\.\s*$", "", answer)


def _escape(marked: str) -> str:
    """Marks and special signs as superblanks, which grammar passes over and nothing changes."""
    return _SPECIAL.sub(lambda found: f"[!{ord(found[3]):02x}]" if found[3] else f"[{found[1]}{found[2]}]", marked)


def _restore(found: re.Match[str]) -> str:
    return chr(int(found[3], 16)) if found[3] else f"⟦{found[1]}{found[2]}⟧"


def _result(item: Item, answer: str) -> Result:
    words = max(1, len(re.findall(r"\w+", answer)))
    unknown = len(_UNKNOWN.findall(answer)) / words
    text = _BLANK.sub(_restore, _UNKNOWN.sub("", answer).replace("[]", "").replace("\\", ""))
    text = " ".join(text.split())
    if item.text[:1].isupper():
        text = text[:1].upper() + text[1:]
    return Result(item.id, text, unknown=min(1.0, unknown))


def _version() -> str:
    try:
        printed = subprocess.run(["apertium", "-V"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    match = re.search(r"\d+(?:\.\d+)+", printed.stdout + printed.stderr)
    return match[0] if match else ""
