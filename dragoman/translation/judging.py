"""All that is checked of an answer: the rules, and which language it is in."""

from collections.abc import Collection

from dragoman.foundation.languages import base
from dragoman.translation.detection import detect_language
from dragoman.translation.rules.checks import Answer, Finding, check
from dragoman.translation.rules.document import Document, plain_block
from dragoman.translation.rules.markers import words_of

_FEWEST_LETTERS = 20  # below, even two detectors that agree are wrong too often
_ENOUGH_LETTERS = 40  # from here on also about neighbours such as Spanish and Galician


def judge(answer: Answer, *, known_languages: Collection[str]) -> list[Finding]:
    """All findings, hard ones first. Detection costs the most: it is left out where an answer is refused anyway."""
    findings = check(answer)
    if any(finding.hard for finding in findings) or not _is_in_another_language(answer, known_languages):
        return findings
    return [Finding("language", hard=True), *findings]


def _is_in_another_language(answer: Answer, known_languages: Collection[str]) -> bool:
    words = words_of(answer.target)
    letters = sum(map(str.isalpha, words))
    if letters < _FEWEST_LETTERS:
        return False
    candidates = (*known_languages, answer.to_language)
    expected = next(tag for tag in candidates if base(tag) == base(answer.to_language))
    found = detect_language(Document((plain_block(words),)), candidates, expected=expected)
    if found is None or base(found) == base(answer.to_language):
        return False
    return letters >= _ENOUGH_LETTERS or base(found) == base(answer.from_language)
