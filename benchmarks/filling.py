"""Texts and engines for a measurement's publication, which is open already (see ``homes``)."""

from collections.abc import Sequence

from dragoman.translation.actions import NewText, store_texts
from dragoman.translation.models import Engine, Unit
from dragoman.translation.operating import add_engine
from dragoman.translation.rules import markdown


def store_comments(texts: Sequence[str], language: str = "en") -> list[int]:
    """A unit for each text, as a comment has one; their ids."""
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
    Engine.objects.all().delete()
    add_engine(kind=kind, name=name, options=options)
