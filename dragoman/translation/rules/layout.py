"""A document cut into sentences, and the template that puts sentences together again.

A template is plain JSON: ``{"t": "paragraph", "id": "b1", "a": [1, 2]}`` for a
block with its occurrences, ``{"t": "code", "x": "…"}``, and containers with
their children under ``"c"``.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from dragoman.translation.rules.document import (
    BlockKind,
    CodeBlock,
    Container,
    ContainerKind,
    Document,
    Inline,
    Node,
    Text,
    TextBlock,
)
from dragoman.translation.rules.names import find_names
from dragoman.translation.rules.segmenting import Sentence, cut

Template: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class CutBlock:
    """A text block's id and its sentences."""

    id: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A document's blocks in reading order and its tree."""

    blocks: tuple[CutBlock, ...]
    document: Document

    def template(self, anchors: Sequence[int]) -> Template:
        """The tree with ``anchors``, one for each sentence in reading order."""
        blocks, remaining = iter(self.blocks), iter(anchors)
        return [_template_node(node, blocks, remaining) for node in self.document.nodes]

    @property
    def sentences(self) -> list[tuple[str, Sentence]]:
        """(block id, sentence) in reading order."""
        return [(block.id, sentence) for block in self.blocks for sentence in block.sentences]

    @property
    def hash(self) -> str:
        """Equal for equal documents."""
        return hashlib.sha256(repr(self.document).encode()).hexdigest()


def lay_out(document: Document, language: str, names: Iterable[str]) -> Layout:
    """Cut every block; likely names found anywhere in the document are protected everywhere in it."""
    found = {name for block in document.text_blocks() for name in find_names(_words(block.inlines), language)}
    kept = (*names, *found, *(name.split()[-1] for name in found if " " in name))
    blocks = tuple(
        CutBlock(block.id or f"b{index}", tuple(cut(block, language, kept)))
        for index, block in enumerate(document.text_blocks(), 1)
    )
    return Layout(blocks, document)


def _words(inlines: tuple[Inline, ...]) -> str:
    return "".join(inline.text if isinstance(inline, Text) else " · " for inline in inlines)


def _template_node(node: Node, blocks: Iterator[CutBlock], anchors: Iterator[int]) -> dict[str, Any]:
    if isinstance(node, CodeBlock):
        return {"t": "code", "x": node.text}
    if isinstance(node, TextBlock):
        block = next(blocks)
        return {"t": node.kind, "id": block.id, "a": [next(anchors) for _ in block.sentences]}
    children = [_template_node(child, blocks, anchors) for child in node.children]
    return {"t": node.kind, "c": children, "s": node.start}


def rebuild(template: Template, inlines_of: Callable[[int], list[Inline]]) -> Document:
    """The document of a template, with each occurrence's words from ``inlines_of``."""
    return Document(tuple(_rebuild_node(node, inlines_of) for node in template))


def _rebuild_node(node: dict[str, Any], inlines_of: Callable[[int], list[Inline]]) -> Node:
    if node["t"] == "code":
        return CodeBlock(node["x"])
    if "c" in node:
        children = tuple(_rebuild_node(child, inlines_of) for child in node["c"])
        return Container(cast(ContainerKind, node["t"]), children, node.get("s", 1))
    inlines = tuple(inline for anchor in node["a"] for inline in inlines_of(anchor))
    return TextBlock(cast(BlockKind, node["t"]), inlines, node["id"])


def template_blocks(template: Template) -> Iterator[dict[str, Any]]:
    """The template's leaves with words, in reading order."""
    for node in template:
        if "a" in node:
            yield node
        elif "c" in node:
            yield from template_blocks(node["c"])
