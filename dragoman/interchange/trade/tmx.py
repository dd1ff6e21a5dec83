"""Translation memories as TMX 1.4b (LISA OSCAR, 2005): out and in, an entry at a time.

An entry (``tu``) is a sentence with its translations into all languages. What
another tool wrote is cut into sentences as our own texts are, so that it is
found again; what we wrote comes back as it was.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import TextIOBase
from itertools import islice
from pathlib import Path
from xml.etree.ElementTree import Element

from django.conf import settings

from dragoman.foundation.languages import among, same_to_a_reader
from dragoman.foundation.text import one_line
from dragoman.interchange.trade.inline import read_tmx, words_of, write_tmx
from dragoman.interchange.trade.records import XML_LANG, Record, nobody, records
from dragoman.interchange.trade.writing import XmlWriter
from dragoman.translation.memories import KINDS, PAGE, Count, Entry, Word, cut_pair, remember
from dragoman.translation.memories import entries as all_entries
from dragoman.translation.rules.markers import has_words, well_formed

_TOOL = "Dragoman"
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass
class Result:
    """What an import did. ``other_languages``: translations into languages that are no edition, by language;
    ``undivided``: entries whose sides have different numbers of sentences."""

    count: Count = field(default_factory=Count)
    other_languages: Counter[str] = field(default_factory=Counter)
    undivided: int = 0


def write_memory(
    file: TextIOBase, version: str, *, by_people: bool = False, told: Callable[[int], None] = nobody
) -> int:
    """The whole memory; how many entries. ``told`` hears of each thousand."""
    out = XmlWriter(file)
    header = {
        "creationtool": _TOOL,
        "creationtoolversion": version,
        "segtype": "sentence",
        "o-tmf": _TOOL,
        "adminlang": "en",
        "srclang": "*all*",
        "datatype": "plaintext",
    }
    written = 0
    with out.element("tmx", {"version": "1.4"}):
        out.leaf("header", header)
        with out.element("body"):
            for written, entry in enumerate(all_entries(by_people=by_people), 1):
                out.text("\n")
                _write(out, entry)
                if written % PAGE == 0:
                    told(PAGE)
    out.end()
    return written


def _write(out: XmlWriter, entry: Entry) -> None:
    with out.element("tu", {"srclang": entry.language}):
        out.leaf("prop", {"type": "x-kind"}, entry.kind)
        _write_side(out, {XML_LANG: entry.language}, entry.text, {})
        for word in entry.words:
            attributes = {XML_LANG: word.language}
            attributes |= {"changedate": f"{word.at.astimezone(UTC):{_TIME}}"} if word.at else {}
            attributes |= {"changeid": word.by} if word.by else {}
            told = {"x-origin": word.origin, "x-engine": word.engine, "x-version": word.version}
            told |= {"x-quality": word.quality} if word.quality != "ok" else {}
            _write_side(out, attributes, word.text, told)


def _write_side(out: XmlWriter, attributes: dict[str, str], text: str, told: dict[str, str]) -> None:
    with out.element("tuv", attributes):
        for name, value in told.items():
            if value:
                out.leaf("prop", {"type": name}, value)
        with out.element("seg"):
            write_tmx(out, text)


def read_memory(path: Path, *, by: str, told: Callable[[int], None] = nobody) -> Result:
    """Take a memory in. The whole file is read and checked before anything is stored: a bad one changes nothing.

    Stored a thousand entries at a time; a file that is read twice, or again after a break, adds nothing twice.
    ``by``: who is named for translations that name nobody. ``told`` hears of bytes, twice the file's.
    """
    for _entry in _entries(path, by, Result(), told):
        pass
    result = Result()
    found = _entries(path, by, result, told)
    while page := list(islice(found, PAGE)):
        remember(page, result.count)
    return result


def _entries(path: Path, by: str, result: Result, told: Callable[[int], None]) -> Iterator[Entry]:
    source, is_ours = "", False
    for record in records(path, "tmx", ["header", "tu"], told):
        if record.element.tag == "header":
            source, is_ours = record.element.get("srclang", ""), record.element.get("creationtool") == _TOOL
        else:
            yield from _read(record, source, by, result, is_ours=is_ours)


def _read(record: Record, source: str, by: str, result: Result, *, is_ours: bool) -> Iterator[Entry]:
    sides = [(record.language(one.get(XML_LANG) or one.get("lang") or ""), one) for one in record.element.iter("tuv")]
    wanted = record.element.get("srclang") or source
    stated = "" if wanted in ("", "*all*") else record.language(wanted)
    first = next((one for one in sides if stated and (one[0] == stated or one[0].startswith(f"{stated}-"))), None)
    if first is None and stated:
        raise record.refused(f"the entry has nothing in its source language {wanted[:40]}.")
    if len(sides) < 2:
        raise record.refused("the entry has fewer than two languages.")
    language, side = first or sides[0]
    language = among(language, settings.DRAGOMAN.known_languages) or language
    others = [one for one in sides if one[1] is not side]
    shown = []
    for tag, one in others:
        edition = among(tag, settings.DRAGOMAN.languages)
        if edition is None or same_to_a_reader(edition, language):
            result.other_languages[tag] += 1
        else:
            shown.append((edition, one))
    if is_ours:
        words = tuple(_word(tag, _marked(one, record), one, by) for tag, one in shown)
        if words:
            yield Entry(language, _marked(side, record), words, _kind(record))
    else:
        text = words_of(_seg(side, record))
        for tag, one in shown:
            pairs = cut_pair(text, language, words_of(_seg(one, record)), tag)
            result.undivided += not pairs
            yield from (
                Entry(language, sentence.marked, (_word(tag, marked, one, by),), sentence.kind)
                for sentence, marked in pairs
                if has_words(sentence.marked)
            )


def _seg(side: Element, record: Record) -> Element:
    found = side.find("seg")
    if found is None:
        raise record.refused("a language of the entry has no text.")
    return found


def _marked(side: Element, record: Record) -> str:
    marked = read_tmx(_seg(side, record))
    if not marked or not well_formed(marked):
        raise record.refused("the marks in the text do not belong together, or there is no text.")
    return marked


def _kind(record: Record) -> str:
    kind = _told(record.element, "x-kind")
    return kind if kind in KINDS else KINDS[0]


def _word(language: str, marked: str, side: Element, by: str) -> Word:
    told = {name: one_line(_told(side, f"x-{name}")) for name in ("origin", "engine", "version", "quality")}
    at = _time(side.get("changedate") or side.get("creationdate") or "")
    if told["origin"] == "machine":
        quality = "rough" if told["quality"] == "rough" else "ok"
        return Word(language, marked, "machine", "", at, told["engine"], told["version"], quality)
    return Word(language, marked, "human", one_line(side.get("changeid") or side.get("creationid") or by), at)


def _told(element: Element, name: str) -> str:
    return next((one.text or "" for one in element.findall("prop") if one.get("type") == name), "")


def _time(written: str) -> datetime | None:
    try:
        return datetime.strptime(written, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
