"""What was acknowledged is on the disk: the kernel's own word, by strace."""

import re
import subprocess
from pathlib import Path

import httpx

from tests.config.homes import act, free_port, is_ready, start, until


def _children(pid: int) -> list[int]:
    found = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def _is_web(pid: int) -> bool:
    return b"worker" not in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def test_a_comment_is_synced_to_the_disk_before_its_answer_is_written(home: Path, tmp_path: Path) -> None:
    token = act(home, "token")
    port = free_port()
    server = start(home, port, workers=1)
    traced = tmp_path / "trace"
    try:
        url = f"http://127.0.0.1:{port}"
        assert until(lambda: is_ready(url), 60)
        web = next(pid for pid in _children(server.pid) if _is_web(pid))
        calls = "trace=fsync,fdatasync,write,pwrite64,writev,sendto,sendmsg"
        command = ["strace", "-f", "-y", "-s", "40", "-e", calls, "-o", str(traced), "-p", str(web)]
        strace = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert strace.stderr is not None
        assert "attached" in strace.stderr.readline()
        answer = httpx.post(
            f"{url}/api/v1/articles/1/comments",
            json={"text": "Written, and on the disk.", "language": "en"},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        strace.terminate()
        strace.wait(10)
    finally:
        server.terminate()
        server.wait(15)
    lines = traced.read_text().splitlines()
    answered = next(at for at, line in enumerate(lines) if "HTTP/1.1 201" in line)
    written = [at for at, line in enumerate(lines[:answered]) if re.search(r"write\w*\(.*dragoman\.sqlite3-wal", line)]
    synced = [at for at, line in enumerate(lines[:answered]) if re.search(r"sync\(.*dragoman\.sqlite3-wal", line)]
    assert written, "nothing was written before the answer"
    # Whatever the transaction has written into the log is synced, and only then the answer's first byte leaves.
    assert synced
    assert max(synced) > max(written)
