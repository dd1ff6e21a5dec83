"""``mail``: what comes back from mail servers."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, open_home
from dragoman.foundation.errors import ConfigurationError

_FROM_STDIN = "-"

app = typer.Typer(help="Mail.", no_args_is_help=True)


@app.callback()
def mail() -> None:
    """Mail."""


@app.command("bounce")
def bounce(
    file: Annotated[str, typer.Argument(help="A delivery report (RFC 3464); “-” reads it from standard input.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Take down that a mail came back. For the mail server's own hands: it pipes reports here."""
    try:
        raw = sys.stdin.buffer.read() if file == _FROM_STDIN else Path(file).read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    open_home(home)
    from dragoman.notifications.actions import note_bounces

    dead = note_bounces(raw)
    print(f"No more mail to: {', '.join(dead)}" if dead else "Noted; it may pass.")
