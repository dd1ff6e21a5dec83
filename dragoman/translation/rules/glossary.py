"""Terms: words that stay as they are, that are always translated in one way, or that should be.

A term has forms: how a word is written, and its translation in that form. Forms
match whole words, outside markers. Of those that overlap one is taken: by
priority, then the longest, then the term of a section before one of the whole
publication, then one for a single language before one for all.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import icu

from dragoman.foundation.languages import base
from dragoman.translation.rules.markers import MARKER

Treatment: TypeAlias = Literal["keep", "fixed", "soft"]
TREATMENTS: tuple[Treatment, ...] = ("keep", "fixed", "soft")
SPACELESS = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # words stand without spaces between them


def _in_a_word() -> str:
    """What words are made of, for a pattern’s class: vowel signs belong to their letters, and Python forgets them."""
    signs = icu.UnicodeSet("[:M:]")
    ranges = ((signs.getRangeStart(one), signs.getRangeEnd(one)) for one in range(signs.getRangeCount()))
    return r"\w" + "".join(f"{first}-{last}" for first, last in ranges)


_SIGNS = _in_a_word()
_WORD = re.compile(f"[{_SIGNS}]+")
_NO_WORD_BEFORE, _NO_WORD_AFTER = f"(?<![{_SIGNS}])", f"(?![{_SIGNS}])"
# Letters that other signs become when case is ignored (ı, ſ, the Kelvin sign): a database does not know that.
_PLAIN_RUN = re.compile(r"[a-hj-jl-rt-zA-HJ-JL-RT-Z]+")


@dataclass(frozen=True, slots=True)
class Form:
    """A word as it is written, and its translation in this form; none where the word is kept."""

    written: str
    translated: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A row of the glossary. ``to_language``: a language, or empty for every one; ``section``: a label, or none."""

    id: int
    from_language: str
    to_language: str
    treatment: Treatment
    forms: tuple[Form, ...]
    section: int | None = None
    heeds_case: bool = False
    priority: int = 0

    @property
    def accepted(self) -> tuple[str, ...]:
        """All translations, of which an answer should hold one."""
        return tuple(dict.fromkeys(one.translated for one in self.forms if one.translated))


@dataclass(frozen=True, slots=True)
class Hit:
    """A form in a sentence, from ``start`` to ``end``."""

    start: int
    end: int
    term: Term
    form: Form


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sentence for an engine: its fixed words are markers. ``texts``: what stands for each in the translation.

    ``expected``: of each, one should be in the answer. ``hints``: what an engine may be told, as (word, translation).
    ``hash`` names the terms that were found; it is part of what a
    translation is known by.
    """

    marked: str
    texts: dict[int, str]
    expected: tuple[tuple[str, ...], ...] = ()
    hints: tuple[tuple[str, str], ...] = ()
    hash: str = ""

    def restored(self, answer: str) -> str:
        """The answer with the words in the places of their markers."""
        return MARKER.sub(lambda found: self.texts.get(int(found[2]), found[0]), answer) if self.texts else answer


@dataclass
class _Entry:
    """A form among those with the same first word, which stands at ``offset`` in it."""

    term: Term
    form: Form
    written: str
    offset: int
    is_spaceless: bool

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when a sentence has the first word: of 10,000 terms a process needs a few."""
        words = r"\s+".join(re.escape(word) for word in self.written.split())
        before = _NO_WORD_BEFORE if _WORD.match(self.written) and not self.is_spaceless else ""
        after = _NO_WORD_AFTER if _WORD.match(self.written[-1]) and not self.is_spaceless else ""
        return re.compile(before + words + after, 0 if self.term.heeds_case else re.IGNORECASE)


class Glossary:
    """The terms for one pair of languages, ready to be looked for.

    By their first words: a glossary of 10,000 terms costs a sentence no more than one of ten.
    """

    def __init__(self, terms: Iterable[Term], source: str) -> None:
        self._is_spaceless = base(source) in SPACELESS
        self._by_word: dict[str, list[_Entry]] = {}
        for term in terms:
            for form in term.forms:
                self._add(term, form)

    def _add(self, term: Term, form: Form) -> None:
        written = clean(form.written)
        word = _WORD.search(written)
        if word is None:
            return
        first = word[0][0] if self._is_spaceless else word[0]
        entry = _Entry(term, form, written, word.start(), self._is_spaceless)
        self._by_word.setdefault(first.casefold(), []).append(entry)

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def hits(self, marked: str, section: int | None = None) -> list[Hit]:
        """The terms in a sentence (NFC), in their order; none overlap."""
        if not self._by_word:
            return []
        found = sorted(self._all_hits(marked, section), key=_precedence)
        taken: list[Hit] = []
        for hit in found:
            if all(hit.end <= one.start or hit.start >= one.end for one in taken):
                taken.append(hit)
        return sorted(taken, key=lambda hit: hit.start)

    def finds_in(self, marked: str) -> bool:
        """Whether any term is in a sentence."""
        return bool(self.hits(unicodedata.normalize("NFC", marked)))

    def _all_hits(self, marked: str, section: int | None) -> Iterator[Hit]:
        for start, end in _words_between_markers(marked):
            for at, word in self._places(marked, start, end):
                for entry in self._by_word.get(word.casefold(), ()):
                    if entry.term.section not in (None, section) or at - entry.offset < start:
                        continue
                    match = entry.pattern.match(marked, at - entry.offset, end)
                    if match is not None:
                        yield Hit(match.start(), match.end(), entry.term, entry.form)

    def _places(self, marked: str, start: int, end: int) -> Iterator[tuple[int, str]]:
        if self._is_spaceless:
            yield from ((at, marked[at]) for at in range(start, end))
        else:
            yield from ((word.start(), word[0]) for word in _WORD.finditer(marked, start, end))

    def whole(self, text: str, section: int | None = None) -> Hit | None:
        """The term that a text is and nothing else, as a name is."""
        written = clean(text)
        return next((hit for hit in self.hits(written, section) if hit.end - hit.start == len(written)), None)

    def name(self, text: str, section: int | None = None) -> str:
        """A name in its fixed translation, or as it is. What is said of words in a soft way is all that is said."""
        hit = self.whole(text, section)
        return _in_the_case_of(clean(text), hit) if hit is not None and hit.form.translated else text

    def prepare(self, marked: str, section: int | None = None) -> Prepared:
        """A sentence for an engine."""
        text = unicodedata.normalize("NFC", marked)
        hits = self.hits(text, section)
        if not hits:
            return Prepared(marked, {})
        number = max((int(found[2]) for found in MARKER.finditer(text)), default=0)
        texts: dict[int, str] = {}
        parts: list[str] = []
        at = 0
        for hit in hits:
            if hit.term.treatment == "soft":
                continue
            number += 1
            written = text[hit.start : hit.end]
            texts[number] = written if hit.term.treatment == "keep" else _in_the_case_of(written, hit)
            parts += [text[at : hit.start], f"⟦{number}⟧"]
            at = hit.end
        soft = [hit for hit in hits if hit.term.treatment == "soft"]
        expected = tuple(dict.fromkeys(hit.term.accepted for hit in soft))
        hints = tuple(dict.fromkeys((text[hit.start : hit.end], hit.form.translated) for hit in soft))
        return Prepared("".join([*parts, text[at:]]), texts, expected, hints, hash_of(hits))


def clean(text: str) -> str:
    """A form as it is compared: NFC, with single spaces and without markers."""
    return " ".join(unicodedata.normalize("NFC", text).translate({ord("⟦"): "[", ord("⟧"): "]"}).split())


def has_word(text: str) -> bool:
    """Whether there is anything in it that can be found in a sentence."""
    return _WORD.search(text) is not None


def hash_of(hits: Sequence[Hit]) -> str:
    """32 hexadecimal signs for the terms that were found; empty where none was. It is the same in every sentence."""
    if not hits:
        return ""
    found = sorted({json.dumps(_told(hit), ensure_ascii=False) for hit in hits})
    return hashlib.sha256("\n".join(found).encode()).hexdigest()[:32]


def _told(hit: Hit) -> list[object]:
    if hit.term.treatment == "soft":
        return ["soft", *hit.term.accepted]
    return [hit.term.treatment, clean(hit.form.written), hit.form.translated]


def _precedence(hit: Hit) -> tuple[object, ...]:
    term = hit.term
    return (-term.priority, hit.start - hit.end, term.section is None, not term.to_language, hit.start, term.id)


def _words_between_markers(marked: str) -> Iterator[tuple[int, int]]:
    at = 0
    for marker in MARKER.finditer(marked):
        yield at, marker.start()
        at = marker.end()
    yield at, len(marked)


def _in_the_case_of(written: str, hit: Hit) -> str:
    """A translation with a capital, or in capitals, where the word stands so and the term does not."""
    form, translated = clean(hit.form.written), hit.form.translated
    if hit.term.heeds_case or not translated:
        return translated
    if len(written) > 1 and written.isupper() and not form.isupper():
        return translated.upper()
    if written[0].isupper() and not form[0].isupper():
        return translated[0].upper() + translated[1:]
    return translated


def holds_one_of(text: str, wanted: Sequence[str], language: str) -> bool:
    """Whether a text has one of these at the beginning of a word; an ending may follow."""
    folded = unicodedata.normalize("NFC", text).casefold()
    before = "" if base(language) in SPACELESS else _NO_WORD_BEFORE
    return any(re.search(before + re.escape(clean(one).casefold()), folded) for one in wanted)


def needle(written: str) -> str:
    """Letters that every text with this form has in a row, whatever the case; empty where there are none.

    For a database's own comparison, which ignores case in ASCII at least.
    """
    runs: list[str] = _PLAIN_RUN.findall(clean(written))
    return max(runs, key=len, default="")


def contradiction(terms: Sequence[Term]) -> tuple[Term, Term] | None:
    """Two rows that want different things, or the same thing twice, of one word; none where all is well.

    Of the same languages, section and priority: otherwise one of them takes precedence.
    """
    known: dict[tuple[object, ...], list[tuple[str, Term]]] = {}
    for term in terms:
        for form in term.forms:
            written = clean(form.written)
            place = (term.from_language, term.to_language, term.section, term.priority, written.casefold())
            for other_written, other in known.setdefault(place, []):
                both_heed_case = term.heeds_case and other.heeds_case
                if other is not term and not (both_heed_case and written != other_written):
                    return other, term
            known[place].append((written, term))
    return None
