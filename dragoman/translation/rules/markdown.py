"""Comment Markdown: a safe subset, read into a document and written back.

Paragraphs, line breaks, emphasis, strong, links, code, quotes and lists; a
typed line break is one. Everything else (headings, images, raw HTML) stays
what was typed. Source: CommonMark 0.31, parsed by markdown-it-py.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
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
_LAST_NUMBER = 999_999_999  # a longer number begins no item
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


def write(document: Document) -> str:
    """The document as Markdown that reads back to the same document."""
    return _write_nodes(document.nodes)


def _write_nodes(nodes: tuple[Node, ...]) -> str:
    """Lists that follow one another take turns in their signs, else they would be read as one."""
    written: list[str] = []
    turn = 0
    for before, node in zip((None, *nodes), nodes, strict=False):
        follows = isinstance(before, Container) and isinstance(node, Container) and before.kind == node.kind
        turn = 1 - turn if follows else 0
        written.append(_write_node(node, turn))
    return "\n\n".join(written)


def _write_node(node: Node, turn: int) -> str:
    if isinstance(node, TextBlock):
        return _write_inlines(node.inlines)
    if isinstance(node, CodeBlock):
        fence = "`" * max(3, _longest_run(node.text) + 1)
        return f"{fence}\n{node.text}{'' if node.text.endswith(chr(10)) or not node.text else chr(10)}{fence}"
    if node.kind == "quote":
        return "\n".join(f"> {line}" if line else ">" for line in _write_nodes(node.children).split("\n"))
    if node.kind == "item":
        return _write_nodes(node.children)
    items = [_write_nodes(child.children if isinstance(child, Container) else (child,)) for child in node.children]
    return "\n".join(_hang(_sign(node, index, turn), item) for index, item in enumerate(items))


def _sign(node: Container, index: int, turn: int) -> str:
    if node.kind == "bullets":
        return "-+"[turn] + " "
    return f"{min(node.start + index, _LAST_NUMBER)}{'.)'[turn]} "


def _hang(sign: str, item: str) -> str:
    """What belongs to an item stands exactly as far in as its first word."""
    return sign + item.replace("\n", "\n" + " " * len(sign))


def _write_inlines(inlines: tuple[Inline, ...]) -> str:
    """Unescaped where that reads back the same; a line full of backslashes helps nobody."""
    names = [inline.text for inline in inlines if isinstance(inline, Atom) and inline.kind == "name"]
    wanted = _flat((TextBlock("paragraph", inlines),))
    written = ""
    for careful, signs in product((False, True), ("*_", "_*", "**", "__")):
        written = _join_inlines(inlines, signs, careful=careful)
        if _flat(parse(written, names).nodes) == wanted:
            return written
    links_only = _without_emphasis(inlines)
    return written if len(links_only) == len(inlines) else _write_inlines(links_only)


def _without_emphasis(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    kept: list[Inline] = []
    open_links: list[bool] = []
    for inline in inlines:
        if isinstance(inline, Open):
            open_links.append(inline.kind == "link")
        is_mark = isinstance(inline, (Open, Close))
        if not is_mark or (open_links and open_links[-1]):
            kept.append(inline)
        if isinstance(inline, Close) and open_links:
            open_links.pop()
    return tuple(kept)


def _escaped(text: str) -> str:
    signs = re.sub(r"([\\`*_\[\]<>#~])", r"\\\1", text)
    return re.sub(r"^(\s*\d*)([-+.)])", r"\1\\\2", signs)


def _flat(nodes: tuple[Node, ...]) -> list[tuple[str, str]]:
    """A document of one paragraph as comparable pieces, neighbours of a kind joined."""
    if len(nodes) != 1 or not isinstance(nodes[0], TextBlock):
        return []
    joined: list[tuple[str, str]] = []
    for inline in nodes[0].inlines:
        text = getattr(inline, "text", getattr(inline, "href", ""))
        kind = "text" if _is_shown_as_typed(inline) else f"{type(inline).__name__} {getattr(inline, 'kind', '')}"
        if kind == "text" and joined and joined[-1][0] == "text":
            joined[-1] = ("text", joined[-1][1] + text)
        else:
            joined.append((kind, text))
    return joined


def _is_shown_as_typed(inline: Inline) -> bool:
    return isinstance(inline, Text) or (isinstance(inline, Atom) and inline.kind != "code")


def _join_inlines(inlines: tuple[Inline, ...], signs: str, *, careful: bool) -> str:
    """The first of ``signs`` emphasises, the second where the first stands already; ``careful``: all is escaped."""
    written = ""
    closing: list[str] = []
    for inline in inlines:
        if isinstance(inline, Open):
            opening, close = _write_mark(inline, signs[written.endswith(signs[0])], careful=careful)
            written += opening
            closing.append(close)
        elif isinstance(inline, Close):
            written += closing.pop() if closing else ""
        elif isinstance(inline, Break):
            written += "\\\n" if careful else "\n"
        elif isinstance(inline, Atom) and inline.kind in ("code", "name"):
            written += _code(inline.text) if inline.kind == "code" else inline.text
        else:
            written += _escaped(inline.text) if careful else inline.text
    return written


def _write_mark(mark: Open, sign: str, *, careful: bool) -> tuple[str, str]:
    if mark.kind == "link":
        return "[", f"](<{mark.href}>)" if careful else f"]({mark.href})"
    return (sign, sign) if mark.kind == "em" else (sign * 2, sign * 2)


def _code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    # The parser takes one space off both ends, unless there is nothing but spaces.
    pad = " " if text.strip(" ") and (text[0] in "` " or text[-1] in "` ") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
