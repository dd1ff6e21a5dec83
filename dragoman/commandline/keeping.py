"""``backup`` and ``restore``."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home, report

FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="The backup; .tar.zst is a fitting end of its name.")
]


def backup(file: FileArgument, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Write database, settings and media to one file, while the publication is served."""
    open_home(home)
    from dragoman.config.backup import back_up

    with _progress("Making the backup") as says:
        written = back_up(file.resolve(), says=says)
    packed = file.stat().st_size
    report({"backup": str(file), "files": written.files, "bytes": written.bytes, "packed": packed}, as_json=as_json)


def restore(
    file: FileArgument,
    home: HomeOption = DEFAULT_HOME,
    database: Annotated[
        str, typer.Option("--database", help="An empty PostgreSQL database, if not the one of before.", metavar="URL")
    ] = "",
) -> None:
    """Make a new home out of a backup. Nothing that exists is overwritten."""
    from dragoman.config.restoring import restore as bring_back

    with _progress("Restoring") as says:
        made = bring_back(file, home, opens=open_home, database=database, says=says)
    print(f"The publication “{made.name}” is in {home} again. Start it with: dragoman serve --home {home}")
    print(f"The models of its engines are not in a backup; {home / 'engines.json'} names them.")


@contextmanager
def _progress(what: str) -> Iterator[Callable[[str], None]]:
    from rich.console import Console

    signal.signal(signal.SIGTERM, _end)
    with Console(stderr=True).status(f"{what} …") as status:
        yield lambda step: status.update(f"{what}: {step} …")


def _end(number: int, frame: object) -> NoReturn:
    """As an error does: what is half done lies beside what it was to become, and is taken away."""
    raise SystemExit(128 + number)
