"""Recorded engine output as an engine: real slips without a model.

``folder`` holds a folder for each pair, such as ``en-es``, with the source
sentences in ``<corpus>.en`` and what a system made of them in
``<corpus>.<system>.es``, a sentence a line. Any other sentence is unsupported.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.translation.engines.base import Batch, Caps, Misconfigured, Pair, Result


class Replay:
    """The engine ``replay``."""

    sends_out = False

    def __init__(self, options: Mapping[str, Any], name: str = "replay") -> None:
        self.name = name
        self.version = str(options.get("system", ""))
        folder = Path(str(options["folder"]))
        self._recorded = {pair: path for path in _folders(folder) if (pair := _pair(path.name)) is not None}
        pairs = tuple(pair for pair in sorted(self._recorded) if self._output(pair) is not None)
        if not pairs:
            of = f" of “{self.version}”" if self.version else ""
            raise Misconfigured(f"there is no recorded output{of} in {folder}")
        self.caps = Caps(pairs, max_items=256, max_characters=200_000, max_text=20_000)
        self._answers: dict[Pair, dict[str, str]] = {}

    def _output(self, pair: Pair) -> Path | None:
        target = self._recorded[pair].name.rpartition("-")[2]
        return next(iter(sorted(self._recorded[pair].glob(f"*.{self.version or '*'}.{target}"))), None)

    def _answers_of(self, pair: Pair) -> dict[str, str]:
        if pair not in self._answers:
            output = self._output(pair)
            if output is None:
                return {}
            source = self._recorded[pair].name.partition("-")[0]
            asked = output.with_name(f"{output.name.partition('.')[0]}.{source}")
            lines = (path.read_text("utf-8").splitlines() for path in (asked, output))
            self._answers[pair] = dict(zip(*lines, strict=False))
        return self._answers[pair]

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """What was recorded, exactly as it was recorded."""
        known = self._answers_of((batch.source, batch.target)) if (batch.source, batch.target) in self._recorded else {}
        return [
            Result(item.id, known.get(item.text), "" if item.text in known else "unsupported") for item in batch.items
        ]

    def close(self) -> None:
        """Nothing to end."""


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir()]
    except OSError as error:
        raise Misconfigured(f"the folder {folder} cannot be read: {error.strerror}") from None


def _pair(name: str) -> Pair | None:
    source, _minus, target = name.partition("-")
    try:
        return canonical(source), canonical(target)
    except UnknownLanguage:
        return None
