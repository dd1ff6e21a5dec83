"""Glossaries as TBX (ISO 30042): out in the form of 2008, which most tools read; in also in that of 2019.

An entry has a language's terms side by side; ours are forms, the first of each
side being the term itself. What TBX has no word for (whether a word is kept,
fixed or soft, its section, its priority) stands in ``admin`` elements of our own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import TextIOBase
from itertools import zip_longest
from pathlib import Path
from typing import get_args
from xml.etree.ElementTree import Element

from django.conf import settings

from dragoman.foundation.errors import DragomanError
from dragoman.foundation.languages import among, canonical, same_to_a_reader
from dragoman.foundation.text import one_line
from dragoman.interchange.trade.inline import words_of
from dragoman.interchange.trade.records import XML_LANG, Record, records
from dragoman.interchange.trade.writing import XmlWriter
from dragoman.publication.queries import section_slugs
from dragoman.translation.glossary import Row, checked, import_terms, terms_of
from dragoman.translation.rules.glossary import Form, Term, Treatment

_SIDES = ("langSet", "langSec")
_WITHDRAWN = ("deprecatedTerm", "supersededTerm")


@dataclass
class Result:
    """What an import did. ``other_languages``: entries for languages that are no edition; ``alone``: those with one."""

    added: int = 0
    there: int = 0
    alone: int = 0
    other_languages: Counter[str] = field(default_factory=Counter)


def write_glossary(file: TextIOBase) -> int:
    """The whole glossary; how many terms."""
    slugs = {pk: slug for slug, pk in section_slugs().items()}
    rows = terms_of()
    out = XmlWriter(file)
    with out.element("martif", {"type": "TBX", XML_LANG: settings.DRAGOMAN.default_language}):
        with out.element("martifHeader"), out.element("fileDesc"), out.element("sourceDesc"):
            out.leaf("p", text="Dragoman")
        with out.element("text"), out.element("body"):
            for row in rows:
                out.text("\n")
                _write(out, row, slugs.get(row.term.section or 0, ""))
    out.end()
    return len(rows)


def _write(out: XmlWriter, row: Row, section: str) -> None:
    term = row.term
    told = {
        "x-treatment": term.treatment,
        "x-target": term.to_language if term.treatment == "keep" else "",
        "x-section": section,
        "x-heeds-case": "yes" if term.heeds_case else "",
        "x-priority": str(term.priority) if term.priority else "",
    }
    with out.element("termEntry", {"id": f"t{term.id}"}):
        for name, value in told.items():
            if value:
                out.leaf("admin", {"type": name}, value)
        if row.note:
            out.leaf("note", text=row.note)
        _write_side(out, term.from_language, [one.written for one in term.forms])
        if term.treatment != "keep":
            _write_side(out, term.to_language, [one.translated for one in term.forms])


def _write_side(out: XmlWriter, language: str, words: list[str]) -> None:
    with out.element("langSet", {XML_LANG: language}):
        for word in words:
            with out.element("tig"):
                out.leaf("term", text=word)


def read_glossary(path: Path, *, by: str, source: str = "", treatment: Treatment = "soft") -> Result:
    """Take a glossary in, all of it or nothing. What is there already, word for word, is left as it is.

    ``source``: the language to translate from, where it is not the first one of each entry; ``treatment``: of entries
    that do not say it. Raises where an entry is wrong, and where two rows contradict each other, naming both.
    """
    wanted = canonical(source) if source else ""
    result, sections = Result(), section_slugs()
    rows = [
        row
        for record in records(path, "martif tbx", ["termEntry", "conceptEntry"])
        for row in _read(record, wanted, treatment, sections, result)
    ]
    result.added = import_terms(rows, by=by)
    result.there = len(rows) - result.added
    return result


def _read(record: Record, source: str, treatment: Treatment, sections: dict[str, int], result: Result) -> Iterator[Row]:
    words = {
        record.language(one.get(XML_LANG) or ""): _words(one) for one in record.element.iter() if one.tag in _SIDES
    }
    told = {one.get("type", ""): one_line(words_of(one)) for one in record.element.iter("admin")}
    note = one_line(" ".join(one_line(words_of(one)) for one in record.element.findall("note")))
    first = source or next(iter(words), "")
    if not words.get(first):
        result.alone += 1
        return
    stated = told.get("x-treatment", treatment)
    if stated not in get_args(Treatment):
        raise record.refused(f"“{stated[:40]}” is none of keep, fixed and soft.")
    source_language = among(first, settings.DRAGOMAN.known_languages) or first
    if stated == "keep":
        yield _row(
            record,
            Term(0, source_language, told.get("x-target", ""), "keep", _forms(words[first])),
            told,
            sections,
            note,
        )
        return
    targets = {tag: found for tag, found in words.items() if found and not same_to_a_reader(tag, first)}
    result.alone += not targets
    for tag, translated in targets.items():
        target = among(tag, settings.DRAGOMAN.languages)
        if target is None:
            result.other_languages[tag] += 1
            continue
        kind: Treatment = "fixed" if stated == "fixed" else "soft"
        yield _row(
            record, Term(0, source_language, target, kind, _forms(words[first], translated)), told, sections, note
        )


def _row(record: Record, term: Term, told: dict[str, str], sections: dict[str, int], note: str) -> Row:
    section = told.get("x-section", "")
    if section and section not in sections:
        raise record.refused(f"there is no section “{section[:80]}”.")
    priority = told.get("x-priority", "0")
    if not priority.removeprefix("-").isdecimal() or not priority.isascii() or len(priority) > 4:
        raise record.refused("a priority is a number from -100 to 100.")
    try:
        made = checked(
            Term(
                0, term.from_language, term.to_language, term.treatment, term.forms, sections.get(section),
                told.get("x-heeds-case") == "yes", int(priority),
            )
        )  # fmt: skip
    except DragomanError as error:
        raise record.refused(str(error)) from None
    return Row(made, note)


def _forms(written: list[str], translated: list[str] | None = None) -> tuple[Form, ...]:
    """Side by side; where one side has more, they go with the other's first."""
    if translated is None:
        return tuple(Form(one) for one in written)
    pairs = zip_longest(written, translated)
    return tuple(dict.fromkeys(Form(one or written[0], other or translated[0]) for one, other in pairs))


def _words(side: Element) -> list[str]:
    """The terms of a language that may be used."""
    groups = [one for one in side.iter() if one.tag in {"tig", "ntig", "termSec"}]
    return [
        word
        for group in groups
        if not any((note.text or "").strip().startswith(_WITHDRAWN) for note in group.iter("termNote"))
        for one in group.iter("term")
        if (word := one_line(words_of(one)))
    ]
