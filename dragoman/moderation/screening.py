"""The rulebook as it stands, asked about a comment before it is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings

from dragoman.foundation.languages import base
from dragoman.foundation.remembered import Remembered
from dragoman.foundation.statements import Select
from dragoman.moderation.models import Mode, RulebookVersion, RuleSetting, WordList
from dragoman.moderation.rules import lists, modes, order
from dragoman.moderation.rules.candidate import Act, Candidate, Verdict
from dragoman.moderation.rules.impersonation import bare
from dragoman.moderation.rules.known import Known
from dragoman.moderation.rules.modes import Scope
from dragoman.readers.queries import staff_names

_TOKEN = Select(lambda: RulebookVersion.objects.filter(pk=1).values_list("token"))


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All that the newsroom has set; ``lists`` by id."""

    known: Known
    lists: Mapping[int, lists.WordList]
    modes: Mapping[tuple[Scope, str], modes.Mode]

    def waits(self, here: Mapping[Scope, str]) -> bool:
        """Whether a comment waits for a moderator. ``here``: its reader's, language's, place's and section's keys."""
        language = base(here.get("language", ""))
        keys = {**here, "site": ""}
        if ("language", keys.get("language", "")) not in self.modes and language:
            keys["language"] = language  # “pt” is said of “pt-BR”, too
        return modes.waits(self.modes, keys, otherwise=bool(settings.DRAGOMAN.holds_new_comments))

    def is_closed(self, here: Mapping[Scope, str]) -> bool:
        """Whether nobody may write at a place. ``here``: the place's and its section's keys."""
        return modes.is_closed(self.modes, {**here, "site": ""})

    @property
    def heeds_sections(self) -> bool:
        """Whether anything is said of a section at all."""
        return any(scope == "section" for scope, _key in self.modes)


_newest: Remembered[str, str, Rulebook] = Remembered(1)


def current_rulebook() -> Rulebook:
    """As it stands: one query, and three more after a change."""
    row = _TOKEN.first()
    token = str(row[0]) if row is not None else ""
    return _newest.get("", token, lambda: _read() if token else rulebook_of((), (), ()))


def _read() -> Rulebook:
    return rulebook_of(WordList.objects.order_by("id"), RuleSetting.objects.all(), Mode.objects.all())


def rulebook_of(word_lists: Iterable[WordList], rule_settings: Iterable[RuleSetting], said: Iterable[Mode]) -> Rulebook:
    """A rulebook made of rows, also of such that are not saved."""
    at_work = [list_of(row) for row in word_lists]
    changed = list(rule_settings)
    numbers = {f"{row.rule}.{name}": value for row in changed for name, value in row.numbers.items()}
    return Rulebook(
        Known(
            acts={row.rule: cast(Act, row.act) for row in changed},
            numbers={**order.DEFAULT_NUMBERS, **numbers},
            matcher=lists.Matcher(one for one in at_work if one.act != "off"),
            hosts=frozenset({urlsplit(settings.DRAGOMAN.site_url).hostname or "", *settings.ALLOWED_HOSTS}),
        ),
        {one.id: one for one in at_work},
        {(cast(Scope, row.scope), row.key): cast(modes.Mode, row.mode) for row in said},
    )


def list_of(row: WordList) -> lists.WordList:
    """A row as the pure rules want it."""
    matching, act = cast(lists.Matching, row.matching), cast(Act, row.act)
    return lists.WordList(row.pk or 0, row.name, row.language, matching, act, tuple(row.words.splitlines()))


def tried(rulebook: Rulebook, setting: RuleSetting | None = None) -> Known:
    """What the rules know, with another act and other numbers of one of them; nothing is saved. One query."""
    known = replace(rulebook.known, staff=frozenset(bare(name) for name in staff_names()))
    if setting is None:
        return known
    numbers = {f"{setting.rule}.{name}": value for name, value in setting.numbers.items()}
    acts = {**known.acts, setting.rule: cast(Act, setting.act)}
    return replace(known, acts=acts, numbers={**known.numbers, **numbers})


def screen(rulebook: Rulebook, candidate: Candidate) -> Verdict:
    """What the rules find. One query at most: for the names of staff."""
    known = rulebook.known
    if not candidate.writer.is_staff:
        known = replace(known, staff=frozenset(bare(name) for name in staff_names()))
    return order.judge(candidate, known)
