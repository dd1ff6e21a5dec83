"""``translate engines``: seeing, adding, switching and asking engines again."""

import json
from collections.abc import Sequence
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, is_terminal, open_home

app = typer.Typer(help="The engines, their pairs and how they do.", invoke_without_command=True)
_Name = Annotated[str, typer.Argument(help="The engine's name.")]


@app.callback()
def engines(context: typer.Context, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """The engines, their pairs and how they do. Newly installed local ones are enabled first."""
    if context.invoked_subcommand is not None:
        return
    open_home(home)
    from dragoman.translation import operating, reports

    operating.enable_local_engines()
    if as_json:
        print(json.dumps(reports.engine_facts(), ensure_ascii=False, default=str))
        return
    found = reports.engines()
    for one in found:
        out = ", sends texts out" if one.sends_out else ""
        print(f"{one.name} {one.version} ({one.state}{out}): {' '.join(one.pairs)}")
        budget = "" if one.monthly_budget is None else f" of {one.monthly_budget}"
        print(f"    answers {one.answers}, refused {one.refused}, failures {one.failures} {one.last_failure}".rstrip())
        print(f"    {one.characters_per_second:.0f} characters a second; this month {one.spent}{budget}")
    if not found:
        print("There is no engine. Install Apertium: see docs/operate/engines.md.")


@app.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="Such as apertium, ctranslate2, deepl; see docs/operate/engines.md.")],
    name: Annotated[str, typer.Option("--name", help="What to call it; its kind unless said.")] = "",
    option: Annotated[list[str] | None, typer.Option("--option", help="KEY=VALUE, as the kind wants it.")] = None,
    download: Annotated[
        str, typer.Option("--download", help="fxtranslate: fetch the models of these pairs first, such as en-es,es-en.")
    ] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Add an engine, or bring one of this name up to date. It is started and asked what it can do."""
    open_home(home)
    from django.conf import settings

    from dragoman.translation import operating

    told = _options(option or [])
    if download:
        told.setdefault("models", str(settings.DRAGOMAN.home / "models" / "fxtranslate"))
        _fetch(download, told["models"])
    engine = operating.add_engine(kind=kind, name=name or kind, options=told)
    print(f"{engine.name} {engine.version}: {len(engine.pairs)} pairs.")
    print("“dragoman translate run” asks it for what is missing.")
    if engine.sends_out:
        print("It sends texts to another house; “dragoman translate budget” limits them, and the register lists them.")


def _options(written: Sequence[str]) -> dict[str, str]:
    from dragoman.foundation.errors import InvalidInput

    parts = [one.partition("=") for one in written]
    if wrong := next((key for key, sign, _value in parts if not sign), None):
        raise InvalidInput(f"--option {wrong}: write KEY=VALUE.")
    return {key: value for key, _sign, value in parts}


def _fetch(pairs: str, folder: str) -> None:
    from pathlib import Path

    from rich.console import Console
    from rich.progress import Progress, TaskID

    from dragoman.foundation.errors import InvalidInput
    from dragoman.translation.engines.base import EngineError
    from dragoman.translation.engines.fetching import fetch_models
    from dragoman.translation.engines.options import pairs_of

    with Progress(console=Console(stderr=True, quiet=not is_terminal())) as progress:
        tasks: dict[str, TaskID] = {}

        def told(file: str, done: int, size: int) -> None:
            if file not in tasks:
                tasks[file] = progress.add_task(file, total=size)
            progress.update(tasks[file], completed=done, total=size)

        try:
            fetch_models(pairs_of(pairs), Path(folder), told)
        except EngineError as error:
            raise InvalidInput(f"The models were not downloaded: {error}.") from None


@app.command("on")
def on(name: _Name, home: HomeOption = DEFAULT_HOME) -> None:
    """Let an engine work, at once also after failures."""
    open_home(home)
    from dragoman.translation import operating

    operating.switch_engine(name, on=True)


@app.command("off")
def off(name: _Name, home: HomeOption = DEFAULT_HOME) -> None:
    """Let an engine work no more; what it translated stays."""
    open_home(home)
    from dragoman.translation import operating

    operating.switch_engine(name, on=False)


@app.command("remove")
def remove(name: _Name, home: HomeOption = DEFAULT_HOME) -> None:
    """Forget an engine with its options and its books; what it translated and the register stay."""
    open_home(home)
    from dragoman.translation import operating

    operating.remove_engine(name)


@app.command("place")
def place(
    name: _Name,
    position: Annotated[int, typer.Argument(help="1 is asked first.", min=1)],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Change the order in which engines are asked."""
    open_home(home)
    from dragoman.translation import operating

    operating.place_engine(name, position)


@app.command("failures")
def failures(
    name: Annotated[str, typer.Argument(help="Of one engine only.")] = "",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """What went wrong lately, and over which sentence."""
    open_home(home)
    from dragoman.translation import reports

    found = reports.failures(name)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, default=str))
        return
    for one in found:
        print(
            f"{one['at']:%Y-%m-%d %H:%M:%S} {one['engine']} {one['pair']} {one['reason']} {one['text'][:120]}".rstrip()
        )


@app.command("register")
def register(
    name: Annotated[str, typer.Argument(help="Of one engine only.")] = "",
    most: Annotated[int, typer.Option("--most", help="Rows, the newest first.", min=1)] = 100,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """What left the house, to whom and when: ids and hashes, never text."""
    open_home(home)
    from dragoman.translation import reports

    found = reports.register(engine=name, most=most)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, default=str))
        return
    for one in found:
        of = f"sentence {one['sentence']}" + (f" of text {one['unit']}" if one["unit"] else "")
        print(
            f"{one['at']:%Y-%m-%d %H:%M:%S} {one['engine']} {one['pair']} {of} {one['characters']} {one['hash'][:16]}"
        )


@app.command("again")
def again(
    quality: Annotated[
        list[str] | None, typer.Option("--quality", help="rejected, rough or ok; rejected and rough unless said.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="Only what this engine made.")] = "",
    source: Annotated[str, typer.Option("--from", help="Only from this language.")] = "",
    target: Annotated[str, typer.Option("--to", help="Only into this language.")] = "",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask again for machine translations; what is there stays until something as good has come."""
    open_home(home)
    from dragoman.foundation.errors import InvalidInput
    from dragoman.translation.improving import QUALITIES, request_again

    wanted = quality or ["rejected", "rough"]
    if strange := [one for one in wanted if one not in QUALITIES]:
        raise InvalidInput(f"--quality {strange[0]}: write one of {', '.join(QUALITIES)}.")
    print(
        f"{request_again(quality=wanted, engine=engine, source=source, target=target)} sentences are asked for again."
    )
