"""The editors' rich text is read into the same inlines as comments are."""

import pytest
from hypothesis import given

from dragoman.translation.rules.document import Atom, Break, Close, Inline, Open, Text
from dragoman.translation.rules.richtext import parse
from tests.translation.rules.strategies import BRIEFLY, TYPED


@pytest.mark.parametrize(
    ("html", "inlines"),
    [
        ("A lamp &amp; &lt;more&gt;", (Text("A lamp & <more>"),)),
        ("<b>a</b>", (Open("strong"), Text("a"), Close())),
        ("<strong>a</strong>", (Open("strong"), Text("a"), Close())),
        ("<i>a</i>", (Open("em"), Text("a"), Close())),
        ("<em>a</em>", (Open("em"), Text("a"), Close())),
        ('<a href="/x?a=1&amp;b=2">a</a>', (Open("link", "/x?a=1&b=2"), Text("a"), Close())),
        ("<a>a</a>", (Open("link"), Text("a"), Close())),
        ("<p>a<br/>b</p><p>c</p>", (Text("a"), Break(), Text("b"), Break(), Text("c"))),
        ("<code>lamp()</code>", (Atom("code", "lamp()"),)),
        ('<img src="x">a<!-- b --><span class="c">d</span>', (Text("a"), Text("d"))),
    ],
)
def test_marks_and_words_are_read(html: str, inlines: tuple[Inline, ...]) -> None:
    assert parse(html) == inlines


@pytest.mark.parametrize(
    ("html", "inlines"),
    [
        ("<b>a", (Open("strong"), Text("a"), Close())),
        ("</b>a", (Text("a"),)),
        ("<b><i>a</b>b</i>", (Open("strong"), Open("em"), Text("a"), Close(), Close(), Text("b"))),
    ],
)
def test_what_is_badly_nested_is_closed(html: str, inlines: tuple[Inline, ...]) -> None:
    assert parse(html) == inlines


@BRIEFLY
@given(TYPED)
def test_every_mark_that_opens_is_closed(typed: str) -> None:
    depth = 0
    for inline in parse(typed):
        depth += isinstance(inline, Open) - isinstance(inline, Close)
        assert depth >= 0
    assert depth == 0
