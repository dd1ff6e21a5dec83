"""PostgreSQL servers of our own, as careful with their disk as real ones: alone, with a replica, behind a pooler."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

_TOLD = {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "100"}
_POOLER = """
[databases]
* = host=127.0.0.1 port={behind} user=dragoman
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 12
max_client_conn = 400
query_wait_timeout = 5
server_login_retry = 1
ignore_startup_parameters = extra_float_digits,options
logfile = {folder}/log
"""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server in a folder. It belongs to the user ``postgres`` where we are root: it refuses to be root's."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """As ``database.url`` has it."""
        return f"postgresql://dragoman@127.0.0.1:{self.port}/postgres"

    @property
    def postmaster(self) -> int:
        """The id of its first process, while it runs."""
        return int((self.folder / "postmaster.pid").read_text().splitlines()[0])

    def start(self, *, check: bool = True) -> bool:
        """Until it takes connections; whether it does, where that is not certain."""
        told = " ".join(f"-c {name}={value or repr('')}" for name, value in {**_TOLD, "port": str(self.port)}.items())
        log = str(self.folder.parent / "log")
        return self._run("pg_ctl", "-w", "-t", "120", "-l", log, "-o", told, "start", check=check)

    def stop(self) -> None:
        """At once, as if it were killed; whether or not it runs."""
        if (self.folder / "postmaster.pid").exists():
            self._run("pg_ctl", "-m", "immediate", "stop", check=False)

    def promote(self) -> None:
        """Make a replica a primary; it takes writes when this returns."""
        self._run("pg_ctl", "-w", "-t", "60", "promote")

    def _run(self, program: str, *arguments: str, check: bool = True) -> bool:
        return run_as_postgres(program, "-D", str(self.folder), *arguments, check=check)


def run_as_postgres(program: str, *arguments: str, check: bool = True) -> bool:
    """One of PostgreSQL's own programs; whether it did what it was asked."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        raise RuntimeError("PostgreSQL is not installed: make setup-dev")
    command = [*_as_postgres(), str(found[-1] / program), *arguments]
    said = None if check else subprocess.DEVNULL
    done = subprocess.run(command, check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=said)
    return done.returncode == 0


def _as_postgres() -> list[str]:
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="dragoman-postgres-"))
    if os.getuid() == 0:
        entry = pwd.getpwnam("postgres")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def primary(place: Path | None = None) -> Iterator[Postgres]:
    """A server that runs, with nothing in it; in a folder of its own, or in a ``place`` that it may write to."""
    with nullcontext(place) if place else _folder() as folder:
        server = Postgres(folder / "data", _free_port())
        told = ("-U", "dragoman", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8")
        run_as_postgres("initdb", "-D", str(server.folder), *told)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def replica_of(source: Postgres) -> Iterator[Postgres]:
    """A streaming replica that runs; it is called ``standby``."""
    with _folder() as folder:
        server = Postgres(folder / "data", _free_port())
        copy_from(source, server)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def copy_from(source: Postgres, server: Postgres) -> None:
    """Make a server that does not run a replica of one that does; what was in it is lost."""
    shutil.rmtree(server.folder, ignore_errors=True)
    origin = f"host=127.0.0.1 port={source.port} user=dragoman application_name=standby"
    run_as_postgres("pg_basebackup", "-D", str(server.folder), "-d", origin, "-R", "-X", "stream", "-c", "fast")


@contextmanager
def pooled(server: Postgres) -> Iterator[str]:
    """The address of a PgBouncer before a server: a connection for each transaction."""
    with _folder() as folder:
        port = _free_port()
        settings = folder / "pgbouncer.ini"
        settings.write_text(_POOLER.format(behind=server.port, port=port, folder=folder))
        process = subprocess.Popen([*_as_postgres(), "/usr/sbin/pgbouncer", "-q", str(settings)], cwd="/")
        try:
            yield f"postgresql://dragoman@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(10)


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server for a while."""
    with primary() as server:
        yield server.address
