"""A person's translation, typed as Markdown, brought onto the markers of its source."""

import re

from dragoman.translation.rules import markdown
from dragoman.translation.rules.checks import Answer, check
from dragoman.translation.rules.document import TextBlock
from dragoman.translation.rules.markers import MARKER, Contents
from dragoman.translation.rules.segmenting import cut

_MARKS = frozenset({"em", "strong", "link"})
# Of the checks of engines those that say something of a person's words: people shorten, repeat and borrow on purpose.
WORTH_SAYING = ("markers", "addresses", "numbers", "terms", "script", "brackets", "end-mark")


def mark_like(text: str, contents: Contents) -> str:
    """``text`` with its names, addresses and marks replaced by the source's markers.

    What the source does not have stays as it was typed. A person may leave a
    marker out: people are trusted, engines are not.
    """
    names = [one.text for one in contents.values() if one.kind == "name"]
    sentence = cut(TextBlock("title", markdown.parse_line(text, names)), "und", names)[0]
    return carried(sentence.before + sentence.marked + sentence.after, sentence.contents, contents)


def carried(marked: str, mine: Contents, wanted: Contents) -> str:
    """A marked text with the markers of another one, as after an edit of its source.

    A name or an address that the other one does not have stays as it was written.
    """
    free = dict(wanted)
    numbers: dict[int, int] = {}
    for number, content in sorted(mine.items()):
        match = next((n for n, one in free.items() if one == content), None)
        if match is None and content.kind in _MARKS:
            match = next((n for n, one in free.items() if one.kind == content.kind), None)
        if match is not None:
            numbers[number] = match
            del free[match]

    def replace(found: re.Match[str]) -> str:
        number = int(found[2])
        if number in numbers:
            return f"⟦{found[1]}{numbers[number]}⟧"
        return "" if found[1] or number not in mine else mine[number].text

    return MARKER.sub(replace, marked).strip()


def doubts(answer: Answer) -> list[str]:
    """What a person may have overlooked, by the names of the checks: it is said, and nothing is refused."""
    return [one.check for one in check(answer) if one.check in WORTH_SAYING]
