"""Language tags have one form, one direction and a name in every language."""

import pytest

from dragoman.foundation.languages import (
    UnknownLanguage,
    autonym,
    base,
    canonical,
    direction,
    name,
    same_to_a_reader,
    script,
)


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("en", "en"),
        ("EN-gb", "en-GB"),
        ("zh-hans", "zh-Hans"),
        ("pt_br", "pt-BR"),
        ("iw", "he"),
        (" ca ", "ca"),
        ("sr-latn", "sr-Latn"),
        ("ast", "ast"),
    ],
)
def test_a_tag_has_one_form(typed: str, tag: str) -> None:
    assert canonical(typed) == tag
    assert canonical(tag) == tag


@pytest.mark.parametrize(
    "typed", ["", "e", "english!", "xx", "qqq", "en--GB", "-en", "en-" + "a" * 40, "../en", "日本"]
)
def test_what_is_no_language_is_refused(typed: str) -> None:
    with pytest.raises(UnknownLanguage):
        canonical(typed)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", ("en", "Latn", "ltr")),
        ("ar", ("ar", "Arab", "rtl")),
        ("he-IL", ("he", "Hebr", "rtl")),
        ("fa", ("fa", "Arab", "rtl")),
        ("zh", ("zh", "Hans", "ltr")),
        ("zh-TW", ("zh", "Hant", "ltr")),
        ("ru", ("ru", "Cyrl", "ltr")),
        ("sr-Latn", ("sr", "Latn", "ltr")),
        ("und", ("und", "Latn", "ltr")),
    ],
)
def test_a_tag_tells_base_script_and_direction(tag: str, expected: tuple[str, str, str]) -> None:
    assert (base(tag), script(tag), direction(tag)) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("pt-BR", "pt-PT", True),
        ("en", "en-GB", True),
        ("zh", "zh-Hans", True),
        ("zh-Hans", "zh-Hant", False),
        ("sr-Cyrl", "sr-Latn", False),
        ("es", "ca", False),
    ],
)
def test_a_reader_of_one_needs_no_translation_of_the_other(one: str, other: str, same: bool) -> None:
    assert same_to_a_reader(one, other) is same
    assert same_to_a_reader(other, one) is same


def test_a_language_is_named_in_the_readers_own() -> None:
    assert (name("ca", seen_in="en"), name("ca", seen_in="es")) == ("Catalan", "catalán")
    assert (autonym("es"), autonym("ca"), autonym("ar")) == ("Español", "Català", "العربية")
