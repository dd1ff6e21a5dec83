"""Cutting text into sentences: ICU's rules, then our own exceptions.

ICU (Unicode Standard Annex 29) knows every script but splits after
abbreviations, initials and ordinals. The pieces are joined back where the cut
is plainly wrong. ``"".join(split(text, tag)) == text`` always holds.
"""

import re
from itertools import pairwise

import icu

# Abbreviations that stand before the word they belong to, so never end a sentence.
_ABBREVIATIONS = {
    "en": "Dr Mr Mrs Ms Prof St Sr Jr Rev Gen Sgt Capt Lt Col Hon No vs e.g i.e cf approx Mt Ft",
    "es": "Dr Dra Sr Sra Srta D Dña Ud Uds Prof Gral Lic Ing Avda Av núm pág p.ej Sto Sta",
    "fr": "M MM Mme Mmes Mlle Dr Pr Me Mgr St Ste av bd env cf p.ex n",
    "ca": "Sr Sra Srta Dr Dra Prof Av núm pàg p.ex St Sta",
    "pt": "Sr Sra Dr Dra Prof Profa Eng Av núm pág p.ex Sto Sta",
    "it": "Sig Sigg Dott Prof Avv Ing Arch p.es pag",
    "de": "Dr Prof Hr Fr Nr St Str bzw ca z.B d.h u.a vgl Mio Mrd Abs Art evtl ggf inkl",
    "ru": "г ул д стр им проф акад т.е т.д т.п руб тыс млн млрд",
    "uk": "м вул буд стор ім проф акад т.д тис млн млрд",
}
_WORD_LISTS = {language: frozenset(words.split()) for language, words in _ABBREVIATIONS.items()}
_LAST_WORD = re.compile(r"(?:^|[\s(\[“\"«'’])([\w.]*\w)\.\s*$")
_ORDINAL_LANGUAGES = frozenset({"de", "da", "nb", "nn", "no", "fi", "cs", "sk", "hu", "hr", "sl", "et", "lv", "tr"})


def split(text: str, language: str) -> list[str]:
    """Cut ``text`` into sentences, each with the white space that follows it."""
    merged: list[str] = []
    for piece in _icu_pieces(text, language):
        if merged and _belongs_together(merged[-1], piece, language):
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def _icu_pieces(text: str, language: str) -> list[str]:
    # Without CLDR's own suppressions (ss=standard): they match the ends of longer words too.
    # PyICU counts UTF-16 code units; cutting the encoded bytes keeps them right after emoji.
    encoded = text.encode("utf-16-le", "surrogatepass")
    breaker = icu.BreakIterator.createSentenceInstance(icu.Locale.forLanguageTag(language))
    breaker.setText(text)
    cuts = [0, *breaker]
    return [encoded[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(cuts)]


def _belongs_together(before: str, after: str, language: str) -> bool:
    if "\n" in before[len(before.rstrip()) :]:
        return False
    if len(re.sub(r"[\W_]", "", after)) == 0 and after.strip():
        # Closing quotes and brackets only; a placeholder for something protected is no letter either.
        return not any(ord(sign) >= 0xF0000 for sign in after)
    match = _LAST_WORD.search(before)
    if match is None:
        return False
    word = match[1]
    if word in _WORD_LISTS.get(language.split("-", maxsplit=1)[0], frozenset()):
        return True
    if len(word) == 1 and word.isalpha() and word.isupper():
        # An initial; joining “Vitamin C. It …” costs less than cutting a name in two.
        return word != "I" and after[:1].isupper()
    return word.isdigit() and len(word) <= 2 and language.split("-", maxsplit=1)[0] in _ORDINAL_LANGUAGES
