"""Blocks are cut into sentences, and nothing of a block is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.document import Atom, Break, Inline, Open, Text, TextBlock, plain_block
from dragoman.translation.rules.markdown import parse
from dragoman.translation.rules.markers import MARKER, Content, has_words, well_formed
from dragoman.translation.rules.rendering import inlines_text
from dragoman.translation.rules.segmenting import Sentence, cut, inlines, segment_key
from tests.translation.rules.strategies import BRIEFLY, NAMES, TYPED

LANGUAGES = st.sampled_from(["en", "de", "es", "ar", "zh-Hans"])


def whole(sentence: Sentence) -> str:
    """A sentence with its glue."""
    return sentence.before + sentence.marked + sentence.after


def cut_text(text: str, language: str = "en", names: tuple[str, ...] = ()) -> list[Sentence]:
    """The sentences of a text's only paragraph."""
    (block,) = parse(text, names).text_blocks()
    return cut(block, language, names)


@BRIEFLY
@given(TYPED, LANGUAGES)
def test_the_sentences_together_show_the_block(typed: str, language: str) -> None:
    for block in parse(typed, NAMES).text_blocks():
        back: list[Inline] = []
        for sentence in cut(block, language, NAMES):
            back.extend(inlines(whole(sentence), sentence.contents))
        assert "".join(inlines_text(back).split()) == "".join(inlines_text(block.inlines).split())


@BRIEFLY
@given(TYPED, LANGUAGES)
def test_markers_are_counted_from_one_and_closed_in_each_sentence(typed: str, language: str) -> None:
    for block in parse(typed, NAMES).text_blocks():
        for sentence in cut(block, language, NAMES):
            numbers = [int(found[2]) for found in MARKER.finditer(sentence.marked + sentence.before + sentence.after)]
            assert list(dict.fromkeys(numbers)) == list(range(1, len(sentence.contents) + 1))
            assert set(numbers) == set(sentence.contents)
            assert well_formed(whole(sentence))
            assert well_formed(sentence.marked)


@pytest.mark.parametrize(
    ("text", "names", "marked"),
    [
        ("The clerk sat. Ruben asked why.", ("Ruben",), ["The clerk sat.", "⟦1⟧ asked why."]),
        ("It was Ruben. He sat.", ("Ruben",), ["It was ⟦1⟧.", "He sat."]),
        ("It was Ruben. Ada sat.", ("Ruben", "Ada"), ["It was ⟦1⟧.", "⟦1⟧ sat."]),
        ("He said “no.” Ruben left.", ("Ruben",), ["He said “no.”", "⟦1⟧ left."]),
        ("Was it Ruben? Yes.", ("Ruben",), ["Was it ⟦1⟧?", "Yes."]),
        ("Ask J. K. Ruben now.", ("Ruben",), ["Ask J. K. ⟦1⟧ now."]),
        ("Read https://a.example/x. Then rest.", (), ["Read ⟦1⟧.", "Then rest."]),
        ("Fine! 🙂 Good.", (), ["Fine!", "⟦1⟧ Good."]),
        ("one\ntwo", (), ["one", "two"]),
    ],
)
def test_a_sentence_may_begin_or_end_with_what_is_kept(text: str, names: tuple[str, ...], marked: list[str]) -> None:
    assert [sentence.marked for sentence in cut_text(text, names=names)] == marked


def test_a_mark_over_two_sentences_is_closed_in_the_one_and_opened_in_the_other() -> None:
    first, second, third = cut_text("*One lamp. Two lamps.* Three lamps.")
    assert (first.before, first.marked, first.after) == ("⟦*1⟧", "One lamp.", " ⟦/1⟧")
    assert (second.before, second.marked, second.after) == ("⟦*1⟧", "Two lamps.", "⟦/1⟧ ")
    assert (third.before, third.marked, third.after) == ("", "Three lamps.", "")
    assert first.contents == second.contents == {1: Content("em", "")}


def test_a_sentence_is_the_same_segment_with_and_without_emphasis_around_it() -> None:
    (plain,) = cut_text("All the lamps are green.")
    (strong,) = cut_text("**All the lamps are green.**")
    (decomposed,) = cut(plain_block("All  the lamps\u00a0are green."), "en", ())
    assert plain.key == strong.key == decomposed.key == segment_key("sentence", "All the lamps are green.")


def test_a_sentence_about_somebody_else_is_the_same_segment() -> None:
    (one,) = cut_text("Ada sat.", names=("Ada",))
    (other,) = cut_text("Ruben sat.", names=("Ruben",))
    assert one.key == other.key
    assert one.contents != other.contents


def test_a_headline_is_one_segment_of_its_own_kind() -> None:
    (title,) = cut(plain_block("Lamps! Green ones.", kind="title"), "en", ())
    assert (title.marked, title.kind) == ("Lamps! Green ones.", "title")
    assert title.key != segment_key("sentence", title.marked)


def test_markers_that_a_reader_types_are_words_of_theirs() -> None:
    (sentence,) = cut_text("⟦1⟧ and ⟦+2⟧ lamps")
    assert sentence.contents[1] == Content("literal", "⟦")
    assert inlines_text(inlines(sentence.marked, sentence.contents)) == "⟦1⟧ and ⟦+2⟧ lamps"


def test_no_line_of_a_typed_script_has_words_for_an_engine() -> None:
    sentences = cut_text("Look:\n<script>\nlet *lamp* = 1;\n</script>\nGreen.")
    assert [one.marked for one in sentences if has_words(one.marked)] == ["Look:", "Green."]


def test_code_and_links_keep_what_no_engine_may_touch() -> None:
    (sentence,) = cut_text("Type `lamp on` or [read this](http://a.example) now.")
    assert sentence.marked == "Type ⟦1⟧ or ⟦+2⟧read this⟦-2⟧ now."
    assert sentence.contents == {1: Content("code", "lamp on"), 2: Content("link", "http://a.example")}


def test_unknown_markers_vanish() -> None:
    assert inlines("A ⟦7⟧lamp", {}) == [Text("A "), Text("lamp")]
    assert inlines("⟦+1⟧a\nb⟦-1⟧ ⟦2⟧", {1: Content("em", ""), 2: Content("name", "Ada")})[:4] == [
        Open("em"),
        Text("a"),
        Break(),
        Text("b"),
    ]


def test_an_empty_block_is_one_empty_sentence() -> None:
    (sentence,) = cut(TextBlock("paragraph", ()), "en", ())
    assert sentence.marked == ""
    (only_name,) = cut(TextBlock("paragraph", (Atom("name", "Ada"),)), "en", ())
    assert only_name.marked == "⟦1⟧"
