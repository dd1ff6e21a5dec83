"""An engine in a process of its own, as the worker sees it.

Every question carries a nonce that its answer must carry too, and a time. A
process that ends, hangs or says anything else is killed and started anew at
the next question: an answer that comes late can then not be taken for the next
one's.
"""

import contextlib
import json
import os
import secrets
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from dragoman.translation.engines import base
from dragoman.translation.engines.base import Batch, Caps, Died, EngineError, Misconfigured, Quota, RateLimited, Result

_START = 120.0  # seconds; a large model is read from a slow disk
_LONGEST = 64 * 1024 * 1024  # bytes of one answer; more is no answer
_ERRORS: dict[str, type[EngineError]] = {
    name: getattr(base, name) for name in ("Transient", "Died", "RateLimited", "Quota", "Misconfigured")
}


class Hosted:
    """An engine of any kind, asked through a pipe. Starts at once; raises :class:`EngineError` where it cannot."""

    def __init__(self, kind: str, name: str, options: Mapping[str, Any]) -> None:
        self.name = name
        self._told = {"kind": kind, "name": name, "options": dict(options)}
        self._process: subprocess.Popen[bytes] | None = None
        self._unread = b""
        self.version, self.sends_out, self.caps = "", False, Caps(())
        self._start()

    def _start(self) -> None:
        self._unread = b""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dragoman.translation.engines.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl+C is the worker's to hear
        )
        hello = self._exchange(self._told, time.monotonic() + _START)
        if "caps" not in hello:
            self.close()
            raise _error(hello)
        caps = hello["caps"]
        pairs = tuple((str(one), str(other)) for one, other in caps["pairs"])
        self.caps = Caps(**{**caps, "pairs": pairs, "styles": tuple(caps["styles"])})
        self.version, self.sends_out = str(hello["version"]), bool(hello["sends_out"])

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Ask; raises :class:`Died` where the process does not answer in time, ends, or answers something else."""
        if self._process is None or self._process.poll() is not None:
            self._start()
        nonce = secrets.token_hex(8)
        question = {
            "nonce": nonce,
            "source": batch.source,
            "target": batch.target,
            "style": batch.style,
            "hints": batch.hints,
            "seconds": seconds,
            "items": [{"id": item.id, "text": item.text} for item in batch.items],
        }
        # The engine keeps its own time; a little more is given before it is called hung.
        answer = self._exchange(question, time.monotonic() + seconds * 1.2 + 1)
        if answer.get("nonce") != nonce:
            self.close()
            raise Died("its answer belongs to another question")
        if "results" not in answer:
            raise _error(answer)
        return [Result(**one) for one in answer["results"]]

    def _exchange(self, message: Mapping[str, Any], deadline: float) -> dict[str, Any]:
        try:
            self._write(json.dumps(message).encode() + b"\n", deadline)
            answer = json.loads(self._line(deadline))
        except (OSError, ValueError) as error:
            raise Died(self._last_words(error)) from error
        if not isinstance(answer, dict):
            raise Died(self._last_words(ValueError("it answers nonsense")))
        return answer

    def _write(self, line: bytes, deadline: float) -> None:
        if self._process is None or self._process.stdin is None:
            raise BrokenPipeError("it is not running")
        handle = self._process.stdin.fileno()
        os.set_blocking(handle, False)
        while line:
            if not select.select([], [handle], [], max(0.0, deadline - time.monotonic()))[1]:
                raise TimeoutError("it takes no question")
            line = line[os.write(handle, line) :]

    def _line(self, deadline: float) -> bytes:
        if self._process is None or self._process.stdout is None:
            raise BrokenPipeError("it is not running")
        handle = self._process.stdout.fileno()
        while b"\n" not in self._unread:
            if not select.select([handle], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise TimeoutError("it did not answer in time")
            read = os.read(handle, 1024 * 1024)
            if not read or len(self._unread) > _LONGEST:
                raise BrokenPipeError("it ended while it was asked" if not read else "its answer has no end")
            self._unread += read
        line, _end, self._unread = self._unread.partition(b"\n")
        return line

    def _last_words(self, error: Exception) -> str:
        """What became of it, in words for the operator; the process is ended."""
        status = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                status = self._process.wait(0.2)
        self.close()
        says = "it answers nonsense" if isinstance(error, json.JSONDecodeError) else str(error)
        return f"{says} (exit status {status})" if status is not None else says

    def close(self) -> None:
        """Kill the process and collect it; its own children die with it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        process.wait()


def _error(answer: Mapping[str, Any]) -> EngineError:
    kind = _ERRORS.get(str(answer.get("error")), Misconfigured)
    says = str(answer.get("says", ""))[:500]
    if kind in (RateLimited, Quota) and answer.get("seconds") is not None:
        return kind(says, float(answer["seconds"]))
    return kind(says)
