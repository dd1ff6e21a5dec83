"""``translate``: the queue, the engines, and one text."""

import json
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, is_terminal, open_home, report

app = typer.Typer(help="Translation: what waits, what works.", no_args_is_help=True)


@app.command("status")
def status(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """How much waits and how much is there."""
    open_home(home)
    from dragoman.translation import queries  # noqa: PLC0415

    report(queries.status(), as_json=as_json)


@app.command("run")
def run(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Ask for all that lacks a translation and work until the queue is empty."""
    open_home(home)
    from rich.console import Console  # noqa: PLC0415

    from dragoman.translation import queries, queue  # noqa: PLC0415
    from dragoman.translation.actions import request_everything  # noqa: PLC0415
    from dragoman.translation.worker import work_until_empty  # noqa: PLC0415

    request_everything()
    console = Console(stderr=True, quiet=not is_terminal())
    with console.status("Translating …") as shown:
        work_until_empty(lambda batches: shown.update(f"Translating … {batches} batches"))
    report(queries.status(), as_json=as_json)
    if not queue.is_empty():
        typer.echo("Some sentences wait for an engine that could not take them now; run it again later.", err=True)


@app.command("engines")
def engines(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """The engines, their pairs and how they do. Newly installed local ones are enabled first."""
    open_home(home)
    from dragoman.translation import queries  # noqa: PLC0415
    from dragoman.translation.actions import enable_local_engines  # noqa: PLC0415

    enable_local_engines()
    found = queries.engines()
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        print(f"{one['name']} {one['version']}{'' if one['enabled'] else ' (off)'}: {' '.join(one['pairs'])}")
        print(f"    answers {one['answers']}, failures {one['failures']} {one['last_failure']}".rstrip())
    if not found:
        print("There is no engine. Install Apertium: see docs/operate/engines.md.")


@app.command("text")
def text(
    text: Annotated[str, typer.Argument(help="Comment Markdown.")],
    source: Annotated[str, typer.Option("--from", help="Its language.")],
    target: Annotated[str, typer.Option("--to", help="The language wanted.")],
    keep: Annotated[list[str] | None, typer.Option("--keep", help="A name that must stay as it is.")] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Translate a text through the memory and the engines; print the translation and nothing else."""
    open_home(home)
    from dragoman.translation.single import translate_text  # noqa: PLC0415

    print(translate_text(text, source=source, target=target, names=keep or []))
