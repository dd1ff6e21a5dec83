"""A number is its digits; what writers of another language may do to it is no fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.numbers import difference, has_money_or_date, numbers
from tests.translation.rules.strategies import BRIEFLY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1.000,5", ["10005"]),
        ("1,000.5", ["10005"]),
        ("1'000 and 1 000 and 1\u202f000", ["1000"] * 3),
        ("١٬٠٠٠٫٥", ["10005"]),
        ("१२ ۱۲ 12", ["12"] * 3),
        ("12 14", ["12", "14"]),
        ("2024 1,000", ["2024", "1000"]),
        ("in 2008 400 came", ["2008", "400"]),
        ("1億2000万", ["120000000"]),
        ("7 and 007", ["7", "7"]),
        ("⟦12⟧ ⟦+13⟧", []),
    ],
)
def test_a_number_is_its_digits(text: str, found: list[str]) -> None:
    assert [one.digits for one in numbers(text)] == found


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("It cost 1,000.5 marks.", "Costó 1.000,5 marcos.", "en-es"),
        ("It cost 1,000 marks.", "Costó 1 000 marcos.", "en-fr"),
        ("Twelve lamps and 3 chairs.", "12 lámparas y tres sillas.", "en-es"),
        ("At 6:30 p.m.", "Um 18:30 Uhr.", "en-de"),
        ("At 11:00.", "11時。", "en-ja"),
        ("At 11:20.", "11点20分。", "en-zh"),
        ("120,000 lamps.", "12万盏灯。", "en-zh"),
        ("Ten million lamps.", "1,000万個のランプ。", "en-ja"),
        ("1.5 million lamps.", "1.500.000 lámparas.", "en-es"),
        ("In the 1990s.", "En los años 90.", "en-es"),
        ("In the 1830s.", "בשנות ה-30 של המאה ה-19.", "en-he"),
        ("On October 7.", "10月7日。", "en-ja"),
        ("Both lamps of the 19th hall.", "Las dos lámparas de la sala XIX.", "en-es"),
    ],
)
def test_what_another_language_does_to_numbers_is_no_fault(source: str, target: str, pair: str) -> None:
    found = difference(source, target, *pair.split("-"))
    assert not found.missing
    assert not found.new


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("It opened in 1990.", "Abrió en 1991.", "en-es"),
        ("It cost 1,000.5 marks.", "Costó 1.000,6 marcos.", "en-es"),
        ("On 17 lamps.", "在 19 盏灯上。", "en-zh"),
        ("On October 17.", "10月19日。", "en-ja"),
    ],
)
def test_a_changed_number_is_a_change(source: str, target: str, pair: str) -> None:
    assert difference(source, target, *pair.split("-")).is_change


def test_a_number_that_is_lost_is_notable_but_no_change() -> None:
    found = difference("It cost 250 marks.", "Costó mucho.", "en", "es")
    assert [one.digits for one in found.missing] == ["250"]
    assert found.is_notable
    assert not found.is_change
    assert not difference("It cost 4 marks.", "Costó mucho.", "en", "es").is_notable


@pytest.mark.parametrize("text", ["It cost $3.", "3 EUR", "on 1/2/2024", "in 1998"])
def test_money_and_dates_are_known_by_their_signs(text: str) -> None:
    assert has_money_or_date(text)
    assert not has_money_or_date("17 lamps in 3 halls")


@BRIEFLY
@given(st.text(max_size=60), st.sampled_from(["en-es", "en-ar", "zh-en", "ja-zh", "en-und"]))
def test_nothing_differs_between_a_text_and_itself(text: str, pair: str) -> None:
    found = difference(text, text, *pair.split("-"))
    assert (found.missing, found.new) == ([], [])
