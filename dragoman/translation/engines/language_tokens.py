"""How models of many languages are told which ones: by tokens before the source, or as the first of the target.

Which family a model is of shows in its vocabulary. A model of one pair has no
such tokens and needs none.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import icu

from dragoman.foundation.languages import UnknownLanguage, base, canonical, script
from dragoman.translation.engines.base import Misconfigured, Pair

Family: TypeAlias = Literal["plain", "nllb", "m2m100", "madlad", "opus"]

_SHAPES: dict[Family, re.Pattern[str]] = {
    "nllb": re.compile(r"[a-z]{3}_[A-Z][a-z]{3}"),
    "m2m100": re.compile(r"__[a-z]{2,3}__"),
    "madlad": re.compile(r"<2[a-z]{2,3}(?:_[A-Za-z]+)*>"),
    "opus": re.compile(r">>[A-Za-z]{2,3}(?:_[A-Za-z]+)*<<"),
}
# NLLB's codes where they are not the language's three letters and its script.
_NLLB = {
    "ar": "arb_Arab",
    "az": "azj_Latn",
    "et": "est_Latn",
    "fa": "pes_Arab",
    "ja": "jpn_Jpan",
    "ko": "kor_Hang",
    "lv": "lvs_Latn",
    "mn": "khk_Cyrl",
    "ms": "zsm_Latn",
    "nb": "nob_Latn",
    "ne": "npi_Deva",
    "no": "nob_Latn",
    "sq": "als_Latn",
    "sw": "swh_Latn",
    "uz": "uzn_Latn",
    "zh-Hans": "zho_Hans",
    "zh-Hant": "zho_Hant",
}
_FORMER = {"he": "iw", "id": "in", "yi": "ji"}  # codes that older models still use


@dataclass(frozen=True, slots=True)
class LanguageTokens:
    """What stands before a source of this pair, and what its target begins with."""

    before: tuple[str, ...] = ()
    target: tuple[str, ...] = ()


def family_of(vocabulary: Collection[str]) -> Family:
    """Which family's language tokens the vocabulary holds."""
    for family, shape in _SHAPES.items():
        # Twice: a word of some language may look like one of them once.
        if len([token for token in vocabulary if shape.fullmatch(token)]) > 1:
            return family
    return "plain"


def language_tokens_in(family: Family, vocabulary: Collection[str]) -> frozenset[str]:
    """All of them: none belongs into an answer."""
    return frozenset(token for token in vocabulary if family in _SHAPES and _SHAPES[family].fullmatch(token))


def codes_of(value: Any) -> dict[str, str]:
    """``"en=eng_Latn,es=spa_Latn"`` or a table, by canonical tag; raises :class:`Misconfigured`."""
    if isinstance(value, str):
        value = [one.split("=", 1) for one in value.split(",") if one.strip()]
    try:
        return {canonical(str(tag).strip()): str(code).strip() for tag, code in dict(value or {}).items()}
    except (UnknownLanguage, ValueError, TypeError):
        raise Misconfigured("codes are written such as en=eng_Latn,es=spa_Latn") from None


def tokens_for(family: Family, pair: Pair, codes: Mapping[str, str], vocabulary: Collection[str]) -> LanguageTokens:
    """The tokens of a pair; raises :class:`Misconfigured` where the model lacks one of its languages."""
    source, target = pair
    if family == "plain":
        return LanguageTokens()
    aim = _token(family, target, codes, vocabulary)
    if family in ("madlad", "opus"):
        return LanguageTokens(before=aim)
    return LanguageTokens(_token(family, source, codes, vocabulary), aim)


def _token(family: Family, tag: str, codes: Mapping[str, str], vocabulary: Collection[str]) -> tuple[str, ...]:
    told = codes.get(tag)
    if told == "":  # told that the model wants none for it
        return ()
    candidates = _candidates(family, tag) if told is None else [told, *_around(family, [told])]
    for token in candidates:
        if token in vocabulary:
            return (token,)
    raise Misconfigured(
        f"the model's vocabulary has no “{candidates[0]}” for “{tag}”: leave the language out, or say its code"
    )


def _candidates(family: Family, tag: str) -> list[str]:
    short, three = base(tag), str(icu.Locale(tag).getISO3Language())
    written = script(tag)
    if family == "nllb":
        known = _NLLB.get(tag) or _NLLB.get(f"{short}-{written}") or _NLLB.get(short)
        return [known or f"{three}_{written}"]
    names = [short, _FORMER.get(short, short)]
    if family == "opus":
        names = [three, f"{three}_{written}", *names]
    if short == "zh":
        names = [f"cmn_{written}", f"zho_{written}", f"zh_{written}", *names, "cmn"]
    return _around(family, names)


def _around(family: Family, names: list[str]) -> list[str]:
    ends = {"nllb": ("", ""), "m2m100": ("__", "__"), "madlad": ("<2", ">"), "opus": (">>", "<<")}
    before, after = ends[family]
    return [f"{before}{name}{after}" for name in names]
