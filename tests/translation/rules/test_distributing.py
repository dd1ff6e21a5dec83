"""A paragraph's text is laid over its sentences, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.distributing import distribute


def test_as_many_sentences_as_the_original_has_stand_one_by_one() -> None:
    text = "La puerta está abierta. El pan está caliente. Nadie sabe por qué."
    parts = ["La puerta está abierta.", "El pan está caliente.", "Nadie sabe por qué."]
    assert distribute(text, [17, 18, 50], "es") == parts


def test_two_sentences_of_one_stay_beside_each_other() -> None:
    text = "La puerta se abre. Y se cierra. El pan está caliente."
    assert distribute(text, [30, 20], "es") == ["La puerta se abre. Y se cierra.", "El pan está caliente."]


def test_one_sentence_of_two_is_cut_between_words() -> None:
    parts = distribute("La puerta está abierta y el pan está caliente.", [20, 20], "es")
    assert " ".join(parts) == "La puerta está abierta y el pan está caliente."
    assert len(parts) == 2


def test_fewer_words_than_sentences_are_too_few() -> None:
    assert distribute("Sí.", [10, 10], "es") == []


@given(
    st.lists(
        st.sampled_from(["Sí.", "La", "puerta", "está", "abierta.", "¿Y", "eso?", "Dr.", "a"]), min_size=1, max_size=30
    ),
    st.lists(st.integers(0, 200), min_size=1, max_size=8),
)
def test_read_one_after_the_other_the_parts_are_the_text(words: list[str], lengths: list[int]) -> None:
    text = " ".join(words)
    parts = distribute(text, lengths, "es")
    if len(words) < len(lengths):
        assert parts == []
    else:
        assert " ".join(parts) == text
        assert len(parts) == len(lengths)
        assert all(parts)
