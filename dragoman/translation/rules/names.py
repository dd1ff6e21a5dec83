"""Finding likely personal names in running text, so that no engine translates them.

Measured by ``python -m benchmarks names`` on 200 sentences of our own. The
rules, in the order of their weight: a title or a known given name begins a
name; a known family name inside a sentence is one; several capitalised words
in a row are one unless a word among them belongs to places and organisations.
Known names come from Faker's lists for some thirty countries, words that are
no names from CLDR (countries, languages, days, months) and from the short
lists below.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from babel import Locale

from dragoman.translation.rules.name_words import LOCALES, NOT_NAMES, ORDINARY, PARTICLES, SPEECH, TITLES
from dragoman.translation.rules.protection import names_pattern

_WORD = re.compile(r"[^\W\d_](?:[\w]|[-‑'’](?=[^\W\d_]))*\.?")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def bare(self) -> str:
        word = self.text.rstrip(".").split("’s")[0]
        return word[:-2] if word.endswith("'s") else word

    @property
    def key(self) -> str:
        word = self.bare.casefold()
        return word[2:] if word[:2] in {"l'", "d'", "l’", "d’"} else word

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 2 and self.text[0].isupper() and self.text[1] == "."

    @property
    def is_capitalised(self) -> bool:
        if self.text.islower():  # most words: not worth more than a glance
            return False
        word = _without_article(self.bare)
        word = word[3:] if word.startswith("al-") else word
        return self.is_initial or (len(word) > 1 and word[0].isupper() and any(c.islower() for c in word))


def find_names(text: str, language: str) -> list[str]:
    """The likely personal names in one sentence or paragraph, as written, in order, each occurrence."""
    tokens = [_Token(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]
    if text.isupper() or _is_title_case(tokens):
        return []
    base = language.split("-", maxsplit=1)[0]
    found = [name for run in _runs(tokens, text) for name in _names_of(run, tokens, text, base)]
    return _with_surnames(found, text)


def _with_surnames(found: list[str], text: str) -> list[str]:
    """“Ada Lund opened it; Lund smiled.”: a name told in full is one when its last part recurs."""
    known = {*found, *(name.split()[-1] for name in found if " " in name)}
    pattern = names_pattern(known, text)
    return [match[0] for match in pattern.finditer(text)] if pattern else []


def _is_title_case(tokens: list[_Token]) -> bool:
    long_words = [token for token in tokens if len(token.text) > 3]
    return len(long_words) > 4 and all(token.text[0].isupper() for token in long_words)


def _runs(tokens: list[_Token], text: str) -> Iterator[list[_Token]]:
    """Capitalised words in a row, particles between them included."""
    run: list[_Token] = []
    for index, token in enumerate(tokens):
        joined = run and text[run[-1].end : token.start] == " " and not _ends_sentence(run[-1])
        if run and not (joined and (token.is_capitalised or _is_particle(tokens, index))):
            yield _trimmed(run)
            run = []
        if token.is_capitalised or run:
            run.append(token)
    if run:
        yield _trimmed(run)


def _ends_sentence(token: _Token) -> bool:
    return token.text.endswith(".") and not token.is_initial and token.key not in TITLES


def _is_particle(tokens: list[_Token], index: int) -> bool:
    following = tokens[index + 1 : index + 3]
    word = tokens[index].text
    # “van der”, “de la”: alone they are articles (“Einer der Schirme”).
    if word in ("der", "den", "la") and (not index or tokens[index - 1].text not in PARTICLES):
        return False
    return word in PARTICLES and any(token.is_capitalised for token in following)


def _trimmed(run: list[_Token]) -> list[_Token]:
    while run and run[-1].text in PARTICLES:
        run = run[:-1]
    return run


def _names_of(run: list[_Token], tokens: list[_Token], text: str, language: str) -> Iterator[str]:
    run, titled = _after_title(run, language)
    if not run:
        return
    before = tokens[tokens.index(run[0]) - 1] if tokens.index(run[0]) else None
    titled = titled or (before is not None and before.key in TITLES)
    opening = before is None or bool(re.search(r"[.!?…:«“\"¿¡]\s*$", text[: run[0].start]) and not titled)
    begins_as_name = _is_given(run[0], language) or run[0].is_initial or _looks_like_name(run, language)
    if opening and len(run) > 1 and not begins_as_name:
        run, opening = run[1:], False
    if run and (titled or _is_name(run, opening, language, _spoken(run, tokens))):
        start = run[0].start + len(run[0].text) - len(_without_article(run[0].text))
        yield text[start : run[-1].start + len(run[-1].bare)]


def _after_title(run: list[_Token], language: str) -> tuple[list[_Token], bool]:
    """“Foreign Minister Ada Lund”: what follows the last title, or begins with a given name."""
    for index in range(len(run) - 1, -1, -1):
        if run[index].key in TITLES:
            return run[index + 1 :], True
    given = next((index for index, token in enumerate(run) if _is_given(token, language)), 0)
    noise = all(token.key in NOT_NAMES or _is_ordinary(token, language) for token in run[:given])
    return (run[given:] if noise else run), False


def _spoken(run: list[_Token], tokens: list[_Token]) -> bool:
    first, last = tokens.index(run[0]), tokens.index(run[-1])
    around = tokens[max(0, first - 1) : first] + tokens[last + 1 : last + 2]
    return any(token.key in SPEECH for token in around)


def _looks_like_name(run: list[_Token], language: str) -> bool:
    rest = run[1:]
    return (_is_family(run[0]) or _in_lists(run[0], 0)) and not any(
        _is_ordinary(token, language) or token.key in NOT_NAMES for token in rest
    )


def _is_name(run: list[_Token], opening: bool, language: str, spoken: bool) -> bool:  # noqa: FBT001
    words = [token for token in run if token.text not in PARTICLES]
    if any(token.key in NOT_NAMES or token.key in _calendar_and_places(language) for token in words):
        return False
    if len(words) > 1:
        given = _in_lists(words[0], 0) or words[0].is_initial
        return given or language != "de" or any(_is_family(token) for token in words[1:])
    if _in_lists(words[0], 0) and not (opening and _is_ordinary(words[0], language)):
        return language not in {"en", "de"} or not _is_ordinary(words[0], language)
    # “Readers asked”: the first word of a sentence has a capital anyway.
    known = _is_family(words[0]) and not _is_ordinary(words[0], language)
    return spoken and language != "de" and (known or not opening)


def _without_article(word: str) -> str:
    return word[2:] if re.match(r"[lLdD]['’]\w", word) else word


def _is_given(token: _Token, language: str) -> bool:
    return _in_lists(token, 0) and not _is_ordinary(token, language)


def _is_family(token: _Token) -> bool:
    return _in_lists(token, 1)


def _in_lists(token: _Token, which: int) -> bool:
    """``which``: 0 given names, 1 family names; a double name counts by its first part."""
    known = _known_names()[which]
    return any(_plain(part) in known for part in (token.key, token.key.split("-")[0]))


def _plain(word: str) -> str:
    """Without accents: lists and writers differ in them."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))


def _is_ordinary(token: _Token, language: str) -> bool:
    return token.key in ORDINARY.get(language, ()) or token.key in _calendar_and_places(language)


@lru_cache(maxsize=1)
def _known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Given and family names, case-folded, of Faker's person providers."""
    given: set[str] = set()
    family: set[str] = set()
    for locale in LOCALES:
        try:
            provider = import_module(f"faker.providers.person.{locale}").Provider
        except ImportError:
            continue
        for attribute in dir(provider):
            if attribute.startswith("first_name"):
                given.update(_folded(getattr(provider, attribute)))
            elif attribute.startswith("last_name"):
                family.update(_folded(getattr(provider, attribute)))
    return frozenset(given), frozenset(family - {"de", "la"})


def _folded(names: object) -> Iterable[str]:
    return (
        (_plain(name.casefold()) for name in names if isinstance(name, str))
        if isinstance(names, (list, tuple, dict))
        else ()
    )


@lru_cache(maxsize=64)
def _calendar_and_places(language: str) -> frozenset[str]:
    """Words of countries, languages, days and months in ``language`` (CLDR)."""
    locale = Locale.parse(language)
    phrases = [*locale.territories.values(), *locale.languages.values()]
    for calendar in (locale.days, locale.months):
        for width in calendar["format"].values():
            phrases.extend(width.values())
    words = (word.casefold() for phrase in phrases for word in re.findall(r"[^\W\d_]{3,}", str(phrase)))
    return frozenset(words)
