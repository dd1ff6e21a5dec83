"""An article page as the document that translation cuts into sentences."""

from collections.abc import Iterator
from typing import Any

from wagtail.rich_text import expand_db_html

from dragoman.foundation.text import clean
from dragoman.publication.blocks import plain_value
from dragoman.publication.models import ArticlePage
from dragoman.translation.rules.document import Document, Node, TextBlock, plain_block
from dragoman.translation.rules.richtext import parse


def document_of(article: ArticlePage) -> Document:
    """Block ids: ``headline``, ``lead``, and each body block's own id with a suffix for its parts."""
    nodes: list[Node] = [plain_block(clean(article.title).text, kind="title", block_id="headline")]
    if article.lead.strip():
        nodes.append(plain_block(clean(article.lead).text, block_id="lead"))
    for block in article.body:
        nodes.extend(_nodes(block.block_type, str(block.id), block.value))
    return Document(tuple(nodes))


def _nodes(kind: str, block_id: str, value: Any) -> Iterator[Node]:
    if kind in ("paragraph", "list"):
        yield from _rich_nodes(kind, block_id, value)
    elif kind == "heading":
        yield plain_block(clean(str(value)).text, kind="heading", block_id=block_id)
    elif kind == "pullquote":
        yield plain_block(clean(value["text"]).text, block_id=block_id)
        if value["attribution"]:
            yield plain_block(value["attribution"], kind="caption", block_id=f"{block_id}.attribution")
    elif kind == "image":
        yield plain_block(value["alt"], kind="title", block_id=f"{block_id}.alt")
        if value["caption"]:
            yield plain_block(value["caption"], kind="caption", block_id=f"{block_id}.caption")


def _rich_nodes(kind: str, block_id: str, value: Any) -> Iterator[Node]:
    if kind == "paragraph":
        yield _rich(value, block_id)
    else:
        yield from (_rich(item, f"{block_id}.{index}") for index, item in enumerate(value))


def _rich(value: Any, block_id: str) -> TextBlock:
    return TextBlock("paragraph", parse(expand_db_html(clean(plain_value(value)).text)), block_id)
