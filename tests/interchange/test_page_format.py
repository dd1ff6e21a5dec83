"""A captured page is read line by line, and what is wrong with it is told with its line."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.importers.page_format import Page, PageBlock, read_page
from dragoman.interchange.signin import LINES

SIGN_IN = LINES["en"]
PAGE = f"""The library stays open at night

Readers asked for it for years.

The lamps are green.
Ruben brings bread.

Nobody whispers loudly.

— Ilse Tavaro, reader

The last paragraph.
{SIGN_IN}
1. Ada Offline Ada
Ada (Ada Lund) 4 May 2026 9:05

The lamps are green.

I like them.
2. _AMUHb_ Online _AMUHb_
_AMUHb_ () 31 December 2026 23: 59
So do I.
It is warm.
"""


def read(text: str, language: str = "en") -> Page:
    """A page from its text."""
    return read_page(text.encode(), language, file="page.txt")


def page(comments: str) -> Page:
    """The smallest article with these comments."""
    return read(f"Headline\n\nLead.\n\nBody.\n{SIGN_IN}\n{comments}")


def test_the_article_is_read() -> None:
    found = read(PAGE)
    assert (found.headline, found.lead) == ("The library stays open at night", "Readers asked for it for years.")
    assert found.blocks == (
        PageBlock("paragraph", "The lamps are green.\nRuben brings bread."),
        PageBlock("pullquote", "Nobody whispers loudly.", "Ilse Tavaro, reader"),
        PageBlock("paragraph", "The last paragraph."),
    )


def test_the_comments_are_read() -> None:
    one, two = read(PAGE).comments
    assert (one.number, one.nickname, one.real_name, one.online) == (1, "Ada", "Ada Lund", False)
    assert (one.at, one.line) == (datetime(2026, 5, 4, 9, 5), 14)  # noqa: DTZ001 — local time
    assert one.paragraphs == ("The lamps are green.", "I like them.")
    assert (two.nickname, two.real_name, two.online) == ("_AMUHb_", "", True)
    assert two.at == datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001 — local time
    assert two.paragraphs == ("So do I.\nIt is warm.",)


def test_a_page_without_comments_is_a_page() -> None:
    assert page("").comments == ()


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_an_empty_line_before_the_sign_in_line_and_any_line_end_make_no_difference(ends: str) -> None:
    text = PAGE.replace(SIGN_IN, f"\n{SIGN_IN}").replace("\n", ends)
    assert read(text).blocks == read(PAGE).blocks
    assert [one.paragraphs for one in read(text).comments] == [one.paragraphs for one in read(PAGE).comments]


def test_a_byte_order_mark_is_no_part_of_the_headline() -> None:
    assert read("\ufeff" + PAGE).headline == "The library stays open at night"
    assert read("\ufeff" + PAGE).removed == 0


def test_a_quote_needs_a_paragraph_before_its_attribution() -> None:
    found = read(f"Headline\n\nLead.\n\n— Nobody\n\nBody.\n\n- One\n\n- Two\n{SIGN_IN}\n")
    assert found.blocks == (
        PageBlock("paragraph", "— Nobody"),
        PageBlock("pullquote", "Body.", "One"),
        PageBlock("paragraph", "- Two"),
    )


@pytest.mark.parametrize(
    "body",
    [
        "2. Ada Offline Ada\nand nothing of a name and a time",
        "7. Ada Offline Ada\nAda (Ada Lund) 4 May 2026 9:05",
        "1. Ada Offline Ada\nAda (Ada Lund) 4 May 2026 9:05",
        "2. We meet again\nAda (Ada Lund) 4 May 2026 9:05",
    ],
)
def test_what_only_looks_like_a_header_is_the_comments_text(body: str) -> None:
    (one,) = page(f"1. Ada Offline Ada\nAda (Ada Lund) 4 May 2026 9:05\nLook:\n{body}\n").comments
    assert one.paragraphs == (f"Look:\n{body}",)


def test_the_first_number_is_any_number() -> None:
    found = page("41. Ada Online Ada\nAda () 4 May 2026 9:05\nOne.\n42. Pau Online Pau\nPau () 4 May 2026 9:06\nTwo.")
    assert [one.number for one in found.comments] == [41, 42]


@pytest.mark.parametrize("nickname", ["Ada Lund", "Online", "Ada (Jr)", "J. K.", "أحمد", "Offline Ada"])
def test_a_nickname_may_look_like_something_else(nickname: str) -> None:
    (one,) = page(f"1. {nickname} Online {nickname}\n{nickname} (A (B)) 4 May 2026 9:05\nOne.").comments
    assert (one.nickname, one.real_name, one.online) == (nickname, "A (B)", True)


def test_control_and_bidi_characters_are_taken_out_and_counted() -> None:
    found = read(PAGE.replace("lamps are", "la\u202emps\u2069 a\x00re").replace("Ada Lund", "Ada\u200f Lund"))
    assert found.removed == 7
    assert found.blocks[0].text == "The lamps are green.\nRuben brings bread."
    assert found.comments[0].real_name == "Ada Lund"


HEADER = "1. Ada Offline Ada"
NAME_LINE = "Ada (Ada Lund) 4 May 2026 9:05"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (PAGE.replace(SIGN_IN, "Please come in."), 24, "asks readers to sign in"),
        ("", 1, "asks readers to sign in"),
        (f"{SIGN_IN}\n", 1, "no headline"),
        (f"One\ntwo\n\nLead.\n{SIGN_IN}\n", 1, "one line"),
        (f"{'x' * 256}\n\nLead.\n{SIGN_IN}\n", 1, "256 characters"),
        (f"Headline\n{SIGN_IN}\n", 1, "no lead"),
        (PAGE.replace("4 May", "31 February"), 15, "no such day"),
        (PAGE.replace("9:05", "9:65"), 15, "no such day or time"),
        (PAGE.replace("4 May", "4 Brumaire"), 15, "no English month"),
        (PAGE.replace(HEADER, "1. Ada Offline Pau"), 14, "two ways"),
        (PAGE.replace(NAME_LINE, NAME_LINE.replace("Ada (", "Pau (")), 14, "two ways"),
        (PAGE.replace("Ada", "A" * 41), 14, "more than 40"),
        (PAGE.replace("\nThe lamps are green.\n\nI like them.", ""), 14, "no text"),
        (PAGE.replace(HEADER, "Who is there?"), 14, "must begin with"),
    ],
)
def test_a_fault_is_told_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadFile) as caught:
        read(text)
    assert str(caught.value).startswith(f"page.txt, line {line}: ")
    assert reason in str(caught.value)


def test_what_is_no_utf_8_is_told_with_its_line() -> None:
    data = PAGE.encode().replace(b"Nobody", b"Nob\xe9dy")
    with pytest.raises(BadFile, match=r"page\.txt, line 8: byte \d+ is no UTF-8"):
        read_page(data, "en", file="page.txt")


LINE = st.sampled_from(
    [HEADER, NAME_LINE, "2. Pau Online Pau", "Pau () 4 May 2026 9:05", SIGN_IN, "Words.", "— Pau", ""]
)


@settings(max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["", "Headline\n\nLead.\n\n"]), st.lists(LINE | st.text(max_size=12), max_size=12))
def test_any_file_is_a_page_or_a_bad_file(head: str, lines: list[str]) -> None:
    try:
        found = read(head + "\n".join(lines))
    except BadFile:
        return
    assert found.headline
    assert all(one.paragraphs and one.nickname for one in found.comments)
    numbers = [one.number for one in found.comments]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True
