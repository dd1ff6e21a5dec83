"""Inlines and documents to HTML. The only place where a reader's words become markup.

Everything is escaped here; the only elements are those written below, so there
is nothing for a sanitiser to take out.
"""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import TypeAlias

from dragoman.translation.rules.document import (
    Atom,
    Break,
    Close,
    CodeBlock,
    Container,
    Inline,
    Node,
    Open,
    Text,
    TextBlock,
)

_SAFE_ADDRESS = re.compile(r"^(?:https?://|mailto:|/(?![/\\])|#)", re.IGNORECASE)
_LINK_REL = "nofollow ugc noopener noreferrer"
_BLOCKS = {"paragraph": "p", "heading": "h3", "title": "p", "caption": "p"}
_CONTAINERS = {"quote": "blockquote", "bullets": "ul", "numbers": "ol", "item": "li"}


def inlines_html(inlines: Iterable[Inline]) -> str:
    """Safe HTML; marks left open are closed."""
    written: list[str] = []
    closing: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text):
            written.append(escape(inline.text))
        elif isinstance(inline, Atom):
            written.append(_atom(inline, in_link="</a>" in closing))
        elif isinstance(inline, Break):
            written.append("<br>")
        elif isinstance(inline, Open):
            opening, close = _mark(inline, in_link="</a>" in closing)
            written.append(opening)
            closing.append(close)
        elif closing and isinstance(inline, Close):
            written.append(closing.pop())
    return "".join(written) + "".join(reversed(closing))


def _mark(mark: Open, *, in_link: bool) -> tuple[str, str]:
    if mark.kind != "link":
        return f"<{mark.kind}>", f"</{mark.kind}>"
    if in_link or not _SAFE_ADDRESS.match(mark.href):
        return "", ""
    return f'<a href="{escape(mark.href)}" rel="{_LINK_REL}">', "</a>"


def _atom(atom: Atom, *, in_link: bool) -> str:
    text = escape(atom.text)
    if atom.kind == "code":
        return f'<code translate="no">{text}</code>'
    if atom.kind == "url" and not in_link:  # a link in a link is no HTML
        address = atom.text if re.match(r"https?://", atom.text, re.IGNORECASE) else f"https://{atom.text}"
        return f'<a href="{escape(address)}" rel="{_LINK_REL}" translate="no"><bdi dir="ltr">{text}</bdi></a>'
    if atom.kind in {"name", "mention", "url", "email", "hashtag"}:
        return f'<bdi translate="no">{text}</bdi>'
    return text


BlockHtml: TypeAlias = Callable[[TextBlock], str]


def node_html(node: Node, block_html: BlockHtml) -> str:
    """One node of a comment's tree; ``block_html`` writes the inside of each text block."""
    if isinstance(node, CodeBlock):
        return f'<pre translate="no" dir="ltr"><code>{escape(node.text)}</code></pre>'
    if isinstance(node, TextBlock):
        tag = _BLOCKS[node.kind]
        return f'<{tag} data-block="{escape(node.id)}">{block_html(node)}</{tag}>'
    return _container(node, block_html)


def _container(node: Container, block_html: BlockHtml) -> str:
    tag = _CONTAINERS[node.kind]
    start = f' start="{node.start}"' if node.kind == "numbers" and node.start != 1 else ""
    children = node.children
    if node.kind == "item" and len(children) == 1 and isinstance(children[0], TextBlock):
        return f'<li data-block="{escape(children[0].id)}">{block_html(children[0])}</li>'
    return f"<{tag}{start}>" + "".join(node_html(child, block_html) for child in children) + f"</{tag}>"


def inlines_text(inlines: Iterable[Inline]) -> str:
    """What a reader sees, without markup."""
    return "".join(
        "\n" if isinstance(inline, Break) else inline.text
        for inline in inlines
        if isinstance(inline, (Text, Atom, Break))
    )
