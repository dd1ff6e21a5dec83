"""Servers that a measurement starts, on which cores they run, and the load that wrk puts on them."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SERVER, LOAD = 0, 1  # cores
_PATIENCE = 60.0  # seconds at most for what must come


def free_port() -> int:
    """One that nothing listens at now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], *, seconds: float = _PATIENCE) -> None:
    """Raise where it does not come about."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("what was waited for never came")
        time.sleep(0.05)


def answers(url: str) -> bool:
    """Whether it answers 200."""
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def listens(port: int) -> bool:
    """Whether connections are taken."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@dataclass(frozen=True, slots=True)
class Served:
    """A server's port, and the ids of its processes."""

    port: int
    outer: int
    web: tuple[int, ...]
    worker: int

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tree(self) -> tuple[int, ...]:
        """All its processes, those that the worker started too."""
        return (self.outer, *self.web, self.worker, *descendants(self.worker))


def serve_command(home: Path, port: int) -> list[str]:
    """The product's own server."""
    return [sys.executable, "-m", "dragoman.commandline.main", "serve", "--home", str(home), "--port", str(port)]


@contextmanager
def served(home: Path, *rest: str, core: int | None = SERVER, log: Path | None = None) -> Iterator[Served]:
    """The product's own server, on one core where one is named."""
    port = free_port()
    told = [*serve_command(home, port), *rest]
    with (log or home / "log").open("ab") as written:
        process = subprocess.Popen(pinned(told, core), stdout=written, stderr=written)
    try:
        wait_for(lambda: process.poll() is not None or answers(f"http://127.0.0.1:{port}/health/ready"))
        children = _children(process.pid)
        worker = next(pid for pid in children if "worker" in Path(f"/proc/{pid}/cmdline").read_text().split("\0"))
        yield Served(port, process.pid, tuple(pid for pid in children if pid != worker), worker)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def started(command: Sequence[str], port: int, *, core: int | None = SERVER) -> Iterator[None]:
    """Any other server, until it listens at its port."""
    process = subprocess.Popen(pinned(command, core), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: listens(port))
        yield
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()  # it waits for its streams otherwise
            process.wait(5)


@contextmanager
def redis_server(port: int = 0) -> Iterator[tuple[str, int]]:
    """Its address and process id."""
    port = port or free_port()
    with tempfile.TemporaryDirectory() as folder:
        command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(lambda: listens(port))
            yield f"redis://127.0.0.1:{port}/0", process.pid
        finally:
            process.terminate()
            process.wait(10)


def pinned(command: Sequence[str], core: int | None) -> list[str]:
    """The command on one core."""
    return [*command] if core is None else ["taskset", "-c", str(core), *command]


def pin(pids: Collection[int], core: int) -> None:
    """Processes that run already, with all their threads."""
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {core})


def until_idle(pids: Collection[int]) -> None:
    """Wait until processes take less than a twentieth of a core: a worker has caught up with what was imported."""

    def ticks() -> int:
        stats = (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids)
        return sum(int(one[11]) + int(one[12]) for one in stats)

    def is_idle() -> bool:
        before = ticks()
        time.sleep(1)
        return (ticks() - before) / os.sysconf("SC_CLK_TCK") < 0.05

    wait_for(is_idle, seconds=600)


def memory(pids: Collection[int]) -> int:
    """Bytes that processes have for themselves, with their shares of what they have together."""
    lines = [one for pid in pids for one in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(one.split()[1]) * 1024 for one in lines if one.startswith("Pss:"))


def _children(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def descendants(pid: int) -> tuple[int, ...]:
    """All processes below one."""
    return tuple(one for child in _children(pid) for one in (child, *descendants(child)))


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw."""

    rate: float  # answers a second
    errors: int  # answers that were no success, and connections that broke
    answers: int
    p99: float  # seconds


def load(
    url: str,
    *,
    seconds: int,
    connections: int = 32,
    headers: Mapping[str, str] | None = None,
    script: Path | None = None,
    core: int | None = LOAD,
) -> Load:
    """Ask for one address again and again, from the other core; or whatever a script of wrk's asks for."""
    told = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    for name, value in (headers or {}).items():
        told += ["-H", f"{name}: {value}"]
    told += ["-s", str(script)] if script is not None else []
    said = subprocess.run(pinned([*told, url], core), check=True, capture_output=True, text=True).stdout
    rate, count = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", said)
    if rate is None or count is None or late is None:
        raise RuntimeError(said)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", said)
    errors = int(refused[1]) if refused else 0
    errors += sum(int(one) for one in broken.groups()) if broken else 0
    p99 = float(late[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}[late[2]]
    return Load(float(rate[1]), errors, int(count[1]), p99)
