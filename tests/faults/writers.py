"""Writers who post until each text is acknowledged, and write down what was."""

import http.client
import json
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

_PATIENCE = 10  # seconds for an answer
_AGAIN = 0.1  # seconds until the same text is sent again


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the server said of a text."""

    writer: int
    count: int  # which of the writer's
    id: int
    number: int


def text_of(writer: int, count: int) -> str:
    """What a writer posts: a sentence that nobody else posts, and one that everybody does.

    Of no language, so that an engine that turns the words round passes for a translator.
    """
    return f"Voram {writer} sotel {count} berak. Merak sovan telim."


class Ledger:
    """All that was acknowledged, on disk: one line of JSON each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.last_at = time.monotonic()
        self.counts: dict[int, int] = {}
        self.total = 0
        for one in read(path):
            self._count(one)

    def add(self, one: Acknowledged, began: float) -> None:
        """Write it down. ``last_at`` is when the last text that was acknowledged was sent."""
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(one)) + "\n")
            self._count(one)
            self.last_at = max(self.last_at, began)

    def _count(self, one: Acknowledged) -> None:
        self.counts[one.writer] = max(self.counts.get(one.writer, 0), one.count)
        self.total += 1


def read(path: Path) -> list[Acknowledged]:
    """What was written down; a last line that was cut off does not count."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [Acknowledged(**json.loads(line)) for line in lines if line.endswith("\n")]


class Writers:
    """Threads that post, each one text after the other, to any of the ports."""

    def __init__(self, ledger: Ledger, tokens: Sequence[str], ports: Sequence[int]) -> None:
        self._ledger, self._tokens, self._ports = ledger, tokens, ports
        self._stop = threading.Event()
        self.refused: dict[str, int] = {}
        self.faults: list[str] = []
        self._threads = [threading.Thread(target=self._write, args=(one,)) for one in range(len(tokens))]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Each ends when its present text is acknowledged."""
        self._stop.set()
        for thread in self._threads:
            thread.join(180)
            if thread.is_alive():
                self.faults.append("a text was never acknowledged")

    def _write(self, writer: int) -> None:
        count = self._ledger.counts.get(writer, 0)
        while not self._stop.is_set():
            count += 1
            self._post(writer, count)

    def _post(self, writer: int, count: int) -> None:
        end = time.monotonic() + 150
        for attempt in range(10_000):
            began = time.monotonic()
            if began > end:
                return
            port = self._ports[(writer + count + attempt) % len(self._ports)]
            status, answer = _ask(port, self._tokens[writer], f"{writer}-{count}", text_of(writer, count))
            if status in (200, 201):
                said = json.loads(answer)
                if said["text"]["text"] != text_of(writer, count):
                    self.faults.append(f"another text was acknowledged: {said['text']['text']}")
                self._ledger.add(Acknowledged(writer, count, said["id"], said["number"]), began)
                return
            self.refused[str(status)] = self.refused.get(str(status), 0) + 1
            if status not in (0, 500, 502, 503, 504):
                self.faults.append(f"{status}: {answer[:200]!r}")
            time.sleep(_AGAIN)


def _ask(port: int, token: str, key: str, text: str) -> tuple[int, bytes]:
    """The status and the answer; 0 where there was none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    try:
        body = json.dumps({"text": text, "language": "en"})
        connection.request("POST", "/api/v1/articles/1/comments", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
