"""Comment Markdown: a safe subset, read into a document and written back.

Paragraphs, line breaks, emphasis, strong, links, code, quotes and lists; a
typed line break is one. Everything else (headings, images, raw HTML) stays
what was typed. Source: CommonMark 0.31, parsed by markdown-it-py.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

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


def _mask(source: str, names: Iterable[str]) -> tuple[str, list[str]]:
    """Replace names, and characters of the placeholders' own range, by one character each."""
    pattern = names_pattern(names)
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


def _nodes(tokens: Iterator[Token], hidden: list[str]) -> list[Node]:
    found: list[Node] = []
    for token in tokens:
        if token.type in _CONTAINERS:
            start = int(token.attrs.get("start", 1) or 1)
            found.append(Container(_CONTAINERS[token.type], tuple(_nodes(tokens, hidden)), start))
        elif token.type == "inline":
            inlines = tuple(_inlines(token.children or [], hidden))
            if inlines:
                found.append(TextBlock("paragraph", inlines))
        elif token.type in {"fence", "code_block"}:
            found.append(CodeBlock(_reveal(token.content, hidden)))
        elif token.type.endswith("_close") and token.type != "paragraph_close":
            break
    return found


def _inlines(tokens: list[Token], hidden: list[str]) -> Iterator[Inline]:
    for token in tokens:
        if token.type in _MARKS:
            yield Open(_MARKS[token.type], _reveal(str(token.attrs.get("href", "")), hidden))
        elif token.type.endswith("_close"):
            yield Close()
        elif token.type in {"softbreak", "hardbreak"}:
            yield Break()
        elif token.type == "code_inline":
            yield Atom("code", _reveal(token.content, hidden))
        elif token.content:
            yield from _unmask(token.content, hidden)


def write(document: Document) -> str:
    """The document as Markdown that reads back to the same document."""
    return "\n\n".join(_write_node(node) for node in document.nodes)


def _write_node(node: Node) -> str:
    if isinstance(node, TextBlock):
        return _write_inlines(node.inlines)
    if isinstance(node, CodeBlock):
        return "```\n" + node.text.rstrip("\n") + "\n```"
    inner = [_write_node(child) for child in node.children]
    if node.kind == "quote":
        return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(inner).split("\n"))
    if node.kind == "item":
        return "\n\n".join(inner).replace("\n", "\n   ")
    signs = [f"{node.start + index}. " if node.kind == "numbers" else "- " for index in range(len(inner))]
    return "\n".join(sign + item for sign, item in zip(signs, inner, strict=True))


def _write_inlines(inlines: tuple[Inline, ...]) -> str:
    """Unescaped where that reads back the same; a line full of backslashes helps nobody."""
    light = _join_inlines(inlines, escape=_as_is)
    names = [inline.text for inline in inlines if isinstance(inline, Atom) and inline.kind == "name"]
    if _flat(parse(light, names).nodes) == _flat((TextBlock("paragraph", inlines),)):
        return light
    return _join_inlines(inlines, escape=_escaped)


def _as_is(text: str) -> str:
    return text


def _escaped(text: str) -> str:
    signs = re.sub(r"([\\`*_\[\]<>#])", r"\\\1", text)
    return re.sub(r"^(\s*\d*)([-+.)])", r"\1\\\2", signs)


def _flat(nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    """A document of one paragraph as comparable pieces, neighbours of a kind joined."""
    if len(nodes) != 1 or not isinstance(nodes[0], TextBlock):
        return []
    joined: list[tuple[str, str]] = []
    for inline in nodes[0].inlines:
        text = getattr(inline, "text", getattr(inline, "href", ""))
        kind = "text" if isinstance(inline, Text) or _is_shown_as_typed(inline) else type(inline).__name__
        if kind == "text" and joined and joined[-1][0] == "text":
            joined[-1] = ("text", joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined


def _is_shown_as_typed(inline: Inline) -> bool:
    return isinstance(inline, Atom) and inline.kind != "code"


def _join_inlines(inlines: tuple[Inline, ...], *, escape: Callable[[str], str]) -> str:
    written: list[str] = []
    closing: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text):
            written.append(escape(inline.text))
        elif isinstance(inline, Atom):
            written.append(_code(inline.text) if inline.kind == "code" else inline.text)
        elif isinstance(inline, Open):
            written.append({"em": "*", "strong": "**", "link": "["}[inline.kind])
            closing.append({"em": "*", "strong": "**", "link": f"]({inline.href})"}[inline.kind])
        elif isinstance(inline, Break):
            written.append("\n")
        elif closing:
            written.append(closing.pop())
    return "".join(written)


def _code(text: str) -> str:
    fence = "`" * (max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"
