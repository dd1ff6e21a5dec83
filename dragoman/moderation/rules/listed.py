"""Listed words, in the text as it was typed."""

from collections.abc import Iterator, Sequence

from dragoman.moderation.rules.candidate import Candidate, Finding
from dragoman.moderation.rules.known import Found, Known
from dragoman.moderation.rules.lists import Hit, Matcher, WordList

NAME = "listed"


def judge(candidate: Candidate, known: Known) -> Iterator[Found]:
    """One finding for each list; what follows is the list's own.

    Whoever names another language than the one of the words does not get around its lists.
    """
    found = known.matcher.find(candidate.text, candidate.language)
    if candidate.looks_like:
        found = list(dict.fromkeys([*found, *known.matcher.find(candidate.text, candidate.looks_like)]))
    for one, hits in _by_list(found):
        yield Found(tuple((hit.start, hit.end) for hit in hits), one.act, one.id)


def in_translation(matcher: Matcher, text: str, language: str, original: Sequence[int] = ()) -> list[Finding]:
    """Listed words in a translation: an engine's choice of words, so at most a reason to look.

    ``original``: the lists that were found in the comment itself already.
    """
    found = _by_list(matcher.find(text, language))
    return [
        Finding(NAME, "flag", tuple((hit.start, hit.end) for hit in hits), language, one.id)
        for one, hits in found
        if one.act != "off" and one.id not in original
    ]


def _by_list(hits: Sequence[Hit]) -> list[tuple[WordList, list[Hit]]]:
    found: dict[int, tuple[WordList, list[Hit]]] = {}
    for hit in hits:
        found.setdefault(hit.list.id, (hit.list, []))[1].append(hit)
    return list(found.values())
