"""The profiles as processes: which there are of each kind, what is done to them, and how each is brought back."""

import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.postgres import Postgres, primary, replica_of
from benchmarks.servers import answers, descendants, free_port, listens, wait_for
from dragoman.config.home import change
from tests.clusters import Node, run_in, signal_all
from tests.faults.disks import Disk
from tests.faults.proxy import Proxy

_SETTINGS = {"limits.enabled": "false", "moderation.enabled": "false"}
_NODE_KINDS = ("server", "web", "worker", "engine")


@dataclass
class House:
    """A profile that runs: ``kinds`` of processes can be harmed, ``wires`` be cut.

    ``troubles`` happen for some seconds; ``at_last`` happens once, when all else has. ``share``: of the texts of a run.
    """

    nodes: Sequence[Node]
    ports: Sequence[int]  # where writers and readers ask
    kinds: tuple[str, ...] = ()
    wires: dict[str, Proxy] = field(default_factory=dict)
    servers: dict[str, "Server"] = field(default_factory=dict)
    troubles: dict[str, Callable[[float], None]] = field(default_factory=dict)
    at_last: dict[str, Callable[[float], None]] = field(default_factory=dict)
    share: float = 1.0

    def processes(self, kind: str) -> list[int]:
        """All of a kind that live now; of a database's every one, its first process first."""
        if kind in self.servers:
            return self.servers[kind].processes()
        found = [
            _of_node(node, kind) for node in self.nodes if node.process is not None and node.process.poll() is None
        ]
        return [pid for pids in found for pid in pids]

    def bring_back(self) -> None:
        """Start again what an operator's service manager would: servers that are gone, not their children."""
        for server in self.servers.values():
            server.bring_back()
        for node in self.nodes:
            if node.process is None or node.process.poll() is not None:
                node.start(workers=2 if len(self.nodes) == 1 else 1)

    def is_whole(self) -> bool:
        """Whether every node answers and has a worker; engines come when there is work."""
        return all(answers(f"{node.url}/health/ready") and _of_node(node, "worker") for node in self.nodes)


def _of_node(node: Node, kind: str) -> list[int]:
    assert node.process is not None
    outer = node.process.pid
    if kind == "server":
        return [outer]
    below = {pid: _command(pid) for pid in descendants(outer)}
    if kind == "engine":
        return [pid for pid, command in below.items() if any("engines.child" in part for part in command)]
    workers = [pid for pid, command in below.items() if "worker" in command]
    if kind == "worker":
        return workers[:1]
    of_workers = {pid for worker in workers for pid in (worker, *descendants(worker))}
    return [pid for pid in below if pid not in of_workers]


def _command(pid: int) -> list[str]:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return []


class Server:
    """Redis, or a PostgreSQL server."""

    def __init__(self, processes: Callable[[], list[int]], bring_back: Callable[[], None]) -> None:
        self.processes, self.bring_back = processes, bring_back


def _postgres(server: Postgres) -> Server:
    def processes() -> list[int]:
        with suppress(OSError, ValueError):
            first = server.postmaster
            if "postgres" in " ".join(_command(first)):
                return [first, *descendants(first)]
        return []

    def bring_back() -> None:
        # The last children of one that was killed hold the shared memory for a moment yet.
        while not processes() and not server.start(check=False):
            time.sleep(0.5)

    return Server(processes, bring_back)


class _Redis(Server):
    def __init__(self, port: int, folder: Path) -> None:
        self._command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self._process: subprocess.Popen[bytes] | None = None
        super().__init__(self._pids, self._start)
        self._start()
        wait_for(lambda: listens(port))

    def _pids(self) -> list[int]:
        return [self._process.pid] if self._process is not None and self._process.poll() is None else []

    def _start(self) -> None:
        if not self._pids():
            self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)


def _init(home: Path, *told: str, **settings: str) -> None:
    if (home / "dragoman.toml").exists():
        return  # a run that goes on
    spelled = [part for key, value in {**_SETTINGS, **settings}.items() for part in ("--set", f"{key}={value}")]
    run_in(home, "init", "--name", "The Faulty Courier", "--languages", "en,es", *told, *spelled)
    facts = run_in(home, "translate", "engines").stdout
    for line in facts.splitlines():
        if line and not line.startswith(" "):
            run_in(home, "translate", "engines", "remove", line.split()[0])
    run_in(home, "translate", "engines", "add", "echo", "--option", "pairs=en-es,es-en")


@contextmanager
def embedded(folder: Path) -> Iterator[House]:
    """One machine: SQLite, two web processes, a worker, an engine. The home lies in the folder."""
    node = Node(folder / "home", free_port())
    _init(node.home)
    port = free_port()
    house = House([node], [port], _NODE_KINDS, {"network": Proxy(port, node.port)})
    with _running(house):
        yield house


@contextmanager
def clustered(folder: Path) -> Iterator[House]:
    """Two nodes, PostgreSQL with a replica, Redis, each by a wire of its own. Goes on with nothing: it begins anew."""
    with ExitStack() as stack:
        server = stack.enter_context(primary())
        standby = stack.enter_context(replica_of(server))
        ports = {name: free_port() for name in ("primary", "replica", "bus")}
        behind_bus = free_port()
        redis = _Redis(behind_bus, folder)
        stack.callback(redis.stop)
        behind = {"primary": server.port, "replica": standby.port, "bus": behind_bus}
        wires = {name: Proxy(port, behind[name]) for name, port in ports.items()}
        address = "postgresql://dragoman@127.0.0.1:{}/postgres".format
        nodes = [Node(folder / name, free_port()) for name in ("first", "second")]
        told = ("--database", address(ports["primary"]), "--bus", f"redis://127.0.0.1:{ports['bus']}/0")
        _init(nodes[0].home, *told, **{"database.replica": address(ports["replica"])})
        nodes[1].home.mkdir(exist_ok=True)
        shutil.copy2(nodes[0].home / "dragoman.toml", nodes[1].home)
        servers = {"primary": _postgres(server), "replica": _postgres(standby), "bus": redis}
        house = House(nodes, [node.port for node in nodes], (*_NODE_KINDS, *servers), wires, servers)
        house.at_last["failover"] = lambda lasting: _fail_over(house, server, standby, lasting)
        with _running(house):
            yield house


def _fail_over(house: House, server: Postgres, standby: Postgres, lasting: float) -> None:
    """As the operators' guide says: commits wait for the standby, the primary dies, the standby takes its place."""
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        connection.execute("SELECT pg_reload_conf()")
        state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_for(lambda: connection.execute(state).fetchone() == (1,))
    time.sleep(lasting)
    # What is killed now is no more brought back.
    pids = house.servers.pop("primary").processes()
    house.servers.pop("replica")
    house.kinds = tuple(kind for kind in house.kinds if kind not in ("primary", "replica"))
    signal_all(pids, signal.SIGKILL)
    standby.promote()
    house.servers["promoted"] = _postgres(standby)
    for node in house.nodes:
        change(node.home, "database.url", standby.address)
        change(node.home, "database.replica", "")
        node.stop()
    house.bring_back()


@contextmanager
def tight(folder: Path) -> Iterator[House]:
    """SQLite on a disk that can be full, and a clock that jumps: one machine, a few texts."""
    with _disk() as disk, _running_tight(folder, Node(disk.folder / "home", free_port()), disk) as house:
        yield house


@contextmanager
def tight_postgresql(folder: Path) -> Iterator[House]:
    """The same with PostgreSQL on the disk that can be full."""
    with _disk(owner=str(pwd.getpwnam("postgres").pw_uid)) as disk, primary(disk.folder) as server:
        node = Node(folder / "home", free_port())
        with _running_tight(folder, node, disk, "--database", server.address) as house:
            house.servers["database"] = _postgres(server)
            yield house


@contextmanager
def _disk(owner: str = "") -> Iterator[Disk]:
    disk = Disk(Path(tempfile.mkdtemp(prefix="dragoman-disk-")), 600, owner=owner)
    try:
        yield disk
    finally:
        disk.close()
        disk.folder.rmdir()


@contextmanager
def _running_tight(folder: Path, node: Node, disk: Disk, *told: str) -> Iterator[House]:
    _init(node.home, *told)
    clock = folder / "clock"
    clock.write_text("0")
    node.environment = {"PYTHONPATH": str(Path(__file__).parent / "clocked"), "DRAGOMAN_FAULTY_CLOCK": str(clock)}

    def full(lasting: float) -> None:
        disk.fill()
        time.sleep(lasting)
        disk.free()

    def off(seconds: int) -> Callable[[float], None]:
        def jump(lasting: float) -> None:
            clock.write_text(str(seconds))
            time.sleep(lasting)
            clock.write_text("0")

        return jump

    troubles = {"full disk": full, "clock ahead": off(7200), "clock behind": off(-7200)}
    house = House([node], [node.port], troubles=troubles, share=0.02)
    with _running(house):
        yield house


@contextmanager
def _running(house: House) -> Iterator[None]:
    house.bring_back()
    try:
        wait_for(house.is_whole, seconds=120)
        yield
    finally:
        for kind in house.kinds:
            signal_all(house.processes(kind), signal.SIGCONT)
        for node in house.nodes:
            node.stop()
