"""The kinds of engines: what they are called, where they are, and what an operator may tell them."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dragoman.translation.engines.base import Engine, EngineError, Misconfigured
from dragoman.translation.engines.hosting import Hosted


@dataclass(frozen=True, slots=True)
class Kind:
    """``place`` is module and class, imported in the engine's own process alone; ``options`` say what each is for."""

    place: str
    options: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()


_KEY = {
    "key": "the account's key",
    "key_file": "a file with the account's key, instead of the key itself",
}
_STYLES = {
    "styles": "which spellings of markers it bears, such as letters,digits, or none; found out at the start unless said"
}
_REMOTE = {"languages": "the languages that it shall be asked for, separated by commas; without it all that it offers"}

KINDS: Mapping[str, Kind] = {
    "apertium": Kind("apertium:Apertium", options={"modes": "the folder of its mode files"}),
    "fxtranslate": Kind(
        "fxtranslate:FxTranslate",
        options={"models": "the folder with a folder for each pair, such as en-es", **_STYLES},
        required=("models",),
    ),
    "ctranslate2": Kind(
        "ctranslate2:CTranslate2",
        options={
            "model": "the folder of the converted model",
            "pairs": "such as en-es,es-en; of NLLB and other models of many languages: languages",
            "languages": "of a model of many languages, such as en,es,fr",
            "codes": "how the model calls them, such as en=eng_Latn,es=spa_Latn",
            "beam": "the beam's width, 1 unless said",
            "device": "cpu, cuda, or auto (cuda where there is one)",
            **_STYLES,
        },
        required=("model",),
    ),
    "libretranslate": Kind(
        "libretranslate:LibreTranslate",
        options={
            "url": "where it answers",
            **_KEY,
            **_REMOTE,
            "in_house": "yes, where it runs on your own machines",
        },
        required=("url",),
    ),
    "deepl": Kind(
        "deepl:DeepL",
        options={**_KEY, **_REMOTE, "url": "another server", "formality": "more, less or default"},
    ),
    "openai": Kind(
        "openai:OpenAI",
        options={
            "url": "the endpoint's base, such as http://127.0.0.1:8080/v1",
            "model": "the model's name",
            **_KEY,
            "languages": "the languages that it shall be asked for, separated by commas",
            "in_house": "yes, where it runs on your own machines",
        },
        required=("url", "model", "languages"),
    ),
    "replay": Kind(
        "replay:Replay",
        options={"folder": "recorded output: a folder for each pair", "system": "whose output, such as google"},
        required=("folder",),
    ),
    "scripted": Kind("scripted:Scripted"),
    "echo": Kind("echo:Echo", options={"pairs": "such as en-es,en-fr"}, required=("pairs",)),
}
# It is told what to say, in tests and in the demo, and neither computes nor waits: a process would serve nobody.
_AT_HOME = frozenset({"scripted"})


def make(kind: str, name: str, options: Mapping[str, Any]) -> Engine:
    """An engine in this very process; raises :class:`EngineError`."""
    if kind not in KINDS:
        raise Misconfigured(f"there is no engine of the kind “{kind}”; known are {', '.join(sorted(KINDS))}")
    module, _colon, class_name = KINDS[kind].place.partition(":")
    try:
        found = importlib.import_module(f"dragoman.translation.engines.{module}")
    except ImportError as error:
        raise Misconfigured(f"the package for it is not installed: {error.name}") from error
    engine: Engine = getattr(found, class_name)(options, name)
    return engine


def build(kind: str, name: str, options: Mapping[str, Any]) -> Engine:
    """An engine in its own process, ready to work; raises :class:`EngineError`."""
    if kind in _AT_HOME or kind not in KINDS:
        return make(kind, name, options)
    return Hosted(kind, name, options)


def find_local() -> list[tuple[str, Engine]]:
    """Kind and engine of every one that works on this machine without being told anything."""
    found: list[tuple[str, Engine]] = []
    try:
        found.append(("apertium", build("apertium", "apertium", {})))
    except EngineError:
        return []
    return found


def check_options(kind: str, options: Mapping[str, Any]) -> None:
    """Raise :class:`Misconfigured` for an unknown kind, an unknown option, or one that is missing."""
    if kind not in KINDS:
        raise Misconfigured(f"there is no engine of the kind “{kind}”; known are {', '.join(sorted(KINDS))}")
    known = KINDS[kind]
    if strange := sorted(set(options) - set(known.options)):
        offered = ", ".join(known.options) or "none"
        raise Misconfigured(f"“{kind}” has no option “{strange[0]}”; it has: {offered}")
    if missing := [one for one in known.required if not options.get(one)]:
        raise Misconfigured(f"“{kind}” needs the option “{missing[0]}”: {known.options[missing[0]]}")
