"""What no engine may touch is found in running text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.document import Atom, Text
from dragoman.translation.rules.protection import names_pattern, protect
from tests.translation.rules.strategies import BRIEFLY, NAMES, TYPED


def atoms(text: str, *names: str) -> list[tuple[str, str]]:
    """(kind, text) of all that is kept."""
    return [(one.kind, one.text) for one in protect(text, names) if isinstance(one, Atom)]


@BRIEFLY
@given(TYPED, st.lists(st.sampled_from((*NAMES, "word", "é", " ")), max_size=4))
def test_the_pieces_together_are_the_text(text: str, names: list[str]) -> None:
    pieces = [one.text for one in protect(text, names) if isinstance(one, (Atom, Text))]
    assert "".join(pieces) == text
    assert all(pieces)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("See https://a.example/b.", "https://a.example/b"),
        ("(https://a.example/b)", "https://a.example/b"),
        ("https://a.example/lamp_(green), no?", "https://a.example/lamp_(green)"),
        ("«https://a.example/é»…", "https://a.example/é"),
        ("https://a.example/?q=1&r=2#top!", "https://a.example/?q=1&r=2#top"),
        ("HTTPS://A.example/B?", "HTTPS://A.example/B"),
        ("www.a.example/x; then", "www.a.example/x"),
        ("at lamps.example/green, yes", "lamps.example/green"),
        ("http://a.example/x、然后", "http://a.example/x、然后"),
    ],
)
def test_an_address_ends_before_the_sentences_punctuation(text: str, address: str) -> None:
    assert atoms(text) == [("url", address)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ada.lund+lamps@mail.example.org.", ("email", "ada.lund+lamps@mail.example.org")),
        ("Thanks @ada_lund, really", ("mention", "@ada_lund")),
        ("Thanks @ada.", ("mention", "@ada")),
        ("¡#farolas!", ("hashtag", "#farolas")),
        ("the #2026lamps", ("hashtag", "#2026lamps")),
        ("a 👩‍👩‍👧‍👦 b", ("emoji", "👩‍👩‍👧‍👦")),
        ("a 🇪🇸🇫🇷 b", ("emoji", "🇪🇸🇫🇷")),
        ("a 👍🏽 b", ("emoji", "👍🏽")),
        ("a 🏳️‍🌈 b", ("emoji", "🏳️‍🌈")),
        ("a 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f b", None),
        ("a 1️⃣ b", ("emoji", "1️⃣")),
        ("a ⏰ b", ("emoji", "⏰")),
        ("a ❤️ b", ("emoji", "❤️")),
    ],
)
def test_mentions_hashtags_mail_and_emoji_are_kept_whole(text: str, found: tuple[str, str] | None) -> None:
    assert atoms(text) == [found or ("emoji", text[2:-2])]


@pytest.mark.parametrize(
    "text", ["a < b > c", "5*3 #1 #", "x@y", "http://", "e.g. this", "I sat.So did he", "R&D; a&b"]
)
def test_ordinary_signs_are_words(text: str) -> None:
    assert atoms(text) == []


@pytest.mark.parametrize(
    "html",
    [
        "<b>",
        "</b>",
        '<a href="x" onclick="y">',
        "<!-- two\nlines -->",
        "&amp;",
        "&#39;",
        "&#x27;",
        "<script>let lamp = '<b>';\nlight(lamp)</script>",
        '<SCRIPT type="x">lamp</Script >',
        "<style>p { color: green }</style>",
    ],
)
def test_raw_html_is_kept_as_typed(html: str) -> None:
    assert atoms(f"lamp {html} lamp") == [("html", html)]


def test_markers_that_a_reader_types_are_kept() -> None:
    assert atoms("⟦1⟧ and \U000f0001") == [("literal", "⟦"), ("literal", "⟧"), ("literal", "\U000f0001")]


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("O'Dowda sat; O’Dowda too", ["O'Dowda"], ["O'Dowda"]),
        ("I asked Ruben (the baker).", ["Ruben (the baker)"], ["Ruben (the baker)"]),
        ("Ada Lund, Ada, Adam and ADA", ["Ada", "Ada Lund"], ["Ada Lund", "Ada"]),
        ("Ada\n  Lund", ["Ada Lund"], ["Ada\n  Lund"]),
        ("Ada's lamp, l'Ada", ["Ada"], ["Ada", "Ada"]),
        ("_AMUHb_ and AMUHb", ["_AMUHb_"], ["_AMUHb_"]),
        ("سألت أحمد اليوم", ["أحمد"], ["أحمد"]),
        ("J. Lund-Tavaro sat.", ["J. Lund-Tavaro"], ["J. Lund-Tavaro"]),
        ("a [x] (y", ["[x]", "(y"], ["[x]", "(y"]),
        ("nobody", ["", "  "], []),
    ],
)
def test_a_name_is_kept_where_it_stands_as_a_whole_word(text: str, names: list[str], found: list[str]) -> None:
    assert atoms(text, *names) == [("name", name) for name in found]


def test_a_name_inside_an_address_is_the_addresss() -> None:
    assert atoms("https://a.example/Ada @Ada Ada", "Ada") == [
        ("url", "https://a.example/Ada"),
        ("mention", "@Ada"),
        ("name", "Ada"),
    ]


def test_where_no_name_occurs_there_is_no_pattern() -> None:
    assert names_pattern(["", " ", "Ada"], "Nobody is here.") is None
