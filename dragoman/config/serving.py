"""``dragoman serve``: web processes and a worker in one process tree."""

import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from granian import Granian
from granian.constants import Interfaces

import dragoman
from dragoman.config import baseline
from dragoman.foundation.errors import ConfigurationError
from dragoman.foundation.processes import expect_children

_FILES_BESIDE = 1000  # of a web process: database, static files, requests that are no streams
_FEWEST_STREAMS = 512
_MIGRATING = 0x0B0C6  # an arbitrary key of our own among PostgreSQL's advisory locks


def prepare() -> None:
    """Bring database and static files to this version; a second time it costs a moment."""
    if _is_behind():
        with _one_node_at_a_time():
            baseline.load()
            if _is_behind():
                call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    stamp = Path(settings.STATIC_ROOT) / ".version"
    version = f"{dragoman.__version__} {_newest_static()}"
    if not stamp.exists() or stamp.read_text() != version:
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.write_text(version)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _one_node_at_a_time() -> Iterator[None]:
    """Nodes that are started together: the second finds everything done.

    The lock is a transaction's, on a connection of its own: a pooler keeps that one together.
    """
    if connections["default"].vendor != "postgresql":
        yield
        return
    other = connections.create_connection("default")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MIGRATING])
        yield
    finally:
        other.close()


def _newest_static() -> float:
    folder = Path(dragoman.__file__).parent / "website" / "static"
    return max(path.stat().st_mtime for path in folder.rglob("*") if path.is_file())


def count_together(home: Path) -> None:
    """All processes that are started from now on count into one folder; the counts begin anew.

    Before anything imports prometheus_client, which looks once where to count.
    """
    folder = home.resolve() / "counts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def raise_file_limit() -> tuple[int, int]:
    """The soft limit of open files to the hard one: a stream is a file. Before and after."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft, hard


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
        pause = 0.5
        while self._process is not None and not self._stopping.is_set():
            started = time.monotonic()
            self._process.wait()
            pause = 0.5 if time.monotonic() - started > 30 else min(30.0, pause * 2)
            if not self._stopping.wait(pause):
                self._begin()

    def _begin(self) -> None:
        self._process = subprocess.Popen(self._command)

    def stop(self) -> None:
        """Ask it to end; insist after five seconds."""
        self._stopping.set()
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()


def serve(*, host: str, port: int, workers: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT. Raises :class:`ConfigurationError` where the port is taken."""
    _check_port(host, port)
    expect_children()
    worker = Worker(Path(settings.DRAGOMAN.home))
    # Granian answers nothing at all above its backpressure; each stream is an open file.
    streams = max(_FEWEST_STREAMS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _FILES_BESIDE)
    server = Granian(
        "dragoman.config.server:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        backpressure=streams,
        backlog=4096,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_level="warning",  # type: ignore[arg-type]
    )
    server.on_startup(worker.start)
    server.on_startup(ready)
    server.on_shutdown(worker.stop)
    server.serve()


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"Port {port} of {host} cannot be used: {error.strerror}. Choose another with --port."
            ) from None
