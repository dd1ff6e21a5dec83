"""The process tree of ``dragoman serve``: whole, stopped in time, and gone when it is killed."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commandline.test_commands import run_in
from tests.config.homes import free_port, is_ready, processes, start, until


@pytest.fixture
def served(home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    port = free_port()
    process = start(home, port, workers=2)
    assert until(lambda: is_ready(f"http://127.0.0.1:{port}"), 30)
    assert until(lambda: len(processes(home)) >= 4, 10), "two web processes, a worker and their parent"
    yield process
    if process.poll() is None:
        process.kill()
        process.wait(5)


def test_it_stops_within_ten_seconds_with_all_its_children(served: "subprocess.Popen[bytes]", home: Path) -> None:
    served.terminate()
    served.wait(10)
    assert until(lambda: not processes(home), 5), processes(home)


def test_the_worker_stands_behind_those_who_answer_readers(served: "subprocess.Popen[bytes]", home: Path) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    nice = {os.getpriority(os.PRIO_PROCESS, pid) - own: _is_worker(pid) for pid in processes(home)}
    assert nice == {0: False, 5: True}


def _is_worker(pid: int) -> bool:
    return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def test_no_child_outlives_it_when_it_is_killed(served: "subprocess.Popen[bytes]", home: Path) -> None:
    os.kill(served.pid, signal.SIGKILL)
    served.wait(5)
    assert until(lambda: not processes(home), 10), processes(home)


def test_no_child_outlives_one_that_is_killed_while_they_still_start(home: Path) -> None:
    process = start(home, free_port(), workers=2)
    assert until(lambda: len(processes(home)) >= 3, 30), "the first children never came"
    process.kill()
    process.wait(5)
    assert until(lambda: not processes(home), 15), processes(home)


def test_a_port_that_is_taken_is_said_in_one_line(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = run_in(home, "serve", "--port", str(taken.getsockname()[1]))
    assert refused.returncode == 1
    assert "cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
