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
from collections import OrderedDict, deque
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
CHUNK = 16  # sentences of one request
_AHEAD = 3  # requests in a pipe at a time: its eleven programs work side by side only while they have something to do
_MOST_AHEAD = 16_000  # characters of them: what fits into the first program's buffer never makes us wait to write
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
        self._asked: deque[tuple[str, list[str]]] = deque()  # nonce and texts of what was not answered yet
        self._read = b""

    def ask(self, texts: list[str]) -> None:
        """Send one request; :meth:`answers` gives its answers, oldest request first. Raises :class:`_Broken`."""
        nonce = secrets.token_hex(4)
        request = "".join(f"{_ended(text)}[][#{nonce}.{index}\n]" for index, text in enumerate(texts))
        self._asked.append((nonce, texts))
        source = self._stages[0].stdin
        if source is None:
            raise _Broken
        try:
            source.write(request.encode() + b"\0")
        except OSError as error:
            raise _Broken from error

    def answers(self, deadline: float) -> list[str]:
        """Those to the oldest request, one for each text; raises :class:`_Broken`."""
        nonce, texts = self._asked.popleft()
        rest = self._next_answer(deadline)
        answers = []
        for index, text in enumerate(texts):
            answer, found, rest = rest.partition(f"[#{nonce}.{index}\n]")
            if not found or "[#" in answer or (text.strip() and not answer.strip(" []\n")):
                raise _Broken
            answers.append(_unended(text, answer.removesuffix("[]")))
        if rest.strip():
            raise _Broken
        return answers

    def _next_answer(self, deadline: float) -> str:
        sink = self._stages[-1].stdout
        if sink is None:
            raise _Broken
        while b"\0" not in self._read:
            ready, _, _ = select.select([sink], [], [], max(0.0, deadline - time.monotonic()))
            part = os.read(sink.fileno(), 65536) if ready else b""
            if not part:
                raise _Broken
            self._read += part
        answer, _end, self._read = self._read.partition(b"\0")
        return answer.decode("utf-8", "replace")

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
        self.caps = Caps(pairs, max_items=256, max_characters=40_000, max_text=5_000, by_rules=True)
        self._pipes: OrderedDict[str, _Pipe] = OrderedDict()

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """A few sentences a request; a batch that breaks the pipe is halved down to the one that did it."""
        mode = self._modes.get((batch.source, batch.target))
        if mode is None:
            return [Result(item.id, None, "unsupported") for item in batch.items]
        deadline = time.monotonic() + seconds
        long = [Result(item.id, None, "too-long") for item in batch.items if len(item.text) > self.caps.max_text]
        items = tuple(item for item in batch.items if len(item.text) <= self.caps.max_text)
        waiting = deque(items[at : at + CHUNK] for at in range(0, len(items), CHUNK))
        results = long
        while waiting and time.monotonic() < deadline:
            results += self._stream(mode, waiting, deadline)
        return results + [Result(item.id, None, "timeout") for chunk in waiting for item in chunk]

    def _stream(self, mode: str, waiting: deque[tuple[Item, ...]], deadline: float) -> list[Result]:
        """Take from ``waiting`` what a pipe answers, the next requests written before the last is answered.

        Ends where the pipe breaks, with those that were in it asked again one after the other.
        """
        results: list[Result] = []
        sent: deque[tuple[Item, ...]] = deque()
        try:
            pipe = self._pipe(mode)
            while waiting or sent:
                while waiting and (not sent or (len(sent) < _AHEAD and _size(*sent, waiting[0]) <= _MOST_AHEAD)):
                    sent.append(waiting.popleft())
                    pipe.ask([_escape(item.text) for item in sent[-1]])
                answers = pipe.answers(deadline)
                results += [_result(item, answer) for item, answer in zip(sent[0], answers, strict=True)]
                sent.popleft()
        except _Broken:
            self._drop(mode)
            for chunk in sent:
                results += self._answers(mode, chunk, deadline)
        return results

    def _answers(self, mode: str, items: tuple[Item, ...], deadline: float) -> list[Result]:
        if time.monotonic() >= deadline:
            return [Result(item.id, None, "timeout") for item in items]
        for _attempt in range(2 if len(items) == 1 else 1):  # a second time tells a bad sentence from a bad pipe
            try:
                pipe = self._pipe(mode)
                pipe.ask([_escape(item.text) for item in items])
                answers = pipe.answers(deadline)
            except _Broken:
                self._drop(mode)
            else:
                return [_result(item, answer) for item, answer in zip(items, answers, strict=True)]
        if len(items) == 1:
            return [Result(items[0].id, None, "timeout" if time.monotonic() >= deadline else "poison")]
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


def _size(*chunks: tuple[Item, ...]) -> int:
    return sum(len(item.text) for chunk in chunks for item in chunk)


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
