"""``init``, ``show`` and ``check``."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, open_home


def init(
    name: Annotated[str, typer.Option("--name", help="What the publication is called.")],
    home: HomeOption = DEFAULT_HOME,
    languages: Annotated[str, typer.Option("--languages", help="Editions, the default one first.")] = "en",
    timezone: Annotated[str, typer.Option("--timezone", help="An IANA time zone.")] = "UTC",
    database: Annotated[str, typer.Option("--database", help="postgresql://…; SQLite otherwise.", metavar="URL")] = "",
    bus: Annotated[str, typer.Option("--bus", help="redis://…, for several machines.", metavar="URL")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="A setting.", metavar="KEY=VALUE")] = None,
) -> None:
    """Make a new publication."""
    make(
        home,
        name=name,
        languages=languages.split(","),
        timezone=timezone,
        database=database,
        bus=bus,
        settings=set_ or [],
    )
    print(f"The publication “{name}” is in {home}. Start it with: dragoman serve --home {home}")


def make(
    home: Path,
    *,
    name: str,
    languages: list[str],
    timezone: str = "UTC",
    database: str = "",
    bus: str = "",
    settings: list[str] | None = None,
) -> None:
    """Write the home, make the database, find the local engines."""
    from dragoman.config.home import create, parse_setting

    given = dict(parse_setting(text) for text in settings or [])
    values = {
        "publication.name": name,
        "publication.languages": [tag.strip() for tag in languages],
        "publication.timezone": timezone,
        **({"database.url": database} if database else {}),
        **({"bus.url": bus} if bus else {}),
        **given,
    }
    create(home, values)
    try:
        open_home(home)
        _fill(name)
    except BaseException:
        # Nothing half done: the next try must not meet a home that cannot be used.
        (home / "dragoman.toml").unlink(missing_ok=True)
        for path in home.glob("dragoman.sqlite3*"):
            path.unlink()
        raise


def _fill(name: str) -> None:
    from dragoman.config.serving import prepare
    from dragoman.publication.actions import set_up_publication
    from dragoman.translation.operating import enable_local_engines

    prepare()
    set_up_publication(name=name)
    enable_local_engines()


def show(
    number: Annotated[int, typer.Argument(help="The article's number.")],
    language: Annotated[str, typer.Option("--language", help="The edition.")],
    home: HomeOption = DEFAULT_HOME,
    original: Annotated[bool, typer.Option("--original", help="Without translation.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Print an article and its thread as text."""
    open_home(home)
    from django.conf import settings

    from dragoman.foundation.languages import UnknownLanguage, canonical
    from dragoman.interchange.exporters import text

    tag = canonical(language)
    if tag not in settings.DRAGOMAN.languages:
        raise UnknownLanguage(
            f"There is no edition in “{tag}”. The editions are: {', '.join(settings.DRAGOMAN.languages)}."
        )
    whole = text.gather(number, tag, original=original)
    if as_json:
        print(json.dumps(text.as_json(whole), ensure_ascii=False))
        return
    for line in text.as_text(whole):
        print(line)


def check(home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Look whether everything that this publication needs is there."""
    open_home(home)
    from dragoman.desk.checking import check_all

    findings = check_all()
    if as_json:
        print(json.dumps([{"name": one.name, "ok": one.ok, "says": one.says} for one in findings], ensure_ascii=False))
    else:
        for one in findings:
            print(f"{'ok  ' if one.ok else 'FAIL'} {one.name}: {one.says}")
    if not all(one.ok for one in findings):
        raise typer.Exit(1)
