"""An edited text keeps the anchors of its sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.diff import carry_anchors
from tests.translation.rules.strategies import BRIEFLY

OLD = [(11, "The lamps are green."), (12, "Nobody whispers loudly."), (13, "Ruben brings bread.")]
TEXTS = [text for _, text in OLD]
WORDS = st.sampled_from(["The lamps are green.", "The lamps are greener.", "Nobody.", "Yes.", "Yes!", ""])


@pytest.mark.parametrize(
    ("new", "carried"),
    [
        (TEXTS, [11, 12, 13]),
        ([TEXTS[2], TEXTS[0], TEXTS[1]], [13, 11, 12]),
        ([TEXTS[0], "A new one stands here.", *TEXTS[1:]], [11, None, 12, 13]),
        ([TEXTS[0], TEXTS[2]], [11, 13]),
        (["The lamps were green.", *TEXTS[1:]], [11, 12, 13]),
        (["Cats sleep elsewhere today.", *TEXTS[1:]], [None, 12, 13]),
        ([TEXTS[0], TEXTS[0]], [11, None]),
        (["The lamps are green!", TEXTS[0]], [None, 11]),
        ([], []),
    ],
)
def test_a_sentence_keeps_its_anchor(new: list[str], carried: list[int | None]) -> None:
    assert carry_anchors(OLD, new) == carried


def test_a_sentence_that_is_there_twice_keeps_both_anchors_in_order() -> None:
    assert carry_anchors([(1, "Yes."), (2, "Yes.")], ["Yes.", "No, of course.", "Yes."]) == [1, None, 2]


@BRIEFLY
@given(st.lists(WORDS | st.text(max_size=12), max_size=8), st.lists(WORDS | st.text(max_size=12), max_size=8))
def test_no_anchor_is_given_twice_and_none_is_invented(before: list[str], after: list[str]) -> None:
    old = list(enumerate(before, 1))
    carried = carry_anchors(old, after)
    given_out = [anchor for anchor in carried if anchor is not None]
    assert len(carried) == len(after)
    assert len(given_out) == len(set(given_out))
    assert set(given_out) <= {anchor for anchor, _ in old}


@BRIEFLY
@given(st.lists(st.text(max_size=12), max_size=8, unique=True))
def test_moved_sentences_keep_their_anchors(texts: list[str]) -> None:
    moved = sorted(texts, key=lambda text: text[::-1])
    anchors = {text: anchor for anchor, text in enumerate(texts, 1)}
    assert carry_anchors(list(enumerate(texts, 1)), moved) == [anchors[text] for text in moved]
