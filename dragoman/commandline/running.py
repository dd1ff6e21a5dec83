"""``demo``, ``serve`` and ``worker``."""

import os
from pathlib import Path
from typing import Annotated

import typer

from dragoman.commandline.publication import make
from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, open_home

HostOption = Annotated[str, typer.Option("--host", help="The address to listen at.")]
PortOption = Annotated[int, typer.Option("--port", help="The port to listen at.", min=1, max=65535)]

_BEHIND = 5  # by so much a worker is nicer to others than a web process


def demo(home: HomeOption = DEFAULT_HOME, host: HostOption = "127.0.0.1", port: PortOption = 8000) -> None:
    """Make a filled publication, once, and serve it."""
    if not (home / "dragoman.toml").exists():
        _fill_demo(home)
    serve(home=home, host=host, port=port, workers=1)


def _fill_demo(home: Path) -> None:
    from rich.console import Console

    from dragoman.interchange.demo import EDITIONS, NAME

    console = Console(stderr=True)
    with console.status("Making the demo publication …") as status:
        make(home, name=NAME, languages=list(EDITIONS))
        from dragoman.interchange.demo.loading import PASSWORD, fill

        fill(lambda what: status.update(f"Making the demo publication: {what} …"))
    console.print(
        "The demo's readers have addresses reader1@demo.example, reader2@demo.example, … "
        f"and the password {PASSWORD}. Mails are printed here."
    )


def serve(
    home: HomeOption = DEFAULT_HOME,
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    workers: Annotated[int, typer.Option("--workers", help="Web processes.", min=1, max=64)] = 1,
) -> None:
    """Serve the publication: web processes and a worker in one process tree."""
    open_home(home)
    from dragoman.config import serving
    from dragoman.config.counting import count_together

    count_together(home)
    serving.prepare()
    soft, hard = serving.raise_file_limit()
    if soft < hard:
        typer.echo(f"Open files: the limit was raised from {soft} to {hard}.", err=True)
    shown = f"[{host}]" if ":" in host else host
    serving.serve(
        host=host,
        port=port,
        workers=workers,
        ready=lambda: typer.echo(f"Serving on http://{shown}:{port}/  (Ctrl+C stops it)", err=True),
    )


def worker(
    home: HomeOption = DEFAULT_HOME,
    child: Annotated[bool, typer.Option("--child", hidden=True)] = False,
) -> None:
    """Run a worker alone, for installations of several machines."""
    if child:
        from dragoman.foundation.processes import die_with_parent

        die_with_parent()
    # Readers who wait for a page go first; engines, which the worker starts, stand behind them too.
    os.nice(_BEHIND)
    open_home(home)
    from dragoman.config.working import work

    work()
