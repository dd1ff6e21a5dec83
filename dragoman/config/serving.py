"""``dragoman serve``: web processes and a worker in one process tree."""

import resource
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections
from django.db.migrations.executor import MigrationExecutor

import dragoman
from dragoman.config import baseline
from dragoman.config.supervising import Server, Worker
from dragoman.foundation.errors import ConfigurationError
from dragoman.foundation.processes import expect_children

_FILES_BESIDE = 1000  # of a web process: database, static files, requests that are no streams
_FEWEST_STREAMS = 512
_MIGRATING = 0x0B0C6  # an arbitrary key of our own among PostgreSQL's advisory locks


def prepare() -> None:
    """Bring database and static files to this version; a second time it costs a moment."""
    if _is_behind():
        with _one_node_at_a_time():
            try:
                baseline.load()
                if _is_behind():
                    call_command("migrate", verbosity=0, interactive=False)
            except ProgrammingError as error:  # most often: this account may make no tables
                says = str(error).strip().partition("\n")[0]
                raise ConfigurationError(f"The database cannot be used: {says}") from error
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


def raise_file_limit() -> tuple[int, int]:
    """The soft limit of open files to the hard one: a stream is a file. Before and after."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return soft, hard


def serve(*, host: str, port: int, workers: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGTERM or SIGINT. Raises :class:`ConfigurationError` where the port is taken."""
    _check_port(host, port)
    expect_children()
    worker = Worker(Path(settings.DRAGOMAN.home))
    # Granian answers nothing at all above its backpressure; each stream is an open file.
    streams = max(_FEWEST_STREAMS, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - _FILES_BESIDE)
    server = Server(
        worker,
        address=host,
        port=port,
        workers=workers,
        backpressure=streams,
        backlog=4096,
        respawn_failed_workers=True,
        log_access=False,
        log_level="warning",
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
