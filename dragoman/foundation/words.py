"""Words of many languages: what counts as the same word. Pure.

Source: Porter, “Snowball: A language for stemming algorithms”, 2001.
"""

import unicodedata
from functools import lru_cache

import snowballstemmer

from dragoman.foundation.languages import base

# Letters and digits with the marks that stand on them.
WORD = r"(?:[^\W_][\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670]*)+"
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"  # of Chinese and Japanese
_ALIKE = str.maketrans({"ı": "i", "ى": "ي", "ة": "ه", "ـ": None, "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})
STEMMERS = {
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


@lru_cache(maxsize=20_000)  # a language has few words that are used often
def stem(word: str, language: str) -> str:
    """What a folded word has in common with its other forms; itself where there is no stemmer for the language."""
    name = STEMMERS.get(base(language))
    return folded(snowballstemmer.stemmer(name).stemWord(word)) if name and len(word) > 3 else word
