"""What readers are told of, and by which way they hear unless they say otherwise. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["reply", "quote", "mention", "followed", "pick", "decision", "sanction", "thanks"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_NO_COMMENT: tuple[Kind, ...] = ("sanction", "thanks")
Mail: TypeAlias = Literal["", "instant", "digest"]
MAILS: tuple[Mail, ...] = get_args(Mail)

GRACE = timedelta(minutes=1)  # before a mail or a push: what is seen, mended or removed meanwhile is not sent
DIGEST_AT = time(7, 0)  # by the publication's clock
GIVEN_UP = timedelta(days=3)  # a mail that could not be sent by then is old news
KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Wish:
    """By which ways a reader wants to hear of a kind."""

    site: bool = True
    mail: Mail = ""
    push: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether nothing need be remembered at all."""
        return not (self.site or self.mail or self.push)


# A decision about one's own words, or oneself, is never only on the site.
DEFAULTS: Mapping[Kind, Wish] = {
    "reply": Wish(mail="digest", push=True),
    "quote": Wish(mail="digest", push=True),
    "mention": Wish(mail="digest", push=True),
    "followed": Wish(),
    "pick": Wish(mail="digest"),
    "decision": Wish(mail="instant", push=True),
    "sanction": Wish(mail="instant", push=True),
    "thanks": Wish(mail="digest"),
}


def strongest(reasons: Mapping[Kind, Collection[int]], *, without: Collection[int]) -> dict[int, Kind]:
    """One kind for each reader: an answer that also mentions one is an answer."""
    found: dict[int, Kind] = {}
    for kind in KINDS:
        for reader in reasons.get(kind, ()):
            if reader not in without:
                found.setdefault(reader, kind)
    return found


def last_digest(moment: datetime) -> datetime:
    """When digests were last due, in the moment's own time zone."""
    today = datetime.combine(moment.date(), DIGEST_AT, moment.tzinfo)
    return today if today <= moment else today - timedelta(days=1)
