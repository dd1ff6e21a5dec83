"""Texts and engines for the tests of this room."""

from collections.abc import Mapping, Sequence
from typing import Any

from dragoman.translation import actions, queries
from dragoman.translation.models import Engine
from dragoman.translation.operating import register_engine
from dragoman.translation.presented import Presented
from dragoman.translation.rules import markdown
from dragoman.translation.wishes import request_translations

SOURCE = "The lamps in the library are green."
SPANISH = "Las lámparas de la biblioteca son verdes."


def store(text: str = SOURCE, *, owner: int = 1, kind: str = "article", topic: str = "article:1", **rest: Any) -> int:
    """A new unit in English; nothing is asked for yet."""
    names = rest.pop("names", ())
    new = actions.NewText(kind, owner, rest.pop("language", "en"), markdown.parse(text, names), names, topic, **rest)
    return actions.store_texts([new])[0]


def ask(text: str = SOURCE, *, priority: int = 3, languages: Sequence[str] | None = ("es",), **rest: Any) -> int:
    """A new unit whose translations are asked for."""
    unit = store(text, **rest)
    request_translations([unit], priority=priority, languages=languages)
    return unit


def show(unit: int, language: str = "es") -> Presented:
    """As a reader sees it."""
    return queries.present([unit], language)[unit]


def scripted(
    name: str,
    *,
    pairs: Sequence[Sequence[str]] = (("en", "es"),),
    answers: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    sends_out: bool = False,
    version: str = "1",
) -> Engine:
    """A scripted engine of any name."""
    options = {
        "pairs": [list(pair) for pair in pairs],
        "answers": dict(answers or {}),
        "faults": dict(faults or {}),
        "sends_out": sends_out,
    }
    return register_engine(
        name=name, kind="scripted", version=version, pairs=pairs, options=options, sends_out=sends_out
    )
