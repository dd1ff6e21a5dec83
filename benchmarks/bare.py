"""Servers that are references: Granian as the product uses it, with nothing behind."""

from granian import Granian
from granian.constants import Interfaces


def serve_bare(target: str, port: int, *, workers: int = 1) -> None:
    """In one process, or more. ``target`` is such as ``benchmarks.bare_stream:application``."""
    Granian(
        target,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        backpressure=19_000,
        backlog=4096,
        log_access=False,
    ).serve()
