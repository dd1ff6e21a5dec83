"""The glossary as it stands, and in which section a text stands."""

from collections.abc import Collection, Mapping
from functools import cache
from typing import cast

from dragoman.foundation.languages import base
from dragoman.foundation.remembered import Remembered
from dragoman.foundation.statements import Select
from dragoman.translation.models import GlossaryTerm, GlossaryVersion, SectionTopic, Unit
from dragoman.translation.rules.glossary import Form, Glossary, Term, Treatment

_TOKEN = Select(lambda: GlossaryVersion.objects.filter(pk=1).values_list("token"))
_SECTIONS = Select(
    lambda topics: SectionTopic.objects.filter(topic__in=topics).order_by("topic").values_list("topic", "section")
)


class Terms:
    """All terms at one version of the glossary; those of a pair are made ready when they are first wanted."""

    def __init__(self, token: str, terms: Collection[Term] = ()) -> None:
        self.token = token
        self.all = tuple(terms)
        self.of = cache(self._of)
        self._in_sections = cache(self._of_sections)
        self.has_sections = any(term.section is not None for term in self.all)

    def _of(self, source: str, target: str) -> Glossary:
        """Those for a pair; a term of “en” is for texts in “en-GB”, too."""
        found = (
            one for one in self.all if applies(one.from_language, source) and applies(one.to_language or target, target)
        )
        return Glossary(found, source)

    def _of_sections(self, source: str) -> Glossary:
        return Glossary(
            (one for one in self.all if one.section is not None and applies(one.from_language, source)), source
        )

    def sections_of(self, units: Collection[int]) -> Mapping[int, int]:
        """The sections that these texts stand in, where any term is a section's. Two queries, or none."""
        if not (self.has_sections and units):
            return {}
        topics = dict(Unit.objects.filter(pk__in=units).exclude(topic="").values_list("pk", "topic"))
        sections = self.sections_of_topics(set(topics.values()))
        return {unit: sections[topic] for unit, topic in topics.items() if topic in sections}

    def sections_of_topics(self, topics: Collection[str]) -> Mapping[str, int]:
        """The sections that these topics belong to, where any term is a section's. One query, or none."""
        return dict(_SECTIONS(sorted(topics))) if self.has_sections and topics else {}

    def are_of_a_section(self, source: str, marked: str, section: int | None) -> bool:
        """Whether a sentence, where it stands, has a term of its section: its translation then holds for its text."""
        return section is not None and bool(self._in_sections(source).hits(marked, section))


def applies(term: str, language: str) -> bool:
    """Whether a term's language is a text's, or the one of all its regions."""
    return term in (language, base(language))


_newest: Remembered[str, str, Terms] = Remembered(1)


def current_terms() -> Terms:
    """The glossary as it stands: one query, and one more after a change. Its token is empty before the first one."""
    row = _TOKEN.first()
    return terms_at(str(row[0]) if row is not None else "")


def terms_at(token: str) -> Terms:
    """The glossary at its newest version, which the caller has read."""
    return _newest.get(
        "", token, lambda: Terms(token, [term_of(row) for row in GlossaryTerm.objects.order_by("id")] if token else ())
    )


def term_of(row: GlossaryTerm) -> Term:
    """A row as the pure rules want it."""
    forms = tuple(Form(written, translated) for written, translated in row.forms)
    return Term(
        row.pk or 0,
        row.source,
        row.target,
        cast(Treatment, row.treatment),
        forms,
        row.section,
        row.heeds_case,
        row.priority,
    )
