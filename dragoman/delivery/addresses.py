"""Addresses whose answers are the same for everybody, as their owners declare them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode


@dataclass(frozen=True, slots=True)
class Shared:
    """One sort of address.

    ``path`` matches all of a path. ``spelled`` is how it is asked for behind,
    as :meth:`re.Match.expand` takes it: parts that change nothing are left
    out. ``parameters``: those of the query that change the answer, each with
    what its values look like; any other is ignored. ``exact``: what is out of
    date is not even shown for a moment.
    """

    path: re.Pattern[str]
    spelled: str = r"\g<0>"
    parameters: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    exact: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """Path and query as an answer is kept and asked for behind."""

    path: str
    query: str
    exact: bool
    edition: str  # the first part of the path
    text: str  # all of it


class Addresses:
    """Brings what clients ask for to its one spelling."""

    def __init__(self, shared: Sequence[Shared]) -> None:
        self._shared = tuple(shared)
        self.canonical = lru_cache(maxsize=4096)(self._canonical)

    def _canonical(self, path: str, query: str) -> Address | None:
        """``None`` where the answer may be somebody's own, or the path would read as one with a query."""
        if "?" in path:
            return None
        for one in self._shared:
            found = one.path.fullmatch(path)
            if found:
                spelled, listed = found.expand(one.spelled), _listed(query, one.parameters)
                text = f"{spelled}?{listed}" if listed else spelled
                return Address(spelled, listed, one.exact, spelled.split("/", 2)[1], text)
        return None


_MOST_PARAMETERS = 20


def _listed(query: str, parameters: Mapping[str, re.Pattern[str]]) -> str:
    """The listed parameters in the order of their list; of one that comes twice the last counts, as in Django."""
    if not query or not parameters:
        return ""
    try:
        sent = dict(parse_qsl(query, max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        return ""
    return urlencode({name: sent[name] for name, values in parameters.items() if values.fullmatch(sent.get(name, ""))})
