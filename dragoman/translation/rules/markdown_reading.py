"""Comment Markdown: a safe subset, read into a document.

Paragraphs, line breaks, emphasis, strong, links, code, quotes and lists; a
typed line break is one. Everything else (headings, images, raw HTML) stays
what was typed. Source: CommonMark 0.31, parsed by markdown-it-py.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dragoman.translation.rules.document import (
    Atom,
    Break,
    Close,
    CodeBlock,
    Container,
    ContainerKind,
    Document,
    Inline,
    MarkKind,
    Node,
    Open,
    Text,
    TextBlock,
)
from dragoman.translation.rules.protection import names_pattern

_DEEPEST = 8  # quotes in quotes; deeper ones are shown at this depth
_NESTING = 40  # of the parser; what nests deeper is read as plain lines
_PLACEHOLDER = 0xF0000  # private use plane 15: a name's place while Markdown is parsed
_ENCODED_PLACEHOLDER = re.compile(r"%F3%B[0-9A-F](?:%[89AB][0-9A-F]){2}", re.IGNORECASE)
_DEEP_QUOTE = re.compile(rf"^(?:[ \t]{{0,3}}>){{{_DEEPEST + 1},}}", re.MULTILINE)
_CONTAINERS: dict[str, ContainerKind] = {
    "blockquote_open": "quote",
    "bullet_list_open": "bullets",
    "ordered_list_open": "numbers",
    "list_item_open": "item",
}
_MARKS: dict[str, MarkKind] = {"em_open": "em", "strong_open": "strong", "link_open": "link"}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "maxNesting": _NESTING})
    parser.enable(["blockquote", "list", "fence", "emphasis", "link", "backticks", "escape", "newline", "autolink"])
    return parser


def parse(source: str, names: Iterable[str] = ()) -> Document:
    """Read Markdown. ``names`` are masked before it is parsed, so ``_AMUHb_`` is never emphasis."""
    masked, hidden = _mask(source, names)
    shallow = _DEEP_QUOTE.sub("> " * _DEEPEST, masked)
    tokens = _parser().parse(shallow)
    if any(token.level >= _NESTING - 2 for token in tokens):
        return _plain_lines(shallow, hidden)
    nodes = _nodes(iter(tokens), hidden)
    return Document(tuple(nodes))


def parse_line(source: str, names: Iterable[str] = ()) -> tuple[Inline, ...]:
    """Read emphasis, links and code only: “3. Oktober” is no list where one sentence is asked for."""
    masked, hidden = _mask(source, names)
    tokens = _parser().parseInline(masked)
    return tuple(inline for token in tokens for inline in _inlines(token.children or [], hidden))


def _mask(source: str, names: Iterable[str]) -> tuple[str, list[str]]:
    """Replace names, and characters of the placeholders' own range, by one character each."""
    pattern = names_pattern(names, source)
    own = re.compile("[\U000f0000-\U000ffffd]" + (f"|{pattern.pattern}" if pattern else ""))
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return chr(_PLACEHOLDER + len(hidden) - 1)

    return own.sub(hide, source), hidden


def _plain_lines(text: str, hidden: list[str]) -> Document:
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    return Document(tuple(TextBlock("paragraph", tuple(_lines(part, hidden))) for part in paragraphs))


def _lines(part: str, hidden: list[str]) -> Iterator[Inline]:
    for index, line in enumerate(part.strip("\n").split("\n")):
        if index:
            yield Break()
        yield from _unmask(line, hidden)


def _unmask(text: str, hidden: list[str]) -> Iterator[Inline]:
    words = ""
    for sign in text:
        place = ord(sign) - _PLACEHOLDER
        if not 0 <= place < len(hidden):
            words += sign
            continue
        if words:
            yield Text(words)
            words = ""
        own = 0xF0000 <= ord(hidden[place][0]) <= 0xFFFFD
        yield Atom("literal" if own else "name", hidden[place])
    if words:
        yield Text(words)


def _reveal(text: str, hidden: list[str]) -> str:
    return "".join(hidden[place] if 0 <= (place := ord(sign) - _PLACEHOLDER) < len(hidden) else sign for sign in text)


def _reveal_address(href: str, hidden: list[str]) -> str:
    """The parser has percent-encoded the placeholders of names."""
    return _ENCODED_PLACEHOLDER.sub(lambda found: quote(_reveal(unquote(found[0]), hidden)), href)


def _nodes(tokens: Iterator[Token], hidden: list[str]) -> list[Node]:
    found: list[Node] = []
    for token in tokens:
        if token.type in _CONTAINERS:
            start = int(token.attrs.get("start", 1))
            found.append(Container(_CONTAINERS[token.type], tuple(_nodes(tokens, hidden)), start))
        elif token.type == "inline":
            inlines = tuple(_inlines(token.children or [], hidden))
            if inlines:
                found.append(TextBlock("paragraph", inlines))
        elif token.type == "fence":
            # What stands beside the fence is a language to programmers and a word to everybody else.
            beside = token.info.strip()
            found.append(CodeBlock(_reveal(f"{beside}\n{token.content}" if beside else token.content, hidden)))
        elif token.type.endswith("_close") and token.type != "paragraph_close":
            break
    return found


def _without_inner_links(tokens: list[Token]) -> Iterator[Token]:
    """An address in pointed brackets may stand in a link's words. A link's title goes to where the link closes."""
    open_links: list[str] = []
    for token in tokens:
        if token.type == "link_open":
            open_links.append(str(token.attrs.get("title", "")))
        is_inner = len(open_links) > 1
        if token.type == "link_close":
            token.meta["title"] = open_links.pop()
        if not (is_inner and token.type in ("link_open", "link_close")):
            yield token


def _inlines(tokens: list[Token], hidden: list[str]) -> Iterator[Inline]:
    for token in _without_inner_links(tokens):
        if token.type in _MARKS:
            yield Open(_MARKS[token.type], _reveal_address(str(token.attrs.get("href", "")), hidden))
        elif token.type.endswith("_close"):
            yield Close()
            if title := token.meta.get("title"):
                yield from _unmask(f" ({title})", hidden)
        elif token.type in {"softbreak", "hardbreak"}:
            yield Break()
        elif token.type == "code_inline":
            yield Atom("code", _reveal(token.content, hidden))
        elif token.content:
            yield from _unmask(token.content, hidden)
