"""What was acknowledged is on the disk: the kernel's own word, by strace."""

import re
import subprocess
from pathlib import Path

import httpx

from benchmarks.postgres import primary
from tests.clusters import run_in
from tests.config.homes import act, free_port, is_ready, start, until


def _children(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def _is_web(pid: int) -> bool:
    return b"worker" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _traced(home: Path, trace: Path, database: int = 0) -> list[str]:
    """What the web process, and those of a database, did until the answer to a comment began to leave."""
    token = act(home, "token")
    port = free_port()
    server = start(home, port, workers=1)
    try:
        url = f"http://127.0.0.1:{port}"
        assert until(lambda: is_ready(url), 60)
        # PostgreSQL's processes that exist; what they begin, strace follows.
        backends = [database, *_children(database)] if database else []
        web = next(pid for pid in _children(server.pid) if _is_web(pid))
        calls = "trace=fsync,fdatasync,write,pwrite64,pwritev,writev,sendto,sendmsg"
        command = ["strace", "-f", "-y", "-s", "40", "-e", calls, "-o", str(trace)]
        pids = [part for pid in (web, *backends) for part in ("-p", str(pid))]
        strace = subprocess.Popen([*command, *pids], stderr=subprocess.PIPE, text=True)
        assert strace.stderr is not None
        attached = 0
        while attached < 1 + len(backends):
            line = strace.stderr.readline()
            assert line, "strace ended"
            attached += "attached" in line
        answer = httpx.post(
            f"{url}/api/v1/articles/1/comments",
            json={"text": "Written, and on the disk.", "language": "en"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        assert answer.status_code == 201, answer.text
        strace.terminate()
        strace.wait(10)
    finally:
        server.terminate()
        server.wait(15)
    lines = trace.read_text().splitlines()
    return lines[: next(at for at, line in enumerate(lines) if "HTTP/1.1 201" in line)]


def _assert_synced(lines: list[str], log: str) -> None:
    """Whatever the transaction has written into the log is synced, and only then the answer's first byte leaves."""
    written = [at for at, line in enumerate(lines) if re.search(rf"write\w*\(.*{log}", line)]
    synced = [at for at, line in enumerate(lines) if re.search(rf"sync\(.*{log}", line)]
    assert written, "nothing was written before the answer"
    assert synced
    assert max(synced) > max(written)


def test_a_comment_is_synced_to_the_disk_before_its_answer_is_written(home: Path, tmp_path: Path) -> None:
    _assert_synced(_traced(home, tmp_path / "trace"), r"dragoman\.sqlite3-wal")


def test_postgresql_has_synced_a_comment_before_its_answer_is_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with primary() as database:
        run_in(home, "init", "--name", "The Kept Courier", "--database", database.address)
        act(home, "fill")
        lines = _traced(home, tmp_path / "trace", database.postmaster)
    # Others may write on meanwhile: what this writer's own process had written when it said that it was done.
    said = max(at for at, line in enumerate(lines) if "COMMIT" in line)
    backend = lines[said].split(maxsplit=1)[0]
    _assert_synced([line for line in lines[:said] if line.startswith(backend)], "pg_wal")
