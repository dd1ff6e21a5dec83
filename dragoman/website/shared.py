"""Which of our addresses answer the same to everybody who has no session, and by which parameters they differ."""

import re
from collections.abc import Iterable

from dragoman.conversation.rules.ordering import ORDERS
from dragoman.delivery.addresses import Shared

_NUMBER = re.compile(r"\d{1,9}")
_VIEW = {"view": re.compile("original")}
_THREAD = {"order": re.compile("|".join(ORDERS[1:])), "from": _NUMBER, "quoting": re.compile(r"[\w.-]{1,80}")}


def shared_addresses(languages: Iterable[str]) -> list[Shared]:
    """Of a publication with these editions."""
    edition = f"/(?:{'|'.join(map(re.escape, languages))})"

    def page(rest: str, parameters: dict[str, re.Pattern[str]]) -> Shared:
        return Shared(re.compile(edition + rest), parameters=parameters | _VIEW)

    def fragment(rest: str, *, after: str = "", parameters: dict[str, re.Pattern[str]] | None = None) -> Shared:
        return Shared(
            re.compile(f"({edition}/fragment/{rest}){after}"),
            spelled=r"\g<1>0" if after else r"\g<1>",
            parameters=parameters or {},
            exact=True,
        )

    return [
        page(r"/(?!readers/|comments/)[\w-]+/\d{1,9}(?:-[^/]*)?", _THREAD),
        page("/", {}),
        page(r"/[\w-]+/", {"page": re.compile(r"\d{1,4}")}),
        # A fragment's version only keeps browsers from showing an older one: all versions are the newest.
        fragment(r"comment/\d{1,18}@inline"),
        fragment(r"comment/\d{1,18}@", after="[^/]+"),
        fragment(r"article/\d{1,9}@", after="[^/]+", parameters=_VIEW),
        fragment(r"new/\d{1,9}", parameters={"after": _NUMBER}),
    ]
