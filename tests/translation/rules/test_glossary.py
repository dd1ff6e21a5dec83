"""Terms are found where they stand, and nowhere else."""

import unicodedata
from string import ascii_lowercase, ascii_uppercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.glossary import (
    Form,
    Glossary,
    Term,
    Treatment,
    contradiction,
    holds_one_of,
    needle,
)

FERRY = (Form("ferry", "transbordador"), Form("ferries", "transbordadores"))


def term(
    treatment: Treatment = "fixed",
    forms: tuple[Form, ...] = FERRY,
    *,
    number: int = 1,
    target: str = "es",
    **more: object,
) -> Term:
    return Term(number, "en", target, treatment, forms, **more)  # type: ignore[arg-type]


def glossary(*terms: Term, source: str = "en") -> Glossary:
    return Glossary(terms, source)


def found(terms: Glossary, text: str, section: int | None = None) -> list[str]:
    return [text[hit.start : hit.end] for hit in terms.hits(text, section)]


def test_a_term_is_found_as_a_whole_word_in_each_of_its_forms() -> None:
    terms = glossary(term())
    assert found(terms, "The ferry, FERRIES and a Ferry-house; ferryman, preferry.") == ["ferry", "FERRIES", "Ferry"]


def test_a_term_that_heeds_case_is_found_as_it_is_written() -> None:
    terms = glossary(term("keep", (Form("IT"),), heeds_case=True))
    assert found(terms, "It is IT, it is.") == ["IT"]


def test_a_term_of_several_words_is_found_over_any_space() -> None:
    assert found(glossary(term("keep", (Form("River Bell"),))), "A river  bell, a riverbell.") == ["river  bell"]


def test_nothing_is_found_inside_a_marker_or_across_one() -> None:
    terms = glossary(term("keep", (Form("1"), Form("old ferry"))))
    assert found(terms, "⟦1⟧ and ⟦+1⟧the old ⟦2⟧ferry⟦-1⟧ 1") == ["1"]


def test_words_end_where_their_vowel_signs_end() -> None:
    terms = Glossary([Term(1, "hi", "en", "fixed", (Form("हिन", "x"),))], "hi")
    assert found(terms, "हिन्दी") == []
    assert found(terms, "हिन है") == ["हिन"]


def test_languages_without_spaces_have_terms_inside_a_run_of_signs() -> None:
    terms = Glossary([Term(1, "zh", "en", "fixed", (Form("渡轮", "ferry"),))], "zh-Hans")
    assert found(terms, "新渡轮今天开航") == ["渡轮"]


def test_a_composed_and_a_decomposed_word_are_one() -> None:
    terms = glossary(term("fixed", (Form("café", "cantina"),)))
    prepared = terms.prepare(unicodedata.normalize("NFD", "The café is shut."))
    assert prepared.restored(prepared.marked) == "The cantina is shut."


def test_of_those_that_overlap_the_longest_is_taken_and_a_priority_comes_before() -> None:
    long, short = term("fixed", (Form("night ferry", "a"),), number=1), term("fixed", (Form("ferry", "b"),), number=2)
    assert found(glossary(long, short), "the night ferry") == ["night ferry"]
    first = term("fixed", (Form("ferry", "b"),), number=2, priority=1)
    assert found(glossary(long, first), "the night ferry") == ["ferry"]


def test_a_term_of_a_section_holds_there_and_comes_before_the_publications() -> None:
    general = term("fixed", (Form("ferry", "transbordador"),), number=1)
    local = term("fixed", (Form("ferry", "lancha"),), number=2, section=7)
    terms = glossary(general, local)
    shown = [terms.prepare("ferry", section).texts[1] for section in (None, 7, 8)]
    assert shown == ["transbordador", "lancha", "transbordador"]


def test_what_is_kept_and_what_is_fixed_goes_to_engines_as_markers() -> None:
    terms = glossary(term(), term("keep", (Form("River Bell"),), number=2, target=""))
    prepared = terms.prepare("Ferries of ⟦1⟧ meet the River Bell.")
    assert prepared.marked == "⟦2⟧ of ⟦1⟧ meet the ⟦3⟧."
    assert prepared.restored("⟦2⟧ de ⟦1⟧ ven el ⟦3⟧.") == "Transbordadores de ⟦1⟧ ven el River Bell."


def test_a_soft_term_stays_in_the_sentence_and_is_expected_in_the_answer() -> None:
    prepared = glossary(term("soft")).prepare("Two ferries.")
    assert (prepared.marked, prepared.expected) == ("Two ferries.", (("transbordador", "transbordadores"),))
    assert prepared.hints == (("ferries", "transbordadores"),)
    assert holds_one_of("Dos Transbordadores.", prepared.expected[0], "es")
    assert not holds_one_of("Dos barcos.", prepared.expected[0], "es")


def test_the_hash_names_the_terms_that_were_found_and_nothing_else() -> None:
    terms = glossary(term(), term("keep", (Form("bell"),), number=2))
    hashes = [
        terms.prepare(text).hash for text in ("A ferry.", "The ferry is late.", "A bell.", "A ferry bell.", "No.")
    ]
    assert hashes[0] == hashes[1]
    assert hashes[4] == ""
    assert len(set(hashes)) == 4
    other = glossary(term("fixed", (Form("ferry", "barco"),)))
    assert other.prepare("A ferry.").hash != hashes[0]
    assert glossary(term("soft", FERRY)).prepare("A ferry.").hash not in hashes


def test_a_name_is_shown_in_its_fixed_translation() -> None:
    terms = glossary(term("fixed", (Form("Kharkiv", "Járkov"),)), term("keep", (Form("Ada"),), number=2))
    assert [terms.name(one) for one in ("Kharkiv", "Ada", "Kharkiv News")] == ["Járkov", "Ada", "Kharkiv News"]


@pytest.mark.parametrize(
    "other",
    [
        term("fixed", (Form("Ferry", "barco"),), number=2),
        term("soft", (Form("FERRIES", "barcos"),), number=2),
        term("keep", (Form("ferry"),), number=2),
        term("fixed", FERRY, number=2),
        term("fixed", (Form("ferry", "barco"),), number=2, heeds_case=True),
    ],
)
def test_two_rows_for_one_word_contradict_each_other(other: Term) -> None:
    pair = contradiction([term(), other])
    assert pair is not None
    assert {one.id for one in pair} == {1, 2}


@pytest.mark.parametrize(
    "other",
    [
        term("fixed", (Form("boat", "barco"),), number=2),
        term("fixed", (Form("ferry", "ferri"),), number=2, target="ca"),
        term("keep", (Form("ferry"),), number=2, target=""),
        term("fixed", (Form("ferry", "lancha"),), number=2, section=3),
        term("fixed", (Form("ferry", "lancha"),), number=2, priority=5),
    ],
)
def test_where_one_of_two_rows_takes_precedence_there_is_no_contradiction(other: Term) -> None:
    assert contradiction([term(), other]) is None


def test_two_words_that_differ_in_case_alone_go_together_where_both_heed_it() -> None:
    one, other = term("keep", (Form("IT"),), heeds_case=True), term("keep", (Form("It"),), number=2, heeds_case=True)
    assert contradiction([one, other]) is None


_ASCII = str.maketrans(ascii_uppercase, ascii_lowercase)  # all that SQLite knows of case
_words = st.text(st.sampled_from("abikstABIKST é ıİſK-'ñ"), min_size=1, max_size=8)


@given(_words, _words, _words)
def test_every_sentence_with_a_form_has_its_letters_in_a_row(before: str, form: str, after: str) -> None:
    """What the database is asked for leaves nothing out, whatever signs case is made of."""
    text = unicodedata.normalize("NFC", f"{before} {form.swapcase()} {after}")
    for spelled in (text, unicodedata.normalize("NFD", text)):
        if glossary(term("keep", (Form(form),))).finds_in(spelled):
            assert needle(form).translate(_ASCII) in spelled.translate(_ASCII)


@given(st.lists(st.sampled_from(["ferry", "Ferries", "bell", "⟦1⟧", "ferryman", ",", "the"]), max_size=12))
def test_an_echo_of_a_prepared_sentence_is_the_sentence_with_its_terms_in_place(words: list[str]) -> None:
    text = " ".join(words)
    prepared = glossary(term(), term("keep", (Form("bell"),), number=2)).prepare(text)
    wanted = [{"ferry": "transbordador", "Ferries": "Transbordadores"}.get(word, word) for word in words]
    assert prepared.restored(prepared.marked) == " ".join(wanted)
