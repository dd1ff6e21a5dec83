"""``search``: the index."""

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, is_terminal, open_home

app = typer.Typer(help="The search index.", no_args_is_help=True)


@app.callback()
def searching() -> None:
    """The search index."""


@app.command("rebuild")
def rebuild(home: HomeOption = DEFAULT_HOME) -> None:
    """Make the index anew. Readers find what is in it already meanwhile."""
    open_home(home)
    from rich.console import Console

    from dragoman.search import indexing

    indexing.rebuild()
    console = Console(stderr=True)
    done = 0
    with console.status("Indexing …") as status:
        while indexing.fill():
            done += indexing.AT_ONCE
            if is_terminal():
                status.update(f"Indexing: about {done} comments …")
    print("The index is made anew.")
