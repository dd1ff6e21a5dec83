"""Texts are cleaned, and look-alikes are told."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.foundation.text import casefold_key, clean, confusable_key, one_line

BRIEFLY = settings(max_examples=200, derandomize=True, deadline=None)
ANY = st.text(st.characters(exclude_categories=()), max_size=40)


@pytest.mark.parametrize(
    ("typed", "kept", "removed"),
    [
        ("a lamp", "a lamp", 0),
        ("one\r\ntwo\rthree\u2028four\u2029five", "one\ntwo\nthree\nfour\nfive", 0),
        ("a\tlamp", "a\tlamp", 0),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc", 3),
        ("a\u202eb\u2066c\u2069", "abc", 3),
        ("\ufeffa\u200eb\u200f\u061c", "ab", 4),
        ("a\ud800b", "ab", 1),
        ("a\ufdd0b", "ab", 1),
        ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم", 0),
    ],
)
def test_control_and_bidi_characters_are_taken_out_and_counted(typed: str, kept: str, removed: int) -> None:
    cleaned = clean(typed)
    assert (cleaned.text, cleaned.removed) == (kept, removed)


@BRIEFLY
@given(ANY)
def test_a_cleaned_text_is_clean_and_can_be_stored(typed: str) -> None:
    cleaned = clean(typed).text
    assert clean(cleaned).text == cleaned
    assert clean(cleaned).removed == 0
    cleaned.encode("utf-8")


@BRIEFLY
@given(ANY)
def test_one_line_is_one_line_and_stays_so(typed: str) -> None:
    line = one_line(typed)
    assert one_line(line) == line
    assert line == line.strip()
    assert len(line.splitlines()) <= 1
    assert unicodedata.is_normalized("NFC", line)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "ADA"), ("é", "e\u0301"), ("Ａｄａ", "ada"), ("STRASSE", "straße"), ("  a   b ", "A B"), ("ﬁ", "FI")],
)
def test_case_width_and_composition_make_no_difference(one: str, other: str) -> None:
    assert casefold_key(one) == casefold_key(other)


@pytest.mark.parametrize(("one", "other"), [("Ada", "Аda"), ("paypal", "раураl"), ("ADA", "ada"), ("Pau1", "Paul")])
def test_look_alikes_have_one_key(one: str, other: str) -> None:
    assert confusable_key(one) == confusable_key(other)


@pytest.mark.parametrize(("one", "other"), [("Ada", "Ida"), ("Ruben", "Rubén"), ("أحمد", "محمد")])
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert confusable_key(one) != confusable_key(other)


@BRIEFLY
@given(ANY)
def test_a_key_does_not_depend_on_how_it_was_typed(typed: str) -> None:
    decomposed = unicodedata.normalize("NFD", one_line(typed))
    assert casefold_key(decomposed) == casefold_key(typed)


@BRIEFLY
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_plain_words_get_the_same_keys_beside_words_that_are_not(typed: str) -> None:
    assert one_line(f"{typed} é") == f"{one_line(typed)} é".lstrip()
    assert casefold_key(f"{typed} é") == f"{casefold_key(typed)} é".lstrip()
