"""A publication on several machines, as far as one machine can play them: two nodes with a web and a worker side each,
PostgreSQL with a streaming replica behind PgBouncer, Redis, nginx before all; and a store that speaks S3."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.postgres import Postgres, pooled, primary, replica_of
from benchmarks.servers import answers, free_port, listens, redis_server, wait_for
from benchmarks.shipped import nginx_before

ROOT = Path(__file__).parent.parent
BUCKET = "pictures"


@dataclass
class Node:
    """One machine's home and its server."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    environment: dict[str, str] = field(default_factory=dict)  # beside ours

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, workers: int = 1) -> None:
        """Serve; not waited for."""
        command = [str(ROOT / ".venv/bin/dragoman"), "serve", "--home", str(self.home), "--port", str(self.port)]
        with (self.home / "log").open("ab") as log:
            env = {**os.environ, **self.environment}
            self.process = subprocess.Popen([*command, "--workers", str(workers)], stdout=log, stderr=log, env=env)

    def stop(self) -> None:
        """Ask it to end, and insist."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@dataclass
class Cluster:
    """All of it. ``url`` is nginx's."""

    url: str
    nodes: Sequence[Node]
    primary: Postgres
    replica: Postgres
    bus: int  # the process id of Redis


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of a store that speaks S3 and forgets everything at its end."""
    port = free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "moto_server"), "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def signal_all(pids: Sequence[int], number: int) -> None:
    """Those that still live: a database's children come and go."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


@contextmanager
def frozen(pids: Sequence[int]) -> Iterator[None]:
    """Processes that do nothing until the end of the block."""
    try:
        signal_all(pids, signal.SIGSTOP)
        yield
    finally:
        signal_all(pids, signal.SIGCONT)


def run_in(home: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command in a home; raises where it fails."""
    command = [str(ROOT / ".venv/bin/dragoman"), *arguments, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done


@contextmanager
def cluster(folder: Path, *told: str) -> Iterator[Cluster]:
    """Made with ``init`` and whatever it is ``told``; its homes lie in the folder. Nodes are started and ready."""
    with ExitStack() as stack:
        server = stack.enter_context(primary())
        standby = stack.enter_context(replica_of(server))
        nodes = [Node(folder / name, free_port()) for name in ("first", "second")]
        settings = {"database.replica": standby.address, "database.direct": server.address}
        spelled = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
        database = stack.enter_context(pooled(server))
        bus, bus_process = stack.enter_context(redis_server())
        run_in(nodes[0].home, "init", "--database", database, "--bus", bus, *spelled, *told)
        nodes[1].home.mkdir()
        shutil.copy2(nodes[0].home / "dragoman.toml", nodes[1].home)
        for node in nodes:
            node.start()
            stack.callback(node.stop)
        for node in nodes:
            wait_for(lambda url=node.url: answers(f"{url}/health/ready"))  # type: ignore[misc]
        port = free_port()
        stack.enter_context(nginx_before(nodes[0].home, port=port, behind=[node.port for node in nodes]))
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/health/ready"))
        yield Cluster(f"http://127.0.0.1:{port}", nodes, server, standby, bus_process)
