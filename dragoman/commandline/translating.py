"""``translate``: the queue, what it costs, and one text."""

import json
from typing import Annotated

import typer

from dragoman.commandline import engines, routes, trade
from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, is_terminal, open_home, report

app = typer.Typer(help="Translation: what waits, what works, what it costs.", no_args_is_help=True)
app.add_typer(engines.app, name="engines")
app.add_typer(routes.app, name="routes")
app.add_typer(trade.memory, name="memory")
app.add_typer(trade.glossary, name="glossary")
app.add_typer(trade.xliff, name="xliff")


@app.command("status")
def status(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """How much waits and how much is there."""
    open_home(home)
    from dragoman.translation import reports

    report(reports.status(), as_json=as_json)


@app.command("run")
def run(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Ask for all that lacks a translation or may become better, and work until nothing is due."""
    open_home(home)
    from rich.console import Console

    from dragoman.translation import queue, reports
    from dragoman.translation.improving import request_better
    from dragoman.translation.wishes import request_everything
    from dragoman.translation.worker import work_until_empty

    request_everything()
    request_better()
    console = Console(stderr=True, quiet=not is_terminal())
    with console.status("Translating …") as shown:
        work_until_empty(lambda batches: shown.update(f"Translating … {batches} batches"))
    report(reports.status(), as_json=as_json)
    if not queue.is_empty():
        typer.echo("Some sentences wait for an engine that could not take them now; run it again later.", err=True)


@app.command("budget")
def budget(
    engine: Annotated[str, typer.Argument(help="An engine whose budget shall be set.")] = "",
    characters: Annotated[str, typer.Option("--characters", help="A month at most, or “none” for no limit.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """What each engine was sent, month by month; with a name and --characters: set its budget."""
    open_home(home)
    from dragoman.foundation.errors import InvalidInput
    from dragoman.translation import operating, reports

    if bool(engine) != bool(characters):
        raise InvalidInput("Write both: dragoman translate budget NAME --characters NUMBER (or none).")
    if engine:
        if characters != "none" and not characters.isdecimal():
            raise InvalidInput("--characters: write a whole number, or none.")
        operating.set_budget(engine, None if characters == "none" else int(characters))
    spent, engines_now = reports.budgets(), reports.engines()
    if as_json:
        limits = {one.name: one.monthly_budget for one in engines_now}
        print(json.dumps({"budgets": limits, "spent": spent}, ensure_ascii=False))
        return
    for one in engines_now:
        limit = "no limit" if one.monthly_budget is None else f"at most {one.monthly_budget} characters a month"
        print(f"{one.name}: {limit}; this month {one.spent}")
    for row in spent:
        print(f"    {row['month']} {row['engine']} {row['characters']}")


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
    from dragoman.translation.single import translate_text

    print(translate_text(text, source=source, target=target, names=keep or []))
