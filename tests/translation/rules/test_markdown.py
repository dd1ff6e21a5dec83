"""Comment Markdown is read and written without losing anything."""

import re
import time
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import given

from dragoman.translation.rules.document import (
    Atom,
    Break,
    Close,
    CodeBlock,
    Container,
    Document,
    Node,
    Open,
    Text,
    TextBlock,
    plain_block,
)
from dragoman.translation.rules.markdown import parse, parse_line, write
from dragoman.translation.rules.rendering import inlines_text
from tests.translation.rules.strategies import BRIEFLY, NAMES, TYPED


def shown(nodes: Iterable[Node]) -> str:
    """Every word of a document, with the addresses of its links."""
    return " ".join(_shown(node) for node in nodes)


def _shown(node: Node) -> str:
    if isinstance(node, CodeBlock):
        return node.text
    if isinstance(node, Container):
        return shown(node.children)
    addresses = (inline.href for inline in node.inlines if isinstance(inline, Open))
    return " ".join([inlines_text(node.inlines), *addresses])


def letters(text: str) -> Counter[str]:
    """How often each letter stands in a text."""
    return Counter(re.findall(r"[^\W\d_]", text))


def kinds(nodes: Iterable[Node]) -> list[object]:
    """The tree without its words."""
    return [
        [node.kind, *kinds(node.children)] if isinstance(node, Container) else type(node).__name__ for node in nodes
    ]


@BRIEFLY
@given(TYPED)
def test_what_is_written_is_written_the_same_again(typed: str) -> None:
    once = write(parse(typed, NAMES))
    assert write(parse(once, NAMES)) == once


@BRIEFLY
@given(TYPED)
def test_what_is_written_reads_back_as_the_same_tree(typed: str) -> None:
    document = parse(typed)
    again = parse(write(document))
    assert kinds(again.nodes) == kinds(document.nodes)
    assert shown(again.nodes).split() == shown(document.nodes).split()


@BRIEFLY
@given(TYPED)
def test_no_letter_is_lost(typed: str) -> None:
    # An address is percent-encoded, so a letter of another alphabet in one is there in another form.
    assert not letters(re.sub(r"[^\x00-\x7f]", "", typed)) - letters(shown(parse(typed, NAMES).nodes))


@pytest.mark.parametrize("name", ["_AMUHb_", "*star*", "O'Dowda", "Ruben (the baker)", "[x](y)", "Ada `Lund`"])
def test_a_name_keeps_its_letters(name: str) -> None:
    (block,) = parse(f"I asked {name} *twice*.", [name]).text_blocks()
    assert Atom("name", name) in block.inlines
    assert write(Document((block,))) == f"I asked {name} *twice*."


def test_a_name_that_nobody_told_of_is_emphasis() -> None:
    (block,) = parse("_AMUHb_").text_blocks()
    assert block.inlines == (Open("em"), Text("AMUHb"), Close())


def test_a_name_in_an_address_leaves_the_address_whole() -> None:
    (block,) = parse("[her page](https://a.example/Ada)", ["Ada"]).text_blocks()
    assert block.inlines[0] == Open("link", "https://a.example/Ada")


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("one\n\ntwo", ["TextBlock", "TextBlock"]),
        ("> one\n> two", [["quote", "TextBlock"]]),
        ("- one\n- two", [["bullets", ["item", "TextBlock"], ["item", "TextBlock"]]]),
        ("- one\n\n+ two", [["bullets", ["item", "TextBlock"]], ["bullets", ["item", "TextBlock"]]]),
        ("10. one\n\n    - two", [["numbers", ["item", "TextBlock", ["bullets", ["item", "TextBlock"]]]]]),
        ("```\ncode\n```", ["CodeBlock"]),
        ("# no heading", ["TextBlock"]),
        ("![no picture](http://a.example/b.png)", ["TextBlock"]),
    ],
)
def test_paragraphs_quotes_lists_and_code_are_read(typed: str, tree: list[object]) -> None:
    assert kinds(parse(typed).nodes) == tree
    assert kinds(parse(write(parse(typed))).nodes) == tree


def test_a_typed_line_break_is_one() -> None:
    (block,) = parse("one\ntwo").text_blocks()
    assert block.inlines == (Text("one"), Break(), Text("two"))


def test_a_list_may_count_from_zero() -> None:
    (numbers,) = parse("0. nothing\n1. something").nodes
    assert isinstance(numbers, Container)
    assert numbers.start == 0


@pytest.mark.parametrize(
    "typed",
    [
        "[a lamp](javascript:alert(1))",
        "[a lamp](JaVaScRiPt:alert(1))",
        "[a lamp](vbscript:x)",
        "[a lamp](data:text/html,x)",
        "<javascript:x>",
        "<b>a lamp</b>",
        '<script>alert("x")</script>',
        '<img src="x" onerror="y">',
        "&lt;b&gt; &amp;",
    ],
)
def test_scripts_and_raw_html_stay_text(typed: str) -> None:
    (block,) = parse(typed).text_blocks()
    assert {type(inline) for inline in block.inlines} == {Text}
    assert inlines_text(block.inlines) == typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ('[a lamp](http://a.example "from the hall")', ["a", "lamp", "(from", "the", "hall)", "http://a.example"]),
        ("```hello there\nlamp", ["hello", "there", "lamp"]),
        ("~~~hello~~~ lamp", ["hello~~~", "lamp"]),
        ("`` ` ``", ["`"]),
    ],
)
def test_words_beside_the_text_are_kept(typed: str, words: list[str]) -> None:
    assert shown(parse(typed).nodes).split() == words


def test_an_address_in_a_links_words_is_no_second_link() -> None:
    (block,) = parse("[see <http://b.example>](http://a.example)").text_blocks()
    assert [inline.href for inline in block.inlines if isinstance(inline, Open)] == ["http://a.example"]
    assert inlines_text(block.inlines) == "see http://b.example"


@pytest.mark.parametrize(
    "typed",
    [
        "*_a_*",
        "*a*_b_",
        "_a_*b*",
        "***a** b*",
        "` a `",
        "`` `a` ``",
        r"\* no list",
        "1\\. no list",
        "a \\*b\\* c",
        "\\~~~",
    ],
)
def test_marks_that_could_run_together_are_kept_apart(typed: str) -> None:
    (before,) = parse(typed).text_blocks()
    (after,) = parse(write(parse(typed))).text_blocks()
    assert after == before


def test_code_that_holds_a_fence_stays_one_block() -> None:
    document = Document((CodeBlock("```\nlamp\n```\n"),))
    assert parse(write(document)) == document


def test_what_looks_like_a_list_is_written_as_words() -> None:
    document = Document((plain_block("1986. A good year"),))
    assert shown(parse(write(document)).nodes).strip() == "1986. A good year"
    assert kinds(parse(write(document)).nodes) == ["TextBlock"]


def test_one_line_is_never_a_list_or_a_quote() -> None:
    assert parse_line("3. *Oktober*") == (Text("3. "), Open("em"), Text("Oktober"), Close())
    assert parse_line("> Ada", ["Ada"]) == (Text("> "), Atom("name", "Ada"))


@pytest.mark.parametrize(
    "bomb",
    [
        ">" * 10_000 + " lamp",
        "> " * 10_000 + "lamp",
        "- " * 5_000 + "lamp",
        "1. " * 3_000 + "lamp",
        "> - " * 3_000 + "lamp",
        "\n".join("  " * depth + "- lamp" for depth in range(200)),
        "[" * 10_000 + "lamp",
        "*_" * 5_000 + "lamp" + "_*" * 5_000,
        "**" * 5_000 + "lamp",
        "`" * 10_000 + "lamp",
        "<http://" * 2_000 + "lamp",
        "\\" * 10_000 + "lamp",
    ],
)
def test_nesting_without_end_answers_fast_and_keeps_its_words(bomb: str) -> None:
    begin = time.process_time()
    document = parse(bomb)
    written = write(document)
    assert time.process_time() - begin < 2  # of seconds; each takes less than a fifth of one
    assert shown(document.nodes).count("lamp") == bomb.count("lamp")
    assert written.count("lamp") == bomb.count("lamp")


def test_quotes_are_eight_deep_at_most() -> None:
    (node,) = parse(">" * 20 + " lamp").nodes
    depth = 0
    while isinstance(node, Container):
        depth, node = depth + 1, node.children[0]
    assert depth == 8
    assert isinstance(node, TextBlock)
