"""A reader's words become these elements and no others."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.document import (
    Atom,
    AtomKind,
    Break,
    Close,
    CodeBlock,
    Container,
    Inline,
    Open,
    Text,
    TextBlock,
)
from dragoman.translation.rules.markdown import parse
from dragoman.translation.rules.rendering import inlines_html, inlines_text, node_html
from dragoman.translation.rules.richtext import parse as parse_rich_text
from dragoman.translation.rules.segmenting import cut, inlines
from tests.translation.rules.strategies import BRIEFLY, NAMES, TYPED

ALLOWED = {
    "a": {"href", "rel", "translate"},
    "bdi": {"translate", "dir"},
    "code": {"translate"},
    "pre": {"translate", "dir"},
    "p": {"data-block"},
    "li": {"data-block"},
    "ol": {"start"},
    **{tag: set() for tag in ("em", "strong", "br", "blockquote", "ul")},
}
SAFE = re.compile(r"(?:https?://|mailto:|#|/(?![/\\]))", re.IGNORECASE)  # or a place on the site itself


class Seen(HTMLParser):
    """Looks at HTML as a browser would; fails at what is not allowed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= ALLOWED[tag]
        assert tag != "a" or "a" not in self.open
        assert all(SAFE.match(value or "") for name, value in attrs if name == "href")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        pytest.fail(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        pytest.fail(f"a declaration: {decl}")

    def unknown_decl(self, data: str) -> None:
        pytest.fail(f"a declaration: {data}")

    def handle_pi(self, data: str) -> None:
        pytest.fail(f"an instruction: {data}")


def protected(block: TextBlock) -> list[Inline]:
    """A block as it is shown: cut into sentences and put together."""
    return [
        inline
        for one in cut(block, "en", NAMES)
        for inline in inlines(one.before + one.marked + one.after, one.contents)
    ]


@BRIEFLY
@given(TYPED)
def test_no_comment_yields_an_element_that_is_not_allowed(typed: str) -> None:
    document = parse(typed, NAMES)
    seen = Seen("".join(node_html(node, lambda block: inlines_html(protected(block))) for node in document.nodes))
    assert seen.open == []


@BRIEFLY
@given(TYPED)
def test_no_rich_text_yields_an_element_that_is_not_allowed(typed: str) -> None:
    found = parse_rich_text(typed)
    assert Seen(inlines_html(found)).open == []


ATOMS = st.builds(Atom, st.sampled_from(["name", "url", "email", "code", "html", "literal", "emoji"]), st.text())
MARKS = st.builds(Open, st.sampled_from(["em", "strong", "link"]), st.text() | st.sampled_from(["javascript:x", "//x"]))
INLINES = st.lists(st.builds(Text, st.text()) | ATOMS | MARKS | st.just(Close()) | st.just(Break()), max_size=8)


@BRIEFLY
@given(INLINES)
def test_whatever_the_inlines_the_words_are_shown_as_they_are(found: list[Inline]) -> None:
    seen = Seen(inlines_html(found))
    assert seen.words == inlines_text(one for one in found if not isinstance(one, Break))
    assert seen.open == []


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:x",
        "java\nscript:x",
        "data:text/html,x",
        "vbscript:x",
        "file:///x",
        "ftp://a.example",
        "//a.example",
        "/\\a.example",
        "lamp",
        "",
    ],
)
def test_a_link_elsewhere_is_only_its_words(href: str) -> None:
    assert inlines_html([Open("link", href), Text("lamp"), Close()]) == "lamp"


@pytest.mark.parametrize(
    "href", ["http://a.example", "https://a.example/?a=1&b=2", "HTTPS://a.example", "mailto:ada@a.example", "/x", "#x"]
)
def test_a_safe_link_is_followed_by_no_one_unasked(href: str) -> None:
    html = inlines_html([Open("link", href), Text("lamp"), Close()])
    assert html.startswith(f'<a href="{href.replace("&", "&amp;")}" rel="nofollow ugc noopener noreferrer">lamp')


@pytest.mark.parametrize(
    ("kind", "text", "html"),
    [
        ("name", "A<b>", '<bdi translate="no">A&lt;b&gt;</bdi>'),
        ("mention", "@ada", '<bdi translate="no">@ada</bdi>'),
        ("code", "a<b", '<code translate="no">a&lt;b</code>'),
        ("html", "<b>", "&lt;b&gt;"),
        ("emoji", "🙂", "🙂"),
        ("literal", "⟦", "⟦"),
    ],
)
def test_what_is_kept_is_shown_as_typed(kind: AtomKind, text: str, html: str) -> None:
    assert inlines_html([Atom(kind, text)]) == html


def test_a_bare_address_becomes_a_link() -> None:
    assert 'href="https://www.a.example/x?a&amp;b"' in inlines_html([Atom("url", "www.a.example/x?a&b")])


def test_an_address_in_a_links_words_is_no_second_link() -> None:
    html = inlines_html([Open("link", "http://a.example"), Atom("url", "http://b.example"), Close()])
    assert html.count("<a ") == 1
    assert '<bdi translate="no">http://b.example</bdi>' in html


def test_marks_left_open_are_closed() -> None:
    assert inlines_html([Open("em"), Open("strong"), Text("a")]) == "<em><strong>a</strong></em>"
    assert inlines_html([Close(), Text("a"), Close()]) == "a"


def test_blocks_become_their_elements() -> None:
    item = Container("item", (TextBlock("paragraph", (Text("a"),), 'b"1'),))
    nodes = [Container("numbers", (item,), 3), Container("quote", (CodeBlock("<i>"),))]
    assert "".join(node_html(node, lambda block: inlines_html(block.inlines)) for node in nodes) == (
        '<ol start="3"><li data-block="b&quot;1">a</li></ol>'
        '<blockquote><pre translate="no" dir="ltr"><code>&lt;i&gt;</code></pre></blockquote>'
    )
