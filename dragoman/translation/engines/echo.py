"""An engine that answers with the question's own words in another order, for measurements and faults.

What it answers passes the checks of markers, lengths and numbers and is no
translation: it stands for an engine that costs nothing.
"""

import re
from collections.abc import Mapping
from typing import Any

from dragoman.foundation.languages import canonical
from dragoman.translation.engines.base import Batch, Caps, Result
from dragoman.translation.engines.options import pairs_of

_UNITS = re.compile(r"⟦[+*]\d+⟧.*?⟦[-/]\d+⟧|\S+")


class Echo:
    """The engine ``echo``."""

    version = "1"
    sends_out = False

    def __init__(self, options: Mapping[str, Any], name: str = "echo") -> None:
        self.name = name
        pairs = tuple((canonical(one), canonical(other)) for one, other in pairs_of(options["pairs"]))
        self.caps = Caps(pairs, max_items=512, max_characters=200_000, max_text=100_000)

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """The words turned round, all but the last; a mark stays around its words."""
        return [Result(item.id, _turned(item.text)) for item in batch.items]

    def close(self) -> None:
        """Nothing to end."""


def _turned(text: str) -> str:
    units = _UNITS.findall(text)
    return " ".join([*reversed(units[:-1]), *units[-1:]])
