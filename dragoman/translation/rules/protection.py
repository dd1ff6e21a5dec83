"""Finding what no engine may touch inside running text.

One scanner for articles and comments. It works on plain text, never on HTML:
raw HTML *as typed* is one of the things that it finds and keeps as typed.
"""

import re
from collections.abc import Iterable, Iterator

from dragoman.translation.rules.document import Atom, AtomKind, Inline, Text

_RAW = r"<(?P<raw>(?i:script|style))\b[^>]*>[\s\S]*?</(?i:(?P=raw))\s*>"
# The order is the priority where two start at the same place.
_PATTERNS: tuple[tuple[AtomKind, str], ...] = (
    ("literal", r"[⟦⟧\U000F0000-\U000FFFFD]+"),
    # A script or style element with all that stands in it, then any tag, comment or entity.
    ("html", _RAW),
    (
        "html",
        r"<!--[\s\S]*?-->|</?[A-Za-z][^<>\n]{0,500}>|&(?:\#\d{1,7}|\#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});",
    ),
    ("url", r"(?:(?i:https?)://|www\.)[^\s<>\"“”«»⟦⟧]+"),
    ("email", r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    (
        "url",
        r"(?<![\w@.])(?:[a-z0-9-]{1,63}\.){1,6}(?:com|org|net|info|eu|example|[a-z]{2})(?:/[^\s<>\"“”«»⟦⟧]*)(?<!\w\.)",
    ),
    ("mention", r"(?<![\w@/])@\w[\w.-]{0,39}"),
    ("hashtag", r"(?<![\w&/])\#\w*[^\W\d]\w*"),
    (
        "emoji",
        (
            r"(?:[\U0001F1E6-\U0001F1FF]{2}"
            r"|[\u203c\u2049\u231a\u231b\u23e9-\u23fa\u2600-\u27bf\u2b05-\u2b55\U0001F000-\U0001FAFF]"
            r"[\ufe0e\ufe0f\u20e3\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]*"
            r"(?:\u200d[\u2600-\u27bf\u2b05-\u2b55\U0001F000-\U0001FAFF][\ufe0e\ufe0f\U0001F3FB-\U0001F3FF]*)*"
            r"|[0-9\#*]\ufe0f?\u20e3)+"
        ),
    ),
)
_GROUPS = [(f"g{index}", kind, pattern) for index, (kind, pattern) in enumerate(_PATTERNS)]
_SCANNER = re.compile("|".join(f"(?P<{group}>{pattern})" for group, _kind, pattern in _GROUPS))
_KINDS = {group: kind for group, kind, _pattern in _GROUPS}
RAW_ELEMENT = re.compile(_RAW)
_TRAILING = ".,;:!?…'\"”’»)]}、。！？"


def protect(text: str, names: Iterable[str] = ()) -> Iterator[Inline]:
    """Cut ``text`` into words and atoms; ``names`` are kept wherever they stand as whole words."""
    pattern = names_pattern(names, text)
    at = 0
    for match in _SCANNER.finditer(text):
        kind = _KINDS[str(match.lastgroup if match.lastgroup != "raw" else "g1")]
        found = _without_trailing(match[0]) if kind in {"url", "mention"} else match[0]
        if match.start() < at or not found:
            continue
        yield from _names_in(text[at : match.start()], pattern)
        yield Atom(kind, found)
        at = match.start() + len(found)
    yield from _names_in(text[at:], pattern)


def names_pattern(names: Iterable[str], text: str) -> re.Pattern[str] | None:
    """One pattern for those names whose first word occurs in ``text``, the longest first, or ``None``.

    A thread may have thousands of participants: a pattern of all their names costs far more than this look.
    """
    occurring = {name for name in names if (words := name.split()) and words[0] in text}
    wanted = sorted(occurring, key=lambda name: (-len(name), name))
    if not wanted:
        return None
    return re.compile("|".join(_whole(name) for name in wanted))


def _whole(name: str) -> str:
    before = r"(?<!\w)" if re.match(r"\w", name) else ""
    after = r"(?!\w)" if re.search(r"\w$", name) else ""
    return before + re.escape(name).replace(r"\ ", r"\s+") + after


def _names_in(text: str, pattern: re.Pattern[str] | None) -> Iterator[Inline]:
    at = 0
    for match in pattern.finditer(text) if pattern else ():
        if match.start() > at:
            yield Text(text[at : match.start()])
        yield Atom("name", match[0])
        at = match.end()
    if at < len(text):
        yield Text(text[at:])


def _without_trailing(address: str) -> str:
    """Punctuation that ends the sentence is not the address's; a bracket that it opened is."""
    while address and address[-1] in _TRAILING:
        if address[-1] == ")" and address.count("(") >= address.count(")"):
            break
        address = address[:-1]
    return address
