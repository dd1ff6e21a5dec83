"""Which words a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.foundation.words import folded
from dragoman.search.rules.snippets import snippet
from dragoman.search.rules.words import MOST_TERMS, terms_of, words_of


def finds(question: str, text: str, language: str) -> bool:
    """Whether the text has every term, in one of its forms."""
    words = set(words_of(text, language))
    terms = terms_of(question, language)
    return bool(terms) and all(words & set(forms) for forms in terms)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("lampara", "Las lámparas son verdes.", "es"),
        ("LÁMPARA", "Las lámparas son verdes.", "es"),
        ("libraries", "The library is open.", "en"),
        ("strasse", "Die Straße ist lang.", "de"),
        ("Bibliothek", "In den Bibliotheken brennt Licht.", "de"),
        ("istanbul", "İstanbul'da kış", "tr"),
        ("кошки", "Кошка спит на окне.", "ru"),
        ("كتاب", "الكتاب على الطاولة", "ar"),
        ("الكتاب", "كِتَابٌ جديد", "ar"),
        ("مدرسه", "والمدرسة الكبيرة", "ar"),
        ("图书馆", "夜里的图书馆很安静。", "zh-Hans"),
        ("书", "夜里的图书馆很安静。", "zh-Hans"),
        ("図書館", "図書館は夜も開いています。", "ja"),
        ("도서관", "도서관 문이 열려 있다", "ko"),
        ("green lamps", "The lamps are green.", "en"),
    ],
)
def test_a_text_is_found_by_its_words_in_other_forms(question: str, text: str, language: str) -> None:
    assert finds(question, text, language)


@pytest.mark.parametrize(
    ("question", "text", "language"),
    [
        ("red lamps", "The lamps are green.", "en"),
        ("馆书", "夜里的图书馆很安静。", "zh-Hans"),
        ("lamp", "The clamps are green.", "en"),
        # Compounds are not taken apart: documented in docs/read/conversation.md.
        ("Haus", "Das Rathaus ist offen.", "de"),
    ],
)
def test_other_words_do_not_find_it(question: str, text: str, language: str) -> None:
    assert not finds(question, text, language)


@pytest.mark.parametrize("question", ["", "   ", '"', "!?.,", "( ) * NEAR", "_", "😀"])
def test_a_question_without_words_asks_for_nothing_or_for_its_words_alone(question: str) -> None:
    assert all(form.isalnum() for forms in terms_of(question, "en") for form in forms)


@pytest.mark.parametrize("question", ["½ cup", "ﷺ", "⑴", "ﬁnd", "㍿"])
def test_a_sign_that_stands_for_several_is_several_words(question: str) -> None:
    assert terms_of(question, "ar")
    assert all(form.isalnum() for forms in terms_of(question, "ar") for form in forms)


@given(st.text(max_size=200), st.sampled_from(["en", "ar", "zh-Hans", "de", "xx"]))
def test_terms_are_bare_words_whatever_was_typed(question: str, language: str) -> None:
    terms = terms_of(question, language)
    assert len(terms) <= MOST_TERMS
    assert all(form and not set(form) & set("\"'()*&|!:<>\\ \n\0") for forms in terms for form in forms)


@given(st.text(max_size=80))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_a_snippet_is_the_sentence_with_the_most_hits() -> None:
    found = snippet(["Nothing here.", "The green lamps burn.", "A lamp."], {"lamp", "green"}, "en")
    assert found.place == 1
    assert found.parts == (("The ", False), ("green", True), (" ", False), ("lamps", True), (" burn.", False))


def test_a_long_sentence_is_cut_around_its_first_hit() -> None:
    found = snippet([f"{'word ' * 100}lamp {'word ' * 100}"], {"lamp"}, "en")
    assert ("lamp", True) in found.parts
    assert sum(len(text) for text, _hit in found.parts) < 260


@given(st.lists(st.text(max_size=100), max_size=4), st.sets(st.sampled_from(["a", "ab", "x"])))
def test_a_snippet_never_invents_words(sentences: list[str], hits: set[str]) -> None:
    found = snippet(sentences, hits, "en")
    said = "".join(text for text, _hit in found.parts).replace("…", "")
    assert not sentences or said in sentences[found.place].replace("…", "")
