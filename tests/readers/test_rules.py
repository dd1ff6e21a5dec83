"""A nickname can be read, and is one line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.readers.errors import BadNickname
from dragoman.readers.rules import LONGEST, checked_nickname

BRIEFLY = settings(max_examples=200, derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ada", "Ada"),
        ("  Ada   Lund ", "Ada Lund"),
        ("_AMUHb_", "_AMUHb_"),
        ("Jose\u0301", "José"),
        ("أحمد", "أحمد"),
        ("李明", "李明"),
        ("علی‌رضا", "علی‌رضا"),
        ("J. Lund-Tavaro (Jr)", "J. Lund-Tavaro (Jr)"),
        ("7", "7"),
        ("Nguyễn Thị Hạnh", "Nguyễn Thị Hạnh"),
        ("Ada 🙂", "Ada 🙂"),
        ("A\u202eda", "Ada"),
        ("a" * LONGEST, "a" * LONGEST),
    ],
)
def test_a_name_keeps_its_letters(typed: str, stored: str) -> None:
    assert checked_nickname(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " \n ",
        "a" * (LONGEST + 1),
        "___",
        "🙂",
        "\u200d",
        "a\u2060b",
        "a\U000f0000",
        "a\u00adb",
        *(f"A{sign}da" for sign in "<>\"'&/\\@#%?;"),
        "Z\u0335\u0336\u0337\u0338algo",
    ],
)
def test_what_hides_or_breaks_things_is_no_nickname(typed: str) -> None:
    with pytest.raises(BadNickname):
        checked_nickname(typed)


@BRIEFLY
@given(st.text(max_size=50))
def test_a_nickname_that_was_taken_is_taken_again_unchanged(typed: str) -> None:
    try:
        stored = checked_nickname(typed)
    except BadNickname:
        return
    assert checked_nickname(stored) == stored
    assert 0 < len(stored) <= LONGEST
    assert not set(stored) & set("<>&\n")
