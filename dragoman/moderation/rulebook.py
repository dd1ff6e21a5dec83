"""Changing the rulebook: word lists, what follows from a rule, where comments wait."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dragoman.delivery.keys import PUBLICATION
from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.errors import Conflict, NotFound
from dragoman.foundation.languages import canonical
from dragoman.foundation.text import clean, one_line
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.moderation.errors import BadRule, BadWordList
from dragoman.moderation.models import Mode, RulebookVersion, RuleSetting, WordList
from dragoman.moderation.rules import order
from dragoman.moderation.rules.candidate import ACTS
from dragoman.moderation.rules.known import Known
from dragoman.moderation.rules.lists import MATCHINGS, BadList, read_list
from dragoman.moderation.rules.modes import MODES, SCOPES
from dragoman.moderation.screening import Rulebook, tried
from dragoman.moderation.wording import fault_of
from dragoman.readers.policies import Actor, require


class ListNameTaken(Conflict):
    """Two lists of one name would be told apart by nobody."""

    code = "list-name-taken"

    def __init__(self, name: str) -> None:
        super().__init__(_("There is a list called “%(name)s” already.") % {"name": name})


@dataclass(frozen=True, slots=True)
class TypedList:
    """A list as somebody typed it; ``words`` has one on each line."""

    name: str
    language: str = ""
    matching: str = "word"
    act: str = "hold"
    words: str = ""


def checked_list(typed: TypedList) -> WordList:
    """A row of it that is not saved; raises where something is wrong with it."""
    name = one_line(typed.name)[:80]
    if not name:
        raise BadWordList(_("Please give the list a name."))
    if typed.matching not in MATCHINGS or typed.act not in ACTS:
        raise BadRule
    try:
        words = read_list(clean(typed.words).text)
    except BadList as error:
        raise fault_of(error) from error
    return WordList(
        name=name,
        language=canonical(typed.language) if typed.language else "",
        matching=typed.matching,
        act=typed.act,
        words="\n".join(words),
    )


def save_list(*, actor: Actor, typed: TypedList, list_id: int | None = None) -> int:
    """A new list, or another content of one; its id. It is at work when this returns."""
    require(actor, "rulebook.change")
    row = checked_list(typed)
    with transaction.atomic():
        if list_id is not None and not WordList.objects.select_for_update().filter(pk=list_id).exists():
            raise NotFound
        row.pk = list_id
        row.changed_at, row.changed_by = now(), actor.nickname[:80]
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            raise ListNameTaken(row.name) from None
        _tell()
    return int(row.pk)


def delete_list(*, actor: Actor, list_id: int) -> None:
    """Its words are allowed again from now on."""
    require(actor, "rulebook.change")
    with transaction.atomic():
        if not WordList.objects.filter(pk=list_id).delete()[0]:
            raise NotFound
        _tell()


def checked_rule(rule: str, act: str, numbers: Mapping[str, int]) -> RuleSetting:
    """A row of it that is not saved; raises :class:`BadRule`."""
    found = next((one for one in order.RULES if one.name == rule), None)
    if found is None or act not in ACTS or set(numbers) != set(found.numbers):
        raise BadRule
    if not all(1 <= value <= found.numbers[name][1] for name, value in numbers.items()):
        raise BadRule
    return RuleSetting(rule=rule, act=act, numbers=dict(numbers))


def known_with(book: Rulebook, rule: str, act: str, numbers: Mapping[str, int]) -> Known:
    """What the rules would know with another act and other numbers of one of them; raises :class:`BadRule`."""
    return tried(book, checked_rule(rule, act, numbers))


def set_rule(*, actor: Actor, rule: str, act: str, numbers: Mapping[str, int]) -> None:
    """What follows from a rule, and its numbers."""
    require(actor, "rulebook.change")
    row = checked_rule(rule, act, numbers)
    with transaction.atomic():
        RuleSetting.objects.update_or_create(rule=rule, defaults={"act": row.act, "numbers": row.numbers})
        _tell()


def set_mode(*, actor: Actor, scope: str, key: str, mode: str) -> None:
    """Whether comments wait there; an empty ``mode`` takes the word back."""
    require(actor, "rulebook.change")
    if scope not in SCOPES or mode not in ("", *MODES) or (scope == "site") != (not key) or len(key) > 200:
        raise BadRule
    if scope in ("section", "reader") and not (key.isascii() and key.isdecimal()):
        raise BadRule
    if scope == "language":
        key = canonical(key)
    if mode == "closed" and scope in ("reader", "language"):
        raise BadRule  # that is what sanctions are for, and nobody is shut out for a language
    with transaction.atomic():
        rows = Mode.objects.filter(scope=scope, key=key)
        closes = mode == "closed" or rows.filter(mode="closed").exists()
        if mode:
            Mode.objects.update_or_create(scope=scope, key=key, defaults={"mode": mode})
        else:
            rows.delete()
        _tell()
        if closes:  # pages show it
            announce(Announcement(PUBLICATION, "changed", {"of": "comments"}))
    if closes:
        settle()


def _tell() -> None:
    """Every process reads the rulebook again."""
    RulebookVersion.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})
