"""``dragoman``: entry point, and what all commands share."""

import sys
from collections.abc import Callable
from typing import cast

import typer

from dragoman.commandline import importing, keeping, mailing, publication, running, searching, translating, users
from dragoman.foundation.errors import DragomanError

app = typer.Typer(
    name="dragoman",
    help="A publication server: one article, one conversation, every language.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    publication.init,
    publication.show,
    publication.check,
    running.demo,
    running.serve,
    running.worker,
    keeping.backup,
    keeping.restore,
):
    app.command()(cast(Callable[..., None], command))
app.add_typer(importing.app, name="import")
app.add_typer(translating.app, name="translate")
app.add_typer(users.app, name="user")
app.add_typer(searching.app, name="search")
app.add_typer(mailing.app, name="mail")


def run() -> None:
    """Run a command; an error of ours is one line on standard error and exit status 1."""
    try:
        app()
    except DragomanError as error:
        print(f"dragoman: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(141)
    except Exception as error:
        from django.db import OperationalError  # late: a command that is mistyped needs no Django

        if not isinstance(error, OperationalError):
            raise
        says = str(error).strip().partition("\n")[0]
        print(f"dragoman: The database cannot be used: {says}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    run()
