"""What a web process counts about itself.

The processes of one ``serve`` count into files (see ``config.counting``), so that
whichever of them is asked answers for all.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from dragoman.config.counting import TOGETHER
from dragoman.delivery.store import Counts

_BY_PROCESS = re.compile(r"_(\d+)\.db$")

REQUESTS = Counter("dragoman_requests", "Requests that Django answered.", ["status"])
SECONDS = Histogram(
    "dragoman_request_seconds",
    "How long Django took.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
PAGES = Counter("dragoman_pages", "Shared pages by what was done with them.", ["done"])
KEPT = Gauge("dragoman_pages_kept_bytes", "Memory of shared pages.", multiprocess_mode="livesum")
STREAMS = Gauge("dragoman_streams", "Open event streams.", multiprocess_mode="livesum")


class PageCounts:
    """Brings what delivery counts, cheaply and for itself, to the metrics."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._told = dict.fromkeys(Counts.__slots__, 0)

    def tell(self, *, kept: int, streams: int) -> None:
        """As it is now; call it every few seconds."""
        for name, before in self._told.items():
            now = getattr(self._counts, name)
            PAGES.labels(name).inc(now - before)
            self._told[name] = now
        KEPT.set(kept)
        STREAMS.set(streams)


def forget_the_dead() -> None:
    """What processes that are gone held open is open no more."""
    folder = os.environ.get(TOGETHER)
    for path in Path(folder).glob("gauge_live*.db") if folder else ():
        found = _BY_PROCESS.search(path.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            with contextlib.suppress(FileNotFoundError):  # another new process does the same
                mark_process_dead(int(found[1]), folder)


class Processes(Collector):
    """What all processes of this server have counted."""

    def collect(self) -> Iterable[Metric]:
        """From their files; from memory where a process counts for itself alone, as in tests."""
        if TOGETHER in os.environ:
            yield from MultiProcessCollector(CollectorRegistry()).collect()
        else:
            yield from (one for one in REGISTRY.collect() if one.name.startswith("dragoman_"))
