"""Which words a text is found by: the same for SQLite and PostgreSQL, which only compare them. Pure.

Case, accents and other marks do not count. Arabic words are found with and without
their article. Chinese and Japanese, which write no spaces, are found by pairs of
signs, as Lucene's CJK analyser does. Words are found in other forms of theirs where
there is a Snowball stemmer for the language.

Source: Larkey, Ballesteros, Connell, “Improving Stemming for Arabic Information
Retrieval”, SIGIR 2002 (the article and what stands before it).
"""

import re
from collections.abc import Iterator

from dragoman.foundation.words import UNSPACED, WORD, folded, stem

MOST_TERMS = 12  # of one question
_WORD = re.compile(WORD)
_RUN = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_ARABIC_ARTICLE = re.compile(r"^(?:[وبكف]?ال|لل)(?=\w{2,}$)")


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
    return list(dict.fromkeys((run, bare, stem(run, language), stem(bare, language))))


def _question_forms(run: str, language: str) -> Iterator[tuple[str, ...]]:
    if _is_unspaced(run):
        yield from ((pair,) for pair in (_pairs(run) or [run]))
        return
    bare = _bare(run)
    yield tuple(dict.fromkeys((run, bare, stem(run, language))))


def _is_unspaced(run: str) -> bool:
    return re.match(f"[{UNSPACED}]", run) is not None


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _bare(word: str) -> str:
    return _ARABIC_ARTICLE.sub("", word)


def is_hit(word: str, terms: set[str], language: str) -> bool:
    """Whether a word of a shown text is one of those that were asked for."""
    runs = (run for part in _WORD.findall(folded(word)) for run in _RUN.findall(part))
    return any(terms & set(_index_forms(run, language)) for run in runs)
