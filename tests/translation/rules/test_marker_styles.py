"""Markers written for engines and read back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.marker_styles import Style, read, write
from dragoman.translation.rules.markers import MARKER

STYLES: tuple[Style, ...] = ("marked", "xml", "html", "underscores", "letters", "digits")

words = st.lists(
    st.text(st.characters(exclude_characters="⟦⟧", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1),
    max_size=4,
).map(" ".join)


@st.composite
def marked_texts(draw: st.DrawFn) -> str:
    """Atoms, links and emphases between words, each number used once."""
    parts = [draw(words)]
    joint = draw(st.sampled_from([" ", ""]))
    for number in range(1, draw(st.integers(0, 5)) + 1):
        inside = draw(words)
        shape = draw(st.sampled_from(["⟦{n}⟧", "⟦+{n}⟧{w}⟦-{n}⟧", "⟦*{n}⟧{w}⟦/{n}⟧", "⟦+{n}⟧ {w} ⟦-{n}⟧"]))
        parts += [shape.replace("{n}", str(number)).replace("{w}", inside), draw(words)]
    return " ".join(joint.join(parts).split())


@given(marked_texts(), st.sampled_from(STYLES))
def test_what_is_written_in_a_style_reads_back_as_it_was(marked: str, style: Style) -> None:
    written = write(marked, style)
    if written is not None:
        assert read(written.text, written) == marked


@given(marked_texts(), st.sampled_from(STYLES), st.randoms(use_true_random=False))
def test_markers_are_found_again_in_any_order(marked: str, style: Style, random: object) -> None:
    written = write(marked, style)
    if written is None or style in ("xml", "html"):
        return
    parts = written.text.split()
    random.shuffle(parts)  # type: ignore[attr-defined]
    assert sorted(MARKER.findall(read(" ".join(parts), written))) == sorted(MARKER.findall(marked))


@pytest.mark.parametrize("style", ["underscores", "letters", "digits"])
def test_a_token_with_an_unknown_number_is_a_marker_that_no_source_holds(style: Style) -> None:
    written = write("⟦1⟧ came home.", style)
    assert written is not None
    answer = re.sub(r"1(?=\D*came)", "7", written.text)
    assert read(answer, written).startswith("⟦0⟧")


@pytest.mark.parametrize(
    ("style", "text"),
    [("underscores", "⟦1⟧ writes __1__"), ("letters", "⟦1⟧ saw XX 12"), ("digits", "⟦1⟧ paid 47112")],
)
def test_a_text_that_looks_like_the_style_is_not_written_in_it(style: Style, text: str) -> None:
    assert write(text, style) is None


def test_a_token_is_a_word_of_its_own_and_touches_again_what_it_touched() -> None:
    written = write("The ⟦+1⟧big house⟦-1⟧ (of ⟦2⟧).", "letters")
    assert written is not None
    assert written.text == "The XX1 big house XX2 (of XX3 )."
    assert read("La XX1 casa grande XX2 (de XX3 ).", written) == "La ⟦+1⟧casa grande⟦-1⟧ (de ⟦2⟧)."
    assert read("XX3 tiene la XX1 casa XX2 aquí.", written) == "⟦2⟧ tiene la ⟦+1⟧casa⟦-1⟧ aquí."


def test_elements_survive_other_attributes_spaces_and_a_filled_atom() -> None:
    written = write("See ⟦+1⟧this⟦-1⟧ & ⟦2⟧ <b>", "html")
    assert written is not None
    assert written.text == 'See <a id="1">this</a> &amp; <span translate="no" id="2">⟦2⟧</span> &lt;b&gt;'
    answer = 'Vea <a class="n" id="1">esto</ a> &amp; <span id="2" translate="no">2</span> &lt;b&gt;'
    assert read(answer, written) == "Vea ⟦+1⟧esto⟦-1⟧ & ⟦2⟧ <b>"


def test_a_closing_element_without_its_opening_one_is_seen() -> None:
    written = write("See ⟦+1⟧this⟦-1⟧.", "xml")
    assert written is not None
    assert read("Vea esto</a>.", written) == "Vea esto⟦0⟧."
