"""Signs of an answer that its source gives no reason for: broken encodings, tags, addresses, remains of markers."""

import re
from collections import Counter

from dragoman.translation.rules.markers import MARKER, words_of

ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,6});", re.IGNORECASE)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd\u2047]|<unk>|\\[UNK\\]"
)
# An ampersand that no writer set: “salt& pepper”, 盐&胡椒.
_LOOSE_AMPERSAND = re.compile(r"(?<![A-Z&\s])&(?![A-Z&\w])|(?<=[^\W\d_a-zA-Z])&(?=[^\W\d_a-zA-Z])|&$")
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_GAP_IN_HAN = re.compile("(?<=[\u3040-\u30ff\u4e00-\u9fff])\u00a0(?=[\u3040-\u30ff\u4e00-\u9fff])")
# The spellings of markers, ours and those that engines are sent, as they look after an engine had its way with them.
_REMAINS = re.compile(
    r"[⟦⟧]|(?<!\w)[Xx]{2}\s?\d+(?!\w)|__\s?\d+\s?__|(?<!\w)_\s_?\s?\d+\s?_?\s_(?!\w)"
    r"|\[\s?\d+\s?\]|\{\s?\d+\s?\}|(?<![\d.,])4[.,\s]?711\d+(?!\d)"
)
_ADDRESS = re.compile(
    r"https?://[^\s<>()\"']+|www\.[^\s<>()\"']+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+|(?<![\w@])@\w{2,}|(?<![\w&#])#[^\W\d]\w+",
    re.IGNORECASE,
)
_AFTER_ADDRESS = ".,;:!?…。，、؛؟)]}»”"
_RUN_OF_HIGH_SIGNS = re.compile("[\u0080-\u02ff\u2010-\u203a\u20ac\u2122]{2,}")
_CLOSING = " \t\n\u00a0\"'`”’“»«›‹)]」』）】"
_ENDS = {"?": "?", "？": "?", "؟": "?", ";": ";", "!": "!", "！": "!", "…": "…", ":": ":", "：": ":"}
_BRACKETS = str.maketrans({"（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]"})


def has_strange_signs(source: str, target: str) -> bool:
    """Control signs, halves of entities, broken encodings: whatever its source does not hold as well."""
    for pattern in (_UNWANTED, ENTITY, _LOOSE_AMPERSAND, _GAP_IN_HAN):
        if set(pattern.findall(target)) - set(pattern.findall(source)):
            return True
    lone = "<" in target and "<" not in source and "＜" not in source
    return lone or is_wrongly_decoded(source, target)


def is_wrongly_decoded(source: str, target: str) -> bool:
    """Whether UTF-8 was read as Windows' western encoding: “Ã©” for “é”."""
    return any(run not in source and _was_utf8(run) for run in _RUN_OF_HIGH_SIGNS.findall(target))


def _was_utf8(run: str) -> bool:
    for start in range(len(run) - 1):
        for end in range(start + 2, min(start + 4, len(run)) + 1):
            try:
                if len(run[start:end].encode("cp1252").decode()) == 1:
                    return True
            except UnicodeError:
                continue
    return False


def has_remains(source: str, target: str) -> bool:
    """Whether something is left that looks like a marker."""
    return bool(_counted(_REMAINS, MARKER.sub(" ", target)) - _counted(_REMAINS, MARKER.sub(" ", source)))


def has_new_tags(source: str, target: str) -> bool:
    """Whether tags came in."""
    return "<" in target and bool(_counted(_TAG, target) - _counted(_TAG, source))


def _counted(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(re.sub(r"\s", "", found).casefold() for found in pattern.findall(text))


def has_other_addresses(source: str, target: str) -> bool:
    """Whether an address, a mention or a hashtag was made up or lost."""
    return _addresses(source) != _addresses(target)


def without_addresses(text: str) -> str:
    """The words alone, without markers too."""
    return _ADDRESS.sub(" ", MARKER.sub(" ", text))


def _addresses(text: str) -> set[str]:
    if "@" not in text and "#" not in text and "www." not in text and "://" not in text:
        return set()
    return {found.rstrip(_AFTER_ADDRESS) for found in _ADDRESS.findall(MARKER.sub(" ", text))}


def end_mark(text: str) -> str:
    """``?``, ``!``, ``…``, ``:``, ``.`` or nothing."""
    plain = words_of(text).rstrip(_CLOSING)
    if plain.endswith("..."):
        return "…"
    last = plain[-1:]
    return _ENDS.get(last, "." if last in ".。．｡।։۔" and last else "")


def ends_otherwise(source: str, target: str, from_language: str, to_language: str) -> bool:
    """Whether a question became none, a statement an exclamation, and the like; Greek asks with “;”."""
    one, other = _asked(end_mark(source), from_language), _asked(end_mark(target), to_language)
    return one != other and not {one, other} <= {"", ".", ";"} and not {one, other} <= {".", "…", ""}


def _asked(mark: str, language: str) -> str:
    return "?" if mark == ";" and language.startswith("el") else mark


def is_unbalanced(source: str, target: str) -> bool:
    """Whether a bracket or a quotation mark of the answer lacks its other half, and none of the source does."""
    ours, theirs = words_of(source).translate(_BRACKETS), words_of(target).translate(_BRACKETS)
    for opening, closing in ("()", "[]", "{}", "《》"):
        if theirs.count(opening) != theirs.count(closing) and ours.count(opening) == ours.count(closing):
            return True
    if _has_half_a_quotation(theirs) and not _has_half_a_quotation(ours):
        return True
    return len(_LOOSE.findall(theirs)) % 2 == 1 and not _LOOSE.search(ours)


# Languages open with what others close with, so only the number of all marks tells.
_QUOTATION_MARK = re.compile('["“”„‟«»「」『』＂]')
_IN_HEBREW = re.compile('[א-ת]"[א-ת]')
# Not the apostrophe of don't, 2011'de, the series' end, ’90s.
_LOOSE = re.compile(r"(?<!\w)'(?!\d)|(?<=[^\WsSא-ת])'(?!\w)|(?<=[\u3040-\u30ff\u4e00-\u9fff])'(?=\w)")


def _has_half_a_quotation(text: str) -> bool:
    # In Hebrew a mark between letters may as well open a quotation behind a particle.
    return len(_QUOTATION_MARK.findall(text)) % 2 == 1 and not _IN_HEBREW.search(text)
