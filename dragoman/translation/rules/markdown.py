"""Comment Markdown: a safe subset, read into a document and written back.

Use ``parse``, ``parse_line`` and ``write``; the reading is in ``markdown_reading``.
"""

import re
from itertools import product

from dragoman.translation.rules.document import (
    Atom,
    Break,
    Close,
    CodeBlock,
    Container,
    Document,
    Inline,
    Node,
    Open,
    Text,
    TextBlock,
)
from dragoman.translation.rules.markdown_reading import parse, parse_line

__all__ = ["parse", "parse_line", "write"]

_LAST_NUMBER = 999_999_999  # a longer number begins no item


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
    inlines = _joined(inlines)
    names = [inline.text for inline in inlines if isinstance(inline, Atom) and inline.kind == "name"]
    wanted = _flat((TextBlock("paragraph", inlines),))
    written = ""
    for careful, signs in product((False, True), ("*_", "_*", "**", "__")):
        written = _join_inlines(inlines, signs, careful=careful)
        if _flat(parse(written, names).nodes) == wanted:
            return written
    links_only = _without_emphasis(inlines)
    return written if len(links_only) == len(inlines) else _write_inlines(links_only)


def _joined(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Neighbours that are shown as typed as one text, but names, which are masked, for themselves."""
    joined: list[Inline] = []
    for inline in inlines:
        piece = inline
        if isinstance(inline, Atom) and inline.kind not in ("code", "name"):
            piece = Text(inline.text)
        last = joined[-1] if joined else None
        if isinstance(piece, Text) and isinstance(last, Text):
            joined[-1] = Text(last.text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)


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


def _escaped(text: str, *, begins_line: bool) -> str:
    signs = re.sub(r"([\\`*_\[\]<>#~])", r"\\\1", text)
    return re.sub(r"^(\s*\d*)([-+.)])", r"\1\\\2", signs) if begins_line else signs


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
        elif isinstance(inline, Atom):
            written += _code(inline.text) if inline.kind == "code" else inline.text
        else:
            begins_line = not written or written.endswith("\n")
            written += _escaped(inline.text, begins_line=begins_line) if careful else inline.text
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
