"""What an outside program answered of a comment, taken for what it is: a stranger's word."""

from collections.abc import Mapping
from typing import Any, cast

from dragoman.moderation.rules.candidate import Act, Finding

NAME = "classifier"
_MOST_SPANS = 20
_TAKEN: tuple[Act, ...] = ("flag", "hold")  # it may ask for no more: what is shown is a person's to remove


class Nonsense(ValueError):
    """The answer says nothing that could be understood."""


def read_answer(answer: Any, text: str, language: str) -> Finding | None:
    """``{"act": "none" | "flag" | "hold", "spans": [[0, 5], …]}``; raises :class:`Nonsense`."""
    if not isinstance(answer, Mapping) or answer.get("act") not in ("none", *_TAKEN):
        raise Nonsense
    if answer["act"] == "none":
        return None
    told = answer.get("spans", [])
    spans = [one for one in (told if isinstance(told, list) else [])[:_MOST_SPANS] if _is_span(one, len(text))]
    return Finding(NAME, cast(Act, answer["act"]), tuple((start, end) for start, end in spans), language)


def _is_span(told: Any, length: int) -> bool:
    is_pair = isinstance(told, list) and len(told) == 2 and all(type(one) is int for one in told)
    return is_pair and 0 <= told[0] < told[1] <= length
