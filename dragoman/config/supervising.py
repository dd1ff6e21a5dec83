"""Keeping the processes of ``dragoman serve`` alive, and ending them in time."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

_WEB_ENDS, _WORKER_ENDS = 7, 8.0  # seconds until SIGKILL; all must be over after ten
_SHORTEST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0  # seconds
_GLANCE = 0.05  # seconds
_LIVED = 30.0  # seconds after which a death is no sign of another


class Pause:
    """Seconds to wait before something that died is begun anew: longer each time, until it has lived for a while."""

    def __init__(self) -> None:
        self._seconds = 0.0
        self._last = float("-inf")

    def next(self) -> float:
        """It has died now."""
        soon = time.monotonic() - self._last < _LIVED
        self._seconds = min(_LONGEST_PAUSE, max(_SHORTEST_PAUSE, self._seconds * 2)) if soon else _SHORTEST_PAUSE
        self._last = time.monotonic() + self._seconds
        return self._seconds


class Worker:
    """The worker as a child that is started again when it dies."""

    def __init__(self, home: Path) -> None:
        self._command = [
            sys.executable,
            "-m",
            "dragoman.commandline.main",
            "worker",
            "--home",
            str(home),
            "--child",
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._insists_at = float("inf")
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the watching thread lives as long as the server does.

        Started here and not by the thread: Granian forks next, and a fork while another
        thread holds a lock would never end.
        """
        self._begin()
        self._watch = threading.Thread(target=self._keep_running, name="worker", daemon=True)
        self._watch.start()

    def _keep_running(self) -> None:
        pause = Pause()
        while self._process is not None and not self._stopping.is_set():
            self._process.wait()
            if not self._stopping.wait(pause.next()):
                self._begin()

    def _begin(self) -> None:
        self._process = subprocess.Popen(self._command)

    def leave(self) -> None:
        """Ask it to end."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._insists_at = time.monotonic() + _WORKER_ENDS
            if self._process is not None and self._process.poll() is None:
                self._process.terminate()

    def stop(self) -> None:
        """Ask it to end, and insist."""
        self.leave()
        if self._process is not None:
            try:
                self._process.wait(max(0.0, self._insists_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                self._process.kill()


class Server(Granian):  # type: ignore[misc, valid-type]  # it is the class that fits the Python and the system
    """Granian, with what it cannot be told: see the methods."""

    def __init__(self, worker: Worker, **told: Any) -> None:
        super().__init__(
            "dragoman.config.server:application", interface=Interfaces.RSGI, workers_kill_timeout=_WEB_ENDS, **told
        )
        self._worker = worker
        self._pause = Pause()

    def _respawn_workers(self, workers: list[int], *rest: Any, **named: Any) -> None:
        """Begin anew those that died, later each time; Granian would end all where one dies twice in five seconds."""
        died = any(not self.wrks[one].is_alive() for one in workers)
        if died and not self._may_go_on(time.monotonic() + self._pause.next()):
            return
        super()._respawn_workers(workers, *rest, **named)
        self.respawned_wrks.clear()

    def _may_go_on(self, until: float) -> bool:
        """Wait, also when others die meanwhile; whether nobody wants the server to end."""
        while time.monotonic() < until and not self.interrupt_signal:
            time.sleep(_GLANCE)
        return not self.interrupt_signal

    def _stop_workers(self) -> None:
        """The worker ends meanwhile."""
        self._worker.leave()
        super()._stop_workers()
