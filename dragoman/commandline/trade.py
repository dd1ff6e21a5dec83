"""``translate memory``, ``translate glossary`` and ``translate xliff``: the files of the translation trade."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOBase
from pathlib import Path
from typing import Annotated

import typer

from dragoman.commandline.shared import DEFAULT_HOME, HomeOption, JsonOption, is_terminal, open_home, report

memory = typer.Typer(help="The translation memory as TMX.", no_args_is_help=True)
glossary = typer.Typer(help="The glossary as TBX.", no_args_is_help=True)
xliff = typer.Typer(help="An article to a translator outside and back as XLIFF 2.", no_args_is_help=True)
_In = Annotated[Path, typer.Argument(help="The file to read.", exists=True, dir_okay=False)]
_Out = Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)]
_By = Annotated[str, typer.Option("--by", help="Who is named for what names nobody.")]


@contextmanager
def _written(path: Path) -> Iterator[TextIOBase]:
    """A file that is there when it is whole, and not before."""
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yield file
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


@contextmanager
def _progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=not is_terminal())) as progress:
        task = progress.add_task(what, total=total)
        yield lambda amount: progress.advance(task, amount)


@memory.command("export")
def export_memory(
    file: _Out,
    by_people: Annotated[bool, typer.Option("--people", help="Without what engines made.")] = False,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write all sentences with the translations that hold for the whole publication."""
    open_home(home)
    from dragoman import __version__
    from dragoman.interchange.trade.tmx import write_memory

    with _written(file) as out, _progress(f"Writing {file}", None) as told:
        entries = write_memory(out, __version__, by_people=by_people, told=told)
    report({"entries": entries}, as_json=as_json)


@memory.command("import")
def import_memory(file: _In, by: _By = "TMX", home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Take translations in. What people said here stays; a bad file is refused before anything is stored."""
    open_home(home)
    from dragoman.interchange.trade.tmx import read_memory

    with _progress(f"Reading {file}", 2 * file.stat().st_size) as told:
        done = read_memory(file, by=by, told=told)
    values = {
        "added": done.count.added,
        "there_already": done.count.there,
        "kept_what_a_person_said": done.count.kept,
        "not_divided_alike": done.undivided,
        "other_languages": dict(done.other_languages),
    }
    report(values, as_json=as_json)


@glossary.command("export")
def export_glossary(file: _Out, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Write all terms."""
    open_home(home)
    from dragoman.interchange.trade.tbx import write_glossary

    with _written(file) as out:
        terms = write_glossary(out)
    report({"terms": terms}, as_json=as_json)


@glossary.command("import")
def import_glossary(
    file: _In,
    source: Annotated[
        str, typer.Option("--from", help="The language to translate from, if not each entry's first.")
    ] = "",
    treatment: Annotated[
        str, typer.Option("--as", help="fixed or soft: what becomes of terms that do not say it.")
    ] = "soft",
    by: _By = "TBX",
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Take terms in, all or none; the sentences that they touch are asked for again."""
    open_home(home)
    from dragoman.foundation.errors import InvalidInput
    from dragoman.interchange.trade.tbx import read_glossary

    if treatment not in {"fixed", "soft"}:
        raise InvalidInput("--as: write fixed or soft.")
    with _progress(f"Reading {file}", None):
        done = read_glossary(file, by=by, source=source, treatment="fixed" if treatment == "fixed" else "soft")
    values = {
        "added": done.added,
        "there_already": done.there,
        "in_one_language": done.alone,
        "other_languages": dict(done.other_languages),
    }
    report(values, as_json=as_json)


@xliff.command("export")
def export_xliff(
    number: Annotated[int, typer.Argument(help="The article's number.")],
    file: _Out,
    target: Annotated[str, typer.Option("--to", help="The language to translate into.")],
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> None:
    """Write a published article with what its edition shows now."""
    open_home(home)
    from dragoman.foundation.languages import canonical
    from dragoman.interchange.trade.xliff import write_article

    with _written(file) as out:
        sentences = write_article(out, number, canonical(target))
    report({"sentences": sentences}, as_json=as_json)


@xliff.command("import")
def import_xliff(file: _In, by: _By = "XLIFF", home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False) -> None:
    """Take back what a translator outside has done; a bad file is refused whole."""
    open_home(home)
    from dragoman.interchange.trade.xliff import read_article

    done = read_article(file, by=by)
    values = {
        "taken": done.taken,
        "there_already": done.unchanged,
        "of_an_earlier_wording": done.outdated,
        "translated_here_meanwhile": done.meanwhile,
    }
    report(values, as_json=as_json)
