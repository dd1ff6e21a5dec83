"""An engine that does what it is told, for tests and for the demo's article about states.

``options["answers"]`` maps ``"<target>|<marked source>"`` to an answer;
``options["faults"]`` maps a marked source to one of the behaviours below, any
other sentence of its pairs is answered with itself turned round in brackets,
so that no answer looks like a real one.
"""

import time
from collections.abc import Mapping
from typing import Any

from dragoman.translation.engines.base import (
    Batch,
    Caps,
    Died,
    Item,
    Misconfigured,
    Quota,
    RateLimited,
    Result,
    Transient,
)


class Scripted:
    """The engine ``scripted``."""

    version = "1"

    def __init__(self, options: Mapping[str, Any], name: str = "scripted") -> None:
        self.name = name
        pairs = tuple((str(one), str(other)) for one, other in options.get("pairs", ()))
        self.caps = Caps(pairs, max_items=int(options.get("max_items", 32)), max_text=100_000)
        self._answers: Mapping[str, str] = options.get("answers", {})
        self._faults: Mapping[str, str] = options.get("faults", {})
        self.sends_out = bool(options.get("sends_out"))
        self.calls: list[Batch] = []

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Answer as told; a fault of the batch shows wherever its sentence is in it."""
        self.calls.append(batch)
        faults = {self._faults[item.text] for item in batch.items if item.text in self._faults}
        if "down" in faults:
            raise Transient("the scripted engine is down")
        if "busy" in faults:
            raise RateLimited("the scripted engine is asked too often", 7)
        if "used-up" in faults:
            raise Quota("the scripted engine's quota is used up", 7200)
        if "misconfigured" in faults:
            raise Misconfigured("the scripted engine has no key")
        if "dies" in faults:
            raise Died("the scripted engine ended")
        results = [self._one(item, batch.target, seconds) for item in batch.items]
        if "shift" in faults:
            texts = [result.text for result in results]
            return [Result(item.id, text) for item, text in zip(batch.items, [texts[-1], *texts[:-1]], strict=True)]
        return [result for result in results if self._faults.get(self._text(batch, result)) != "drop"]

    def _one(self, item: Item, target: str, seconds: float) -> Result:
        answer = self._answers.get(f"{target}|{item.text}", f"[{target}] {item.text}")
        fault = self._faults.get(item.text, "")
        if fault == "delay":
            time.sleep(min(seconds, 0.05))
        return {
            "empty": Result(item.id, ""),
            "double": Result(item.id, f"{answer} {answer} {answer} {answer} {answer}"),
            "rough": Result(item.id, answer, unknown=0.5),
            "failed": Result(item.id, "olive " * 12),
            "poison": Result(item.id, None, "poison"),
            "timeout": Result(item.id, None, "timeout"),
            "pending": Result(item.id, None, "later"),
            "unmarked": Result(item.id, answer.replace("⟦", "").replace("⟧", "")),
        }.get(fault, Result(item.id, answer))

    @staticmethod
    def _text(batch: Batch, result: Result) -> str:
        return next((item.text for item in batch.items if item.id == result.id), "")

    def close(self) -> None:
        """Nothing to end."""
