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

from dragoman.translation.rules.protection import names_pattern

_LOCALES = (
    "en_US en_GB en_IN en_IE en_NZ es_ES es_MX es_CO es_AR es_CA fr_FR fr_CH pt_PT pt_BR it_IT de_DE de_AT nl_NL pl_PL "
    "sv_SE no_NO fi_FI da_DK cs_CZ hu_HU ro_RO tr_TR hr_HR el_GR ru_RU uk_UA ar_AA id_ID en_NG yo_NG"
).split()
_WORD = re.compile(r"[^\W\d_](?:[\w]|[-‑'’](?=[^\W\d_]))*\.?")
_PARTICLES = frozenset(
    "de da do dos das del della di van von der den ter bin ibn ben al du des af zu zur ten".split()
)
_TITLES = frozenset(
    "mr mrs ms dr prof sir lady captain inspector nurse uncle aunt auntie sister brother father sr sra srta señor señora "
    "señorita don doña dra monsieur madame mademoiselle mme mlle maître senyor senyora dona signor signora signorina "
    "dott dottor dottoressa sig miss sergeant doctor doctora docteur doutor doutora engenheiro enfermeira maestro maestra sor dottoressa senhor senhora professor professora profesor profesora herr frau onkel tante "
    "minister president secretary mayor councillor".split()
)
_NOT_NAMES = frozenset(
    # Words that open the names of places, organisations and works, or follow them.
    "street road avenue lane square park bridge river lake board council ministry department office library school "
    "university college institute museum theatre theater hall station hospital church cathedral festival fair club "
    "society association company bank group press courier post times gazette north south east west upper lower new old "
    "great saint st san santa sant sankt republic states kingdom union party house centre center market valley hill mount "
    "island bay port harbour airport line day week night the a an this that these those my your our his her their its "
    "calle avenida plaza puente río lago parque ministerio consejo ayuntamiento biblioteca escuela universidad museo "
    "teatro estación hospital iglesia feria festival club sociedad asociación banco mercado valle norte sur este oeste "
    "rue boulevard place pont lac parc ministère conseil mairie bibliothèque école université musée théâtre gare hôpital "
    "église foire société association banque marché vallée nord sud est ouest carrer plaça pont riu llac parc ministeri "
    "consell ajuntament biblioteca escola universitat museu teatre estació església fira societat mercat vall rua avenida "
    "praça ponte rio lago parque ministério conselho câmara escola universidade museu estação igreja feira sociedade "
    "mercado vale via viale piazza ponte fiume lago parco ministero consiglio comune biblioteca scuola università museo "
    "teatro stazione ospedale chiesa fiera società mercato valle virgen notre dame god dios dieu déu deus dio "
    "hotel grand wheel exchange race agency service commerce constable chief fire corn mill orchard broadband rovers "
    "radio guardia compañía casa sierra puerto paseo semana atlético cultura director fête maison compagnie departament "
    "companyia castellers cobla rambla major vila barco câmara ufficio meteo castel caffè ministerium winter meer "
    "schmied herbst tor das der die ein eine water coastal safety green central royal national county city town "
    "state foreign treaty open skies agreement cottage meteo radio televisión consorcio asociació federación federation union trust fund group project plan prize award".split()
)
# Given names that are, far more often, an ordinary word of the language they stand in.
_ORDINARY = {
    "en": "may will mark rose summer dawn faith hope grace april june august joy frank art bill rich pat sue drew chase "
    "dale van iris autumn honey sky christian sunny so see an man long my in on ever early may day price young white "
    "black green brown king bishop park lane may hill wood woods rivers banks street field church hall west north east "
    "much little small short best good love bush rice page read cook baker carpenter mason smith french english walsh "
    "friend moon sweet power care guy norman major earl duke prince jewel crystal star ocean storm holiday winter",
    "es": "sol paz luz mar pilar rosario dolores consuelo esperanza alba cruz mercedes gloria pura blanca ángeles nieves "
    "reyes calle campo costa blanco moreno rubio rojo leal bello prado río vega iglesia campos flores torres",
    "fr": "blanche claire reine marine pierre martin petit grand noël aimé franc olive capucine fleur prune lors le la",
    "ca": "roser neus mar blanca pau alba sol",
    "pt": "rosa luz mar pilar vitória flor",
    "it": "rosa bianca gioia alba viola stella grazia pace fiore bruno leone marino",
    "de": "ernst wolf mark rose",
}
_ORDINARY_WORDS = {language: frozenset(words.split()) for language, words in _ORDINARY.items()}
_SPEECH = frozenset(
    "said says asked told explained added replied wrote admitted laughed dijo dice explicó añadió contó pidió recordó "
    "dit explique raconte ajoute demande répond va diu explica afegeix recorda disse explicou contou ha detto dice spiega "
    "racconta sagte sagt erklärt fragt".split()
)


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
        word = _without_article(self.bare)
        word = word[3:] if word.startswith("al-") else word
        return self.is_initial or (len(word) > 1 and word[0].isupper() and any(c.islower() for c in word))


def find_names(text: str, language: str) -> list[str]:
    """The likely personal names in one sentence or paragraph, as written, in order, each occurrence."""
    tokens = [_Token(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]
    if text.isupper() or _is_title_case(tokens):
        return []
    base = language.split("-")[0]
    found = [name for run in _runs(tokens, text) for name in _names_of(run, tokens, text, base)]
    return _with_surnames(found, text)


def _with_surnames(found: list[str], text: str) -> list[str]:
    """“Ada Lund opened it; Lund smiled.”: a name told in full is one when its last part recurs."""
    known = {*found, *(name.split()[-1] for name in found if " " in name)}
    pattern = names_pattern(known)
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
    return token.text.endswith(".") and not token.is_initial and token.key not in _TITLES


def _is_particle(tokens: list[_Token], index: int) -> bool:
    following = tokens[index + 1 : index + 3]
    return tokens[index].text in _PARTICLES and any(token.is_capitalised for token in following)


def _trimmed(run: list[_Token]) -> list[_Token]:
    while run and run[-1].text in _PARTICLES:
        run = run[:-1]
    return run


def _names_of(run: list[_Token], tokens: list[_Token], text: str, language: str) -> Iterator[str]:
    run, titled = _after_title(run, language)
    if not run:
        return
    before = tokens[tokens.index(run[0]) - 1] if tokens.index(run[0]) else None
    titled = titled or (before is not None and before.key in _TITLES)
    opening = before is None or bool(re.search(r"[.!?…:«“\"¿¡]\s*$", text[: run[0].start]) and not titled)
    if opening and len(run) > 1 and not _is_given(run[0], language):
        if run[0].is_initial is False and not _looks_like_name(run, language):
            run, opening = run[1:], False
    if run and (titled or _is_name(run, opening, language, _spoken(run, tokens))):
        start = run[0].start + len(run[0].text) - len(_without_article(run[0].text))
        yield text[start : run[-1].start + len(run[-1].bare)]


def _after_title(run: list[_Token], language: str) -> tuple[list[_Token], bool]:
    """“Foreign Minister Ada Lund”: what follows the last title, or begins with a given name."""
    for index in range(len(run) - 1, -1, -1):
        if run[index].key in _TITLES:
            return run[index + 1 :], True
    given = next((index for index, token in enumerate(run) if _is_given(token, language)), 0)
    noise = all(token.key in _NOT_NAMES or _is_ordinary(token, language) for token in run[:given])
    return (run[given:] if noise else run), False


def _spoken(run: list[_Token], tokens: list[_Token]) -> bool:
    first, last = tokens.index(run[0]), tokens.index(run[-1])
    around = tokens[max(0, first - 1) : first] + tokens[last + 1 : last + 2]
    return any(token.key in _SPEECH for token in around)


def _looks_like_name(run: list[_Token], language: str) -> bool:
    rest = run[1:]
    return (_is_family(run[0]) or _in_lists(run[0], 0)) and not any(
        _is_ordinary(token, language) or token.key in _NOT_NAMES for token in rest
    )


def _is_name(run: list[_Token], opening: bool, language: str, spoken: bool) -> bool:  # noqa: FBT001
    words = [token for token in run if token.text not in _PARTICLES]
    if any(token.key in _NOT_NAMES or token.key in _calendar_and_places(language) for token in words):
        return False
    if len(words) > 1:
        given = _in_lists(words[0], 0) or words[0].is_initial
        return given or language != "de" or any(_is_family(token) for token in words[1:])
    if _in_lists(words[0], 0) and not (opening and _is_ordinary(words[0], language)):
        return language not in {"en", "de"} or not _is_ordinary(words[0], language)
    return spoken and language != "de" and not (opening and _is_ordinary(words[0], language))


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
    return token.key in _ORDINARY_WORDS.get(language, ()) or token.key in _calendar_and_places(language)


@lru_cache(maxsize=1)
def _known_names() -> tuple[frozenset[str], frozenset[str]]:
    """Given and family names, case-folded, of Faker's person providers."""
    given: set[str] = set()
    family: set[str] = set()
    for locale in _LOCALES:
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
    return (_plain(name.casefold()) for name in names if isinstance(name, str)) if isinstance(names, (list, tuple, dict)) else ()


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
