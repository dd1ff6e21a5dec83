"""Which words a text is found by: the same for SQLite and PostgreSQL, which only compare them. Pure.

Case, accents and other marks do not count. Arabic words are found with and without
their article. Chinese and Japanese, which write no spaces, are found by pairs of
signs, as Lucene's CJK analyser does. Words are found in other forms of theirs where
there is a Snowball stemmer for the language.

Sources: Larkey, Ballesteros, Connell, “Improving Stemming for Arabic Information
Retrieval”, SIGIR 2002 (the article and what stands before it); Porter, “Snowball:
A language for stemming algorithms”, 2001.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from dragoman.foundation.languages import base

MOST_TERMS = 12  # of one question
# Letters and digits with the marks that stand on them.
WORD = r"(?:[^\W_][\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]*)+"
_WORD = re.compile(WORD)
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_RUN = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED}]+")
_ALIKE = str.maketrans({"ı": "i", "ى": "ي", "ة": "ه", "ـ": None, "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
_ARABIC_ARTICLE = re.compile(r"^(?:[وبكف]?ال|لل)(?=\w{2,}$)")
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def folded(text: str) -> str:
    """Without case, marks and the forms of one letter."""
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_ALIKE)
    return unicodedata.normalize("NFC", "".join(sign for sign in apart if unicodedata.category(sign) != "Mn"))


def words_of(text: str, language: str) -> list[str]:
    """All words that a text in ``language`` is found by: as they stand, and their stems where those differ."""
    found: list[str] = []
    for word in _WORD.findall(folded(text)):
        for run in _RUN.findall(word):
            found += _index_forms(run, language)
    return found


def terms_of(question: str, language: str) -> list[tuple[str, ...]]:
    """What a question asks for: each term in the forms of which any will do; all terms must be there."""
    # Folded first: one sign may become several words.
    runs = (run for word in _WORD.findall(folded(question)) for run in _RUN.findall(word))
    terms = [forms for run in runs for forms in _question_forms(run, language)]
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def _index_forms(run: str, language: str) -> list[str]:
    if _is_unspaced(run):
        return [*run, *_pairs(run)]
    bare = _bare(run)
    return list(dict.fromkeys((run, bare, _stem(run, language), _stem(bare, language))))


def _question_forms(run: str, language: str) -> Iterator[tuple[str, ...]]:
    if _is_unspaced(run):
        yield from ((pair,) for pair in (_pairs(run) or [run]))
        return
    bare = _bare(run)
    yield tuple(dict.fromkeys((run, bare, _stem(run, language))))


def _is_unspaced(run: str) -> bool:
    return re.match(f"[{_UNSPACED}]", run) is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _bare(word: str) -> str:
    return _ARABIC_ARTICLE.sub("", word)


@lru_cache(maxsize=20_000)  # a language has few words that are used often
def _stem(word: str, language: str) -> str:
    name = _STEMMERS.get(base(language))
    return folded(snowballstemmer.stemmer(name).stemWord(word)) if name and len(word) > 3 else word


def is_hit(word: str, terms: set[str], language: str) -> bool:
    """Whether a word of a shown text is one of those that were asked for."""
    runs = (run for part in _WORD.findall(folded(word)) for run in _RUN.findall(part))
    return any(terms & set(_index_forms(run, language)) for run in runs)
