"""A throw-away publication for a measurement, in this very process. One a process: Django is set up once."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import django
from django.core.management import call_command

from dragoman.config.home import create


def open_home(*languages: str) -> Path:
    """A new home with an empty database; the folder is removed by whoever removes temporary folders."""
    home = Path(tempfile.mkdtemp(prefix="dragoman-benchmark-"))
    create(home / "home", {"publication.name": "Benchmark", "publication.languages": list(languages)})
    os.environ["DRAGOMAN_HOME"] = str(home / "home")
    os.environ["DJANGO_SETTINGS_MODULE"] = "dragoman.config.settings"
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    return home / "home"


def store_comments(texts: Sequence[str], language: str = "en") -> list[int]:
    """A unit for each text, as a comment has one; their ids."""
    from dragoman.translation.actions import NewText, store_texts  # noqa: PLC0415
    from dragoman.translation.models import Unit  # noqa: PLC0415
    from dragoman.translation.rules import markdown  # noqa: PLC0415

    units: list[int] = []
    taken = Unit.objects.count()
    for start in range(0, len(texts), 500):
        units += store_texts(
            [
                NewText(
                    "comment",
                    taken + start + place,
                    language,
                    markdown.parse(text),
                    topic=f"thread:{(start + place) % 97}",
                )
                for place, text in enumerate(texts[start : start + 500], 1)
            ]
        )
    return units


def register(name: str, kind: str, options: dict[str, str]) -> None:
    """An engine as the operator adds it, and no other."""
    from dragoman.translation.models import Engine  # noqa: PLC0415
    from dragoman.translation.operating import add_engine  # noqa: PLC0415

    Engine.objects.all().delete()
    add_engine(kind=kind, name=name, options=options)
