"""Which words of an edition readers may see. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Mode: TypeAlias = Literal["off", "machine", "review", "human"]
Shows: TypeAlias = Literal["all", "people", "nothing"]
MODES: tuple[Mode, ...] = ("off", "machine", "review", "human")
SHOWS: tuple[Shows, ...] = ("all", "people", "nothing")
FOR_ENGINES: frozenset[Mode] = frozenset({"machine", "review"})  # in the others no engine is asked


@dataclass(frozen=True, slots=True)
class Default:
    """The mode of new articles' editions in a section, from a language, into one; 0 and empty stand for every one."""

    section: int
    from_language: str
    to_language: str
    mode: Mode


def shows(mode: Mode, *, is_released: bool, is_withdrawn: bool) -> Shows:
    """“Machine” goes out at once; “review” and “human” wait for their release, “human” is people's words alone."""
    if mode == "off" or is_withdrawn or (mode in {"review", "human"} and not is_released):
        return "nothing"
    return "people" if mode == "human" else "all"


def mode_for(defaults: Iterable[Default], section: int, source: str, target: str) -> Mode:
    """The mode of a new edition: the section's word before the pair's, a pair's before that of one language."""
    fits = [
        one
        for one in defaults
        if one.section in {0, section} and one.from_language in {"", source} and one.to_language in {"", target}
    ]
    best = max(fits, key=lambda one: (bool(one.section), bool(one.to_language), bool(one.from_language)), default=None)
    return best.mode if best is not None else "machine"
