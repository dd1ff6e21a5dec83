"""Opening a home, printing reports."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

HomeOption = Annotated[Path, typer.Option("--home", help="The publication's folder.", metavar="DIR")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEFAULT_HOME = Path("var")


def open_home(home: Path) -> None:
    """Set Django up for a home; raises ``ConfigurationError`` where there is none."""
    from dragoman.config.home import load

    load(home)
    os.environ["DRAGOMAN_HOME"] = str(home.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "dragoman.config.settings"
    import django

    django.setup()


def report(values: dict[str, Any], *, as_json: bool) -> None:
    """A small report, for people or for programs."""
    if as_json:
        print(json.dumps(values, ensure_ascii=False, default=str))
        return
    for key, value in values.items():
        shown = ", ".join(f"{name} {number}" for name, number in value.items()) if isinstance(value, dict) else value
        print(f"{key.replace('_', ' ')}: {shown}")


def is_terminal() -> bool:
    """Whether progress has somebody to see it."""
    return sys.stderr.isatty()
