"""``import``: one subcommand for each format."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, is_terminal, open_home, report

app = typer.Typer(help="Bring articles and conversations in.", no_args_is_help=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter("write a day as 2026-11-23") from None


@app.callback()
def importing() -> None:
    """Bring articles and conversations in."""


@app.command("page")
def page(
    file: Annotated[Path, typer.Argument(help="The text of a captured page.")],
    home: HomeOption = DEFAULT_HOME,
    language: Annotated[str, typer.Option("--language", help="The language that the page is in.")] = "",
    timezone: Annotated[str, typer.Option("--timezone", help="Of the times on the page.")] = "",
    day: Annotated[str, typer.Option("--date", help="The article's day, as 2026-11-23.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check everything, store nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Import the text of a captured page (see docs/operate/import-page.md)."""
    dated = _day(day) if day else None
    open_home(home)
    from django.conf import settings
    from rich.console import Console

    from dragoman.config.home import check_timezone
    from dragoman.interchange.importers.page import Options, import_page

    options = Options(
        language=language or settings.DRAGOMAN.default_language,
        timezone=check_timezone(timezone or settings.DRAGOMAN.timezone),
        dated=dated,
        dry_run=dry_run,
    )
    console = Console(stderr=True, quiet=not is_terminal())
    started = datetime.now().astimezone()
    with console.status(f"Importing {file} …"):
        done = import_page(file, options)
    values = {
        "article": done.article,
        "comments": done.comments,
        "readers": done.readers,
        "quotes": done.quotes,
        "removed_characters": done.removed_characters,
        "was_there_already": done.was_there,
        "seconds": round((datetime.now().astimezone() - started).total_seconds(), 2),
    }
    report(values | ({"note": "; ".join(done.notes)} if done.notes else {}), as_json=as_json)
