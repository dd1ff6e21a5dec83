"""Sentences end where a reader would end them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.sentences import split
from tests.translation.rules.strategies import BRIEFLY, TYPED


@BRIEFLY
@given(TYPED, st.sampled_from(["en", "de", "fr", "ar", "zh-Hans", "und"]))
def test_the_sentences_together_are_the_text(text: str, language: str) -> None:
    assert "".join(split(text, language)) == text


@pytest.mark.parametrize(
    ("language", "pieces"),
    [
        ("en", ["The lamps are green. ", "Who lit them? ", "Nobody!"]),
        ("en", ["Dr. Lund came with Mrs. Tavaro. ", "She sat."]),
        ("en", ["Bring bread, e.g. Ruben's. ", "Thanks."]),
        ("en", ["J. K. Fairwell left. ", "Rain fell."]),
        ("en", ["So did I. ", "Then we ate."]),
        ("en", ["He came at 5. ", "Then he left."]),
        ("en", ["“Go.” ", "She went."]),
        ("en", ["Wait... what? ", "Yes!"]),
        ("en", ["One\n", "two\n", "three"]),
        ("es", ["Lo dice el Sr. Pau. ", "¿Vienes? ", "¡Ya!"]),
        ("fr", ["M. Tavaro est là. ", "Il lit."]),
        ("de", ["Am 3. Oktober regnet es, z.B. hier. ", "Ja."]),
        ("de-AT", ["Am 3. Oktober regnet es. ", "Ja."]),
        ("de", ["Das war 1990. ", "Dann kam er."]),
        ("ru", ["Он живёт на ул. Мира. ", "Да."]),
        ("ar", ["هل وصلت؟ ", "نعم. ", "المصابيح خضراء."]),
        ("zh-Hans", ["灯是绿色的。", "谁点的？", "没有人！"]),
        ("en", ["Yes 🙂 no. ", "🙂 Fine 👩‍👩‍👧. ", "🏳️‍🌈 Then."]),
    ],
)
def test_a_text_is_cut_where_a_reader_would_cut_it(language: str, pieces: list[str]) -> None:
    assert split("".join(pieces), language) == pieces


def test_an_ordinal_is_one_only_where_the_language_writes_it_so() -> None:
    assert len(split("Room 3. Open it.", "en")) == 2
    assert len(split("Zimmer 3. Stock.", "de")) == 1


def test_an_empty_text_has_no_sentences() -> None:
    assert split("", "en") == []
