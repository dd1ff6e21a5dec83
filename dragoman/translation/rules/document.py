"""A text between its owner's format (Markdown, rich text) and its sentences.

A :class:`Document` is a tree of containers (quote, list, item) whose leaves
are text blocks (a run of inlines) and code blocks. Owners hand documents in;
translation cuts their text blocks into segments and keeps the tree, without
the words, as the revision's template.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

AtomKind: TypeAlias = Literal[
    "name", "mention", "url", "email", "hashtag", "emoji", "code", "html", "literal", "number"
]
MarkKind: TypeAlias = Literal["em", "strong", "link"]
ContainerKind: TypeAlias = Literal["quote", "bullets", "numbers", "item"]
BlockKind: TypeAlias = Literal["paragraph", "heading", "title", "caption"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words; white space as its author typed it."""

    text: str


@dataclass(frozen=True, slots=True)
class Atom:
    """Something that no engine may touch, shown exactly as it was typed."""

    kind: AtomKind
    text: str


@dataclass(frozen=True, slots=True)
class Open:
    """Begin of emphasis or of a link."""

    kind: MarkKind
    href: str = ""


@dataclass(frozen=True, slots=True)
class Close:
    """End of the innermost open mark."""


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a block; it ends a sentence."""


Inline: TypeAlias = Text | Atom | Open | Close | Break


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A leaf with words. ``id`` is the owner's, or empty: then translation gives one."""

    kind: BlockKind
    inlines: tuple[Inline, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A leaf that is never translated."""

    text: str


@dataclass(frozen=True, slots=True)
class Container:
    """A quote, a list or one item of a list."""

    kind: ContainerKind
    children: tuple["Node", ...]
    start: int = 1


Node: TypeAlias = TextBlock | CodeBlock | Container


@dataclass(frozen=True, slots=True)
class Document:
    """The whole text of one unit."""

    nodes: tuple[Node, ...]

    def text_blocks(self) -> Iterator[TextBlock]:
        """The leaves with words, in reading order."""
        return _text_blocks(self.nodes)


def _text_blocks(nodes: tuple[Node, ...]) -> Iterator[TextBlock]:
    for node in nodes:
        if isinstance(node, TextBlock):
            yield node
        elif isinstance(node, Container):
            yield from _text_blocks(node.children)


def plain_block(text: str, *, kind: BlockKind = "paragraph", block_id: str = "") -> TextBlock:
    """A block of words without marks, as headlines and captions are."""
    return TextBlock(kind, (Text(text),), block_id)
