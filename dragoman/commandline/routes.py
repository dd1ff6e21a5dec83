"""``translate routes``: who translates what."""

import json
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home

app = typer.Typer(help="Who translates what: engines by pair and kind of text.", invoke_without_command=True)
_From = Annotated[str, typer.Option("--from", help="The texts' language; without it every one.")]
_To = Annotated[str, typer.Option("--to", help="The language wanted; without it every one.")]
_Kind = Annotated[str, typer.Option("--kind", help="article, comment or section; without it every one.")]


@app.callback()
def routes(context: typer.Context, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """The operator's words on who translates what. Without any, engines are asked in their own order."""
    if context.invoked_subcommand is not None:
        return
    open_home(home)
    from dragoman.translation import reports

    found = reports.routings()
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        order = ", ".join(one["engines"]) or "all"
        pivot = f", over {one['pivot']}" if one["pivot"] else ""
        when = "" if one["is_eager"] else ", when looked at"
        print(f"{one['pair']} {one['kind'] or 'every text'}: {order}{pivot}{when}")


@app.command("set")
def set_route(
    source: _From = "",
    target: _To = "",
    kind: _Kind = "",
    engines: Annotated[str, typer.Option("--engines", help="In the order of asking, such as deepl,apertium.")] = "",
    pivot: Annotated[str, typer.Option("--pivot", help="The language between, or “none”.")] = "",
    on_view: Annotated[
        bool, typer.Option("--on-view", help="Translate only what somebody looks at (for slow or dear engines).")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say who translates texts of a pair and kind. The most particular word holds."""
    open_home(home)
    from dragoman.translation import operating

    names = [one.strip() for one in engines.split(",") if one.strip()]
    operating.route_texts(source=source, target=target, kind=kind, engines=names, pivot=pivot, is_eager=not on_view)


@app.command("forget")
def forget(source: _From = "", target: _To = "", kind: _Kind = "", home: HomeOption = DEFAULT_HOME) -> None:
    """Take such a word back."""
    open_home(home)
    from dragoman.translation import operating

    operating.forget_route(source=source, target=target, kind=kind)
