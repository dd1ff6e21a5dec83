"""The engines that this process keeps running."""

import contextlib
import threading
import time
from collections.abc import Iterator

from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Engine, Misconfigured, Transient
from dragoman.translation.models import Engine as EngineRecord

_IDLE = 600.0  # seconds; a model that nobody asks gives its memory back


class _Bench:
    """An engine's place: one at a time may ask it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.engine: Engine | None = None
        self.built_from: object = None
        self.used = time.monotonic()


class Workshop:
    """Engines by name, built when first asked; shared by the lanes of a worker."""

    def __init__(self) -> None:
        self._benches: dict[str, _Bench] = {}
        self._guard = threading.Lock()
        self.is_closed = False

    @contextlib.contextmanager
    def asking(self, name: str) -> Iterator[Engine]:
        """The engine, for this thread alone; raises :class:`EngineError` where it cannot be built."""
        with self._guard:
            bench = self._benches.setdefault(name, _Bench())
        with bench.lock:
            if self.is_closed:
                raise Transient("the worker is stopping")
            row = EngineRecord.objects.filter(name=name).first()
            if row is None:
                raise Misconfigured(f"there is no engine “{name}” any more")
            told = (row.kind, row.options)
            if bench.engine is not None and bench.built_from != told:
                bench.engine.close()
                bench.engine = None
            if bench.engine is None:
                bench.engine, bench.built_from = registry.build(row.kind, row.name, row.options), told
                if bench.engine.version != row.version:
                    # It was upgraded in place: what it was asked before counts for the old version.
                    EngineRecord.objects.filter(name=name).update(version=bench.engine.version)
                if self.is_closed:
                    bench.engine.close()
                    raise Transient("the worker is stopping")
            try:
                yield bench.engine
            finally:
                bench.used = time.monotonic()

    def rest(self) -> None:
        """End the engines that have had nothing to do for ten minutes."""
        with self._guard:
            benches = list(self._benches.values())
        for bench in benches:
            if (
                bench.engine is not None
                and time.monotonic() - bench.used > _IDLE
                and bench.lock.acquire(blocking=False)
            ):
                try:
                    engine, bench.engine = bench.engine, None
                    if engine is not None:
                        engine.close()
                finally:
                    bench.lock.release()

    def close(self) -> None:
        """End all engines, also those that are asked at this moment: their lanes hear of it at once."""
        self.is_closed = True
        with self._guard:
            for bench in self._benches.values():
                if bench.engine is not None:
                    bench.engine.close()
            self._benches.clear()
