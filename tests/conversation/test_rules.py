"""A quote is found in the sentence that it repeats."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.conversation.rules.quoting import Passage, anchor_key, body_hash, matching_end, surroundings
from dragoman.translation.rules.passages import comparable

SENTENCE = "The clerk, says Ruben, lit the “green” lamps at night."
BRIEFLY = settings(max_examples=200, derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("words", "quoted"),
    [
        (SENTENCE, SENTENCE),
        (SENTENCE.rstrip("."), SENTENCE),
        ('  The clerk,  says Ruben, lit the\n"green" lamps at night…', SENTENCE),
        ("The clerk, says Ruben, lit", "The clerk, says Ruben, lit"),
        ("The clerk, says Ruben, lit the “green”", "The clerk, says Ruben, lit the “green"),
        ("The clerk, says Ruben, lit...", "The clerk, says Ruben, lit"),
    ],
)
def test_a_quote_is_the_sentence_or_its_beginning(words: str, quoted: str) -> None:
    end = matching_end(SENTENCE, words)
    assert end is not None
    assert SENTENCE[:end] == quoted


@pytest.mark.parametrize(
    "words",
    [
        "",
        "…",
        "The clerk, says Ruben",
        "The clerk, says Ruben, l",
        "lit the “green” lamps at night",
        "the clerk, says Ruben, lit the lamps",
        SENTENCE + " Nobody came.",
    ],
)
def test_fewer_than_five_words_begun_words_and_other_words_are_no_quote(words: str) -> None:
    assert matching_end(SENTENCE, words) is None


def test_a_short_sentence_is_quoted_whole() -> None:
    assert matching_end("Nobody came.", "Nobody came") == len("Nobody came.")


WORDS = st.lists(st.sampled_from(["lamp", "it's", "5", "“green”", "don’t", "3.5", "نعم", "é", "—"]), max_size=12)


@BRIEFLY
@given(WORDS.map(" ".join), st.integers(0, 60))
def test_every_beginning_that_is_a_quote_ends_where_its_words_end(sentence: str, length: int) -> None:
    words = sentence[:length]
    end = matching_end(sentence, words)
    if end is not None:
        assert comparable(sentence[:end]) == comparable(words)


@BRIEFLY
@given(st.text(max_size=30), st.text(max_size=30))
def test_no_words_are_too_strange_to_be_looked_for(sentence: str, words: str) -> None:
    end = matching_end(sentence, words)
    assert end is None or 0 <= end <= len(sentence)


def test_the_surroundings_are_short() -> None:
    assert surroundings("a lamp", 2, 6) == ("a ", "")
    assert surroundings("x" * 300, 100, 200) == ("x" * 64, "x" * 64)


def test_posts_of_the_same_parts_have_the_same_hash() -> None:
    assert body_hash(["a", 1, None]) == body_hash(("a", 1, None))
    assert body_hash(["a", 1]) != body_hash(["a1"])
    assert len(body_hash([])) == 64


def test_passages_are_compared_by_their_places() -> None:
    passage = Passage(unit=1, block="b1", occurrence=2, revision=3, start=4, end=5, exact="x")
    assert anchor_key([passage]) == [(1, 2, 4, 5)]
