"""Word lists: read, and found in whatever disguise."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.moderation.rules.lists import MOST_WORDS, BadList, Matcher, Matching, WordList, read_list
from dragoman.moderation.rules.tokens import tokens

SIGNS = st.text(st.characters(codec="utf-8"), max_size=300)


def matcher(*words: str, language: str = "en", matching: Matching = "word") -> Matcher:
    return Matcher([WordList(1, "list", language, matching, "hold", words)])


def found(text: str, *words: str, language: str = "en", written_in: str = "", matching: Matching = "word") -> list[str]:
    hits = matcher(*words, language=language, matching=matching).find(text, written_in or language or "en")
    return [text[hit.start : hit.end] for hit in hits]


def test_a_list_has_a_word_on_each_line_without_comments_and_repetitions() -> None:
    assert read_list("fool  # mild\n\n  nasty   word \nfool\n# nothing\n") == ("fool", "nasty word")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("(a+)+$", "pattern"),
        ("fo[ou]l", "pattern"),
        ("fo*l", "star"),
        ("nasty word*", "star"),
        ("**", "no-letters"),
        ("ab*", "few-letters"),
        ("!!!", "no-letters"),
        ("x" * 81, "too-long"),
    ],
)
def test_a_line_that_cannot_be_taken_is_named(line: str, fault: str) -> None:
    with pytest.raises(BadList) as caught:
        read_list(f"fool\n{line}\n")
    assert (caught.value.fault, caught.value.line) == (fault, 2)


def test_a_list_of_a_hundred_thousand_lines_is_refused() -> None:
    with pytest.raises(BadList) as caught:
        read_list("\n".join(f"word{number}" for number in range(100_000)))
    assert (caught.value.fault, caught.value.line) == ("too-many", MOST_WORDS + 1)


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("You FOOL!", "FOOL"),
        ("you fóol", "fóol"),
        ("you ｆｏｏｌ", "ｆｏｏｌ"),
        ("you fo\u200bo\u00adl", "fo\u200bo\u00adl"),
        ("you f\u202eo\u2066ol", "f\u202eo\u2066ol"),
        ("you fооl", "fооl"),  # with Cyrillic letters
        ("you FООL", "FООL"),  # with Cyrillic capitals
        ("you ⓕⓞⓞⓛ", "ⓕⓞⓞⓛ"),
        ("you 🅵🅾🅾🅻", "🅵🅾🅾🅻"),
        ("you 𝓯𝓸𝓸𝓵", "𝓯𝓸𝓸𝓵"),
        ("you f00l", "f00l"),
        ("you fooooool", "fooooool"),
        ("you f.o.o.l", "f.o.o.l"),
        ("you fo**o**l", "fo**o**l"),
        ("f o o l, are you", "f o o l"),
    ],
)
def test_a_word_is_found_in_disguise_with_the_characters_that_it_has_in_the_text(text: str, hit: str) -> None:
    assert found(text, "fool") == [hit]


def test_words_are_whole_unless_all_their_forms_are_meant() -> None:
    assert found("fooling fools", "fool") == []
    assert found("fooling fools", "fool", matching="stem") == ["fooling", "fools"]
    assert found("a footfool, foolhardy", "*fool") == ["footfool"]
    assert found("a footfool, foolhardy", "foolh*") == ["foolhardy"]
    assert found("unfoolish", "*fool*") == ["unfoolish"]


def test_phrases_are_found_across_spaces_and_signs() -> None:
    assert found("You nasty,  WORD!", "nasty word") == ["nasty,  WORD"]
    assert found("nasty other word", "nasty word") == []


def test_scripts_without_spaces_are_looked_into() -> None:
    assert found("你真是笨蛋吗", "笨蛋", language="zh-Hans") == ["笨蛋"]


def test_a_word_in_its_own_script_is_not_read_as_one_of_another() -> None:
    assert found("сор из избы", "cop", language="", written_in="ru") == []
    assert found("сop is here", "cop", language="", written_in="en") == ["сop"]


def test_a_list_is_for_texts_in_its_language_or_for_all() -> None:
    assert found("gift", "gift", language="de", written_in="en") == []
    assert found("gift", "gift", language="de", written_in="de-AT") == ["gift"]
    assert found("casino", "casino", language="", written_in="ar") == ["casino"]


def test_russian_words_are_found_in_their_forms() -> None:
    assert found("не будь дураком", "дурак", language="ru", matching="stem") == ["дураком"]


@given(SIGNS, st.sampled_from(["en", "ru", "ar", "zh-Hans", "ja", "hi", "th"]))
def test_tokens_are_pieces_of_the_text(text: str, language: str) -> None:
    for token in tokens(text, language):
        assert 0 <= token.start < token.end <= len(text)
        assert token.keys


@given(SIGNS, SIGNS)
def test_a_listed_word_is_found_wherever_it_stands_alone(before: str, after: str) -> None:
    text = f"{before}\n\nfool\n\n{after}"
    hits = matcher("fool").find(text, "en")
    assert any(text[hit.start : hit.end] == "fool" for hit in hits)


@given(st.lists(st.integers(0, 3), min_size=5, max_size=5))
def test_invisible_signs_hide_nothing(places: list[int]) -> None:
    unseen = ["", "\u200b", "\u2060", "\ufe0f"]
    text = "".join(sign + unseen[place] for sign, place in zip("idiot", places, strict=True))
    assert matcher("idiot").find(text, "en")


def test_a_text_made_to_take_long_takes_no_longer_than_its_length_allows() -> None:
    # Whatever is looked up is a part of a word of sixty letters at most: no hit, no backtracking.
    text = "a" * 10_000 + " " + "a." * 2_000 + "*" * 2_000
    assert matcher("aab*", "*aab", "*aab*", "b a a b").find(text, "en") == []
    assert sum(len(token.keys) for token in tokens(text, "en")) < 20_000


@pytest.mark.parametrize("sign", ["\u200b", "\u0301", "\u2060"])
def test_a_word_is_not_hidden_by_being_made_long(sign: str) -> None:
    assert matcher("fool").find("f" + sign * 80 + "ool", "en")
    assert matcher("*fool*").find("x" * 100 + "fool" + "x" * 100, "en")


def test_a_long_row_of_words_without_spaces_is_looked_into() -> None:
    assert found("好" * 90 + "笨蛋" + "好" * 90, "笨蛋", language="zh-Hans") != []


def test_marks_are_part_of_their_letters() -> None:
    text = unicodedata.normalize("NFD", "cretíno")
    assert found(text, "cretino", language="it") == [text]
