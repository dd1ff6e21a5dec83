"""The process tree of ``dragoman serve``: whole, stopped in time, and gone when it is killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.commandline.test_commands import ROOT, run_in


def _processes(home: Path) -> list[int]:
    """Every process that carries the home in its environment or its command."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            told = (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
        except OSError:
            continue
        if str(home).encode() in told and int(path.name) != os.getpid():
            found.append(int(path.name))
    return found


def _until(condition: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serving") / "home"
    made = run_in(folder, "init", "--name", "The Served Courier", "--languages", "en,es")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def served(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(home), "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert _until(lambda: _answers(f"http://127.0.0.1:{port}/health/ready"), 30)
    assert _until(lambda: len(_processes(home)) >= 4, 10), "two web processes, a worker and their parent"
    yield process
    if process.poll() is None:
        process.kill()
        process.wait(5)


def test_it_stops_within_ten_seconds_with_all_its_children(served: "subprocess.Popen[bytes]", home: Path) -> None:
    served.terminate()
    served.wait(10)
    assert _until(lambda: not _processes(home), 5), _processes(home)


def test_no_child_outlives_it_when_it_is_killed(served: "subprocess.Popen[bytes]", home: Path) -> None:
    os.kill(served.pid, signal.SIGKILL)
    served.wait(5)
    assert _until(lambda: not _processes(home), 10), _processes(home)


def test_no_child_outlives_one_that_is_killed_while_they_still_start(home: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(home), "--port", str(port), "--workers", "2"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert _until(lambda: len(_processes(home)) >= 3, 30), "the first children never came"
    process.kill()
    process.wait(5)
    assert _until(lambda: not _processes(home), 15), _processes(home)


def test_a_port_that_is_taken_is_said_in_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run_in(home, "serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
