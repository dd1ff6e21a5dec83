"""An article to a translator outside and back as XLIFF 2.0 (OASIS, 2014).

A ``unit`` is a sentence. Its id is the sentence's place, its ``name`` says what
went out: the wording, and the translation that was shown. So what comes back
finds its place, whatever has become of the article meanwhile.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOBase
from pathlib import Path
from xml.etree.ElementTree import Element

from django.conf import settings

from dragoman.foundation.languages import UnknownLanguage, canonical
from dragoman.foundation.text import one_line
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.trade.inline import typed
from dragoman.interchange.trade.records import Record, records
from dragoman.interchange.trade.writing import XmlWriter
from dragoman.publication.queries import published_page
from dragoman.translation.outside import Outcome, Returned, Sent, take_back, text_to_send, wordings, words_sent
from dragoman.translation.rules.markers import Contents, close_mark, open_mark, pieces, well_formed

_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_DONE = ("translated", "reviewed", "final")
_MARKS = {"em": ("fmt", "xlf:i"), "strong": ("fmt", "xlf:b"), "link": ("link", "")}
_NAMED = ("headline", "lead")  # the places of a sentence that say something to people
_NUMBER = re.compile(r"[1-9]\d{0,2}")


@dataclass(frozen=True, slots=True)
class _Unit:
    """A unit of a file: the sentence that came back, whether somebody says that it is done, and where it stands."""

    returned: Returned
    source: str
    is_done: bool
    record: Record


def write_article(file: TextIOBase, number: int, language: str) -> int:
    """A published article with what its edition shows now; how many sentences. Raises where there is none."""
    unit = int(published_page(number).unit_id)
    source, sentences = text_to_send(unit, language)
    out = XmlWriter(file)
    root = {"xmlns": _NAMESPACE, "version": "2.0", "srcLang": source, "trgLang": canonical(language)}
    with out.element("xliff", root), out.element("file", {"id": f"u{unit}", "original": f"article:{number}"}):
        for one in sentences:
            out.text("\n")
            _write(out, one)
    out.end()
    return len(sentences)


def _write(out: XmlWriter, one: Sent) -> None:
    data = {number: content for number, content in sorted(one.contents.items()) if content.text}
    with out.element("unit", {"id": f"s{one.anchor}", "name": f"{one.wording}:{one.translation}"}):
        if one.block in _NAMED:
            with out.element("notes"):
                out.leaf("note", {"category": "place"}, one.block)
        if data:
            with out.element("originalData"):
                for number, content in data.items():
                    out.leaf("data", {"id": f"d{number}"}, content.text)
        with out.element("segment", {"state": "translated" if one.is_by_a_person else "initial"}):
            with out.element("source"):
                _write_marked(out, one.text, one.contents)
            if one.shown:
                with out.element("target"):
                    _write_marked(out, one.shown, one.contents)


def _write_marked(out: XmlWriter, marked: str, contents: Contents) -> None:
    for piece in pieces(marked):
        content = contents.get(piece.number)
        if piece.kind == "words":
            out.text(piece.text)
        elif piece.kind == "atom":
            told = {"dataRef": f"d{piece.number}", "disp": content.text} if content and content.text else {}
            out.leaf("ph", {"id": str(piece.number), **told})
        elif piece.kind == "open":
            kind, sub = _MARKS.get(content.kind if content else "", ("other", ""))
            told = {"type": kind} | ({"subType": sub} if sub else {})
            out.begin("pc", {"id": str(piece.number), **told})
        else:
            out.close("pc")


def read_article(path: Path, *, by: str) -> Outcome:
    """Take back what a translator outside has done. A bad file is refused whole, with the line; nothing is lost.

    A sentence is taken whose state says that it is done, or whose translation is another one than went out.
    """
    unit_id, language, units = _read(path)
    known = wordings(unit_id, [one.returned.wording for one in units])
    sent = words_sent([one.returned.translation for one in units])
    for one in units:
        if one_line(known.get(one.returned.wording, "")) != one.source:
            raise one.record.refused("the original of this sentence is not the one that went out.")
        if strange := set(_marks(one.returned.text)) - set(_marks(one.source)):
            raise one.record.refused(f"the translation has a mark “{min(strange)}” of its own.")
    taken = [
        one.returned
        for one in units
        if one.returned.text and (one.is_done or one_line(sent.get(one.returned.translation, "")) != one.returned.text)
    ]
    return take_back(unit_id, language, taken, by=by)


def _marks(marked: str) -> Iterator[str]:
    return (f"{piece.kind} {piece.number}" for piece in pieces(marked) if piece.kind != "words")


def _read(path: Path) -> tuple[int, str, list[_Unit]]:
    roots: list[dict[str, str]] = []
    units = [_unit(one) for one in records(path, "xliff", ["unit"], passed=roots.append)]
    root = next(iter(roots), {})
    if not root.get("version", "").startswith("2."):
        raise BadFile(path.name, 1, f"it is not XLIFF 2, but {root.get('version', '?')[:20]}.")
    files = [one["id"] for one in roots[1:] if "original" in one and "id" in one]
    if len(files) != 1 or not re.fullmatch(r"u\d{1,18}", files[0]):
        raise BadFile(path.name, 1, "it holds no article of ours, or several.")
    try:
        language = canonical(root.get("trgLang", ""))
    except UnknownLanguage as error:
        raise BadFile(path.name, 1, str(error)) from None
    if language not in settings.DRAGOMAN.languages:
        raise BadFile(path.name, 1, f"“{language}” is no edition of this publication.")
    return int(files[0][1:]), language, units


def _unit(record: Record) -> _Unit:
    place = re.fullmatch(r"s(\d{1,9})", record.element.get("id", ""))
    went = re.fullmatch(r"(\d{1,18}):(\d{1,18})", record.element.get("name", ""))
    if place is None or went is None:
        raise record.refused("this sentence is none that went out from here.")
    segments = [one for one in record.element.iter() if one.tag in {"segment", "ignorable"}]
    source, target = (_joined(segments, name, record) for name in ("source", "target"))
    states = {one.get("state", "initial") for one in segments if one.tag == "segment"}
    returned = Returned(int(place[1]), int(went[1]), int(went[2]), target)
    return _Unit(returned, source, bool(states) and states <= set(_DONE), record)


def _joined(segments: list[Element], name: str, record: Record) -> str:
    """Tools may cut a sentence in pieces."""
    found = [one.find(name) for one in segments]
    marked = one_line("".join(_marked(one, record) for one in found if one is not None))
    if not well_formed(marked):
        raise record.refused("the marks in the text do not belong together.")
    return marked


def _marked(element: Element, record: Record) -> str:
    parts = [typed(element.text)]
    for child in element:
        number = child.get("id", "")
        if child.tag in {"ph", "pc"} and not _NUMBER.fullmatch(number):
            raise record.refused(f"the translation has a mark “{number[:20]}” of its own.")
        if child.tag == "ph":
            parts.append(f"⟦{number}⟧")
        elif child.tag == "pc":
            is_link = child.get("type") == "link"
            inside = _marked(child, record)
            parts += [open_mark(int(number), is_link=is_link), inside, close_mark(int(number), is_link=is_link)]
        elif child.tag in {"sc", "ec"}:  # a pair that a tool wrote as its two ends
            parts.append(_end_of_pair(child, record))
        elif child.tag == "mrk":  # a note of the tool's; its words are the text's
            parts.append(_marked(child, record))
        parts.append(typed(child.tail))
    return "".join(parts)


def _end_of_pair(child: Element, record: Record) -> str:
    number = child.get("id" if child.tag == "sc" else "startRef") or child.get("id") or ""
    if not _NUMBER.fullmatch(number):
        raise record.refused(f"the translation has a mark “{number[:20]}” of its own.")
    mark = open_mark if child.tag == "sc" else close_mark
    return mark(int(number), is_link=child.get("type") == "link")
