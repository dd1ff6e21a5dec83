"""The process tree of ``dragoman serve``: whole, stopped in time, and gone when it is killed."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.commandline.test_commands import run_in
from tests.config.homes import free_port, is_ready, processes, start, until
from tests.faults.disks import Disk, may_mount


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


@pytest.mark.parametrize(
    "begun",
    {
        "an open page": b"GET /events?topics=thread:1&language=en HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "a request whose rest never comes": b"POST /api/v1/articles/1/comments HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Length: 1000\r\n\r\n{",
        "a head whose rest never comes": b"GET / HTTP/1.1\r\nHost: local",
    }.values(),
)
def test_it_stops_within_ten_seconds_by_itself_whatever_clients_hold_open(home: Path, begun: bytes) -> None:
    port = free_port()
    process = start(home, port, workers=1)
    assert until(lambda: is_ready(f"http://127.0.0.1:{port}"), 30)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(begun)
        if begun.startswith(b"GET /events"):
            assert client.recv(1)
        process.terminate()
        assert process.wait(9) == 0
        heard = b"".join(iter(lambda: client.recv(65536), b""))
        assert heard or not begun.startswith(b"POST"), "it is told that nothing was stored"
    assert until(lambda: not processes(home), 5), processes(home)


def test_the_worker_stands_behind_those_who_answer_readers(served: "subprocess.Popen[bytes]", home: Path) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    nice = {os.getpriority(os.PRIO_PROCESS, pid) - own: _is_worker(pid) for pid in processes(home)}
    assert nice == {0: False, 5: True}


def _is_worker(pid: int) -> bool:
    return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def test_whoever_dies_is_begun_anew_also_twice_within_seconds(served: "subprocess.Popen[bytes]", home: Path) -> None:
    webs, workers = _is_web(served.pid), _is_worker
    for kind in (webs, workers, webs, webs, workers):
        _kill_one_and_wait_for_the_next(home, kind)
    assert served.poll() is None
    assert until(lambda: is_ready(_address_of(served)), 20)


def _kill_one_and_wait_for_the_next(home: Path, is_meant: Callable[[int], bool]) -> None:
    before = {pid for pid in processes(home) if is_meant(pid)}
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    assert until(lambda: len({pid for pid in processes(home) if is_meant(pid)} - {victim}) == len(before), 20)


def _address_of(served: "subprocess.Popen[bytes]") -> str:
    command = [str(part) for part in served.args]  # type: ignore[union-attr]
    return f"http://127.0.0.1:{command[command.index('--port') + 1]}"


def _is_web(parent: int) -> Callable[[int], bool]:
    return lambda pid: pid != parent and not _is_worker(pid)


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


@pytest.mark.skipif(not may_mount(), reason="a disk of its own needs root")
def test_a_web_process_that_dies_while_the_disk_is_full_comes_back_and_serves(home: Path, tmp_path: Path) -> None:
    disk = Disk(tmp_path / "disk", megabytes=150)
    try:
        tight = disk.folder / "home"
        shutil.copytree(home, tight, ignore=shutil.ignore_patterns("run"))
        port = free_port()
        process = start(tight, port, workers=1)
        url = f"http://127.0.0.1:{port}"
        try:
            assert until(lambda: is_ready(url), 30)
            disk.fill()
            for _time in range(2):
                before = {pid for pid in processes(tight) if _is_web(process.pid)(pid)}
                os.kill(min(before), signal.SIGKILL)
                assert until(lambda: not is_ready(url), 10)
                assert until(lambda: is_ready(url), 30), "it never came back"
                assert httpx.get(f"{url}/en/town/1-the-ferry").status_code == 200
                assert httpx.get(f"{url}/metrics").status_code == 200
            assert process.poll() is None
        finally:
            process.kill()
            process.wait(5)
            assert until(lambda: not processes(tight), 10)
    finally:
        disk.close()
