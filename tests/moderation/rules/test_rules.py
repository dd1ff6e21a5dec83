"""Each rule, and their order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.moderation.rules import listed
from dragoman.moderation.rules.candidate import ACTS, Candidate, Earlier, Finding, Verdict, Writer
from dragoman.moderation.rules.impersonation import bare
from dragoman.moderation.rules.known import Known
from dragoman.moderation.rules.lists import Matcher, WordList
from dragoman.moderation.rules.modes import waits
from dragoman.moderation.rules.order import DEFAULT_NUMBERS, RULES, judge
from dragoman.moderation.rules.repetition import print_of

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)
SAID = "The lamps of the library are green tonight."
KNOWN = Known(
    numbers=DEFAULT_NUMBERS,
    matcher=Matcher(
        [
            WordList(1, "insults", "en", "stem", "hold", ("fool",)),
            WordList(2, "doubtful", "en", "word", "flag", ("lamps",)),
            WordList(3, "never", "en", "word", "refuse", ("scoundrel",)),
        ]
    ),
    staff=frozenset({bare("Mina Vogt")}),
    hosts=frozenset({"news.example"}),
)


def written(count: int, state: str = "visible", *, age: timedelta = timedelta(days=2), text: str = "") -> list[Earlier]:
    return [Earlier(NOON - age, state, print_of(text))] * count


def comment(
    text: str = SAID, *, earlier: Any = (), name: str = "Ada", joined: datetime = NOON, **rest: Any
) -> Candidate:
    is_staff = rest.pop("is_staff", False)
    return Candidate(text, "en", NOON, Writer(7, (name,), joined, is_staff, earlier), **rest)


def names(candidate: Candidate, known: Known = KNOWN) -> list[str]:
    return [one.rule for one in judge(candidate, replace(known, matcher=Matcher(()))).findings]


def test_an_ordinary_comment_is_shown() -> None:
    assert judge(comment("Nobody minds this one at all."), KNOWN) == Verdict()


def test_a_filled_in_trap_is_refused_and_nothing_more_is_asked() -> None:
    verdict = judge(comment("You fool, look at https://spam.example", is_trapped=True), KNOWN)
    assert [one.rule for one in verdict.findings] == ["trap"]
    assert verdict.act == "refuse"


def test_the_same_text_a_moment_later_is_refused_and_on_another_day_it_is_not() -> None:
    again = written(1, age=timedelta(minutes=3), text=SAID)
    assert names(comment("The lamps, of the library ARE green tonight!", earlier=again)) == ["repetition"]
    assert names(comment(earlier=written(1, age=timedelta(minutes=11), text=SAID))) == []
    assert names(comment(earlier=again, is_edit=True)) == []
    assert names(comment("Thank you!", earlier=written(1, age=timedelta(0), text="Thank you!"))) == []


def test_the_same_text_from_several_accounts_is_held() -> None:
    assert names(comment(alike=1)) == []
    assert names(comment(alike=2)) == ["chain"]


def test_a_crowd_holds_up_those_whom_nobody_knows() -> None:
    assert names(comment(here=300)) == ["flood"]
    assert names(comment(nearby=10)) == ["flood"]
    assert names(comment(here=300, nearby=50, earlier=written(50), joined=LONG_AGO)) == []


@pytest.mark.parametrize(
    "name", ["Mina Vogt", "MinaVogt2", "Мinа_Vоgt", "МІNА vogt", "ＭＩＮＡ ＶＯＧＴ", "the real mina-vogt"]
)
def test_a_name_that_looks_like_staffs_is_held(name: str) -> None:
    assert names(comment(name=name)) == ["impersonation"]
    assert names(comment(name=name, is_staff=True)) == []


def test_who_had_much_removed_lately_waits() -> None:
    assert names(comment(earlier=written(2, "removed"))) == []
    assert names(comment(earlier=written(3, "removed"))) == ["record"]
    assert names(comment(earlier=[*written(20), *written(3, "removed")])) == []


def test_links_of_newcomers_wait_and_many_of_anybody() -> None:
    one, four = "See https://a.example/x.", " ".join(f"www.s{number}.example" for number in range(4))
    assert names(comment(one)) == ["links"]
    assert names(comment(one, earlier=written(1))) == []
    assert names(comment(four, earlier=written(1))) == ["links"]
    assert names(comment(four, earlier=written(50), joined=LONG_AGO)) == []
    assert names(comment("https://news.example/en/town/1 https://news.example:443/x")) == []
    assert names(comment("https://news.example@evil.example/")) == ["links"]


def test_the_characters_of_a_link_are_told() -> None:
    text = "See https://a.example/x?y=1 now"
    finding = judge(comment(text), KNOWN).findings[0]
    assert [text[start:end] for start, end in finding.spans] == ["https://a.example/x?y=1"]


def test_capitals_and_rows_of_signs_are_shown_and_flagged() -> None:
    assert names(comment("THE LAMPS OF THE LIBRARY ARE GREEN")) == ["shouting"]
    assert names(comment("NATO, UNESCO, EU")) == []
    assert names(comment("Really!!!!!! I say.")) == ["shouting"]
    assert names(comment("المكتبة مفتوحة الليلة حتى منتصف الليل")) == []


def test_first_comments_wait_where_the_newsroom_wants_it() -> None:
    strict = replace(KNOWN, acts={"newcomers": "hold"})
    assert names(comment()) == []
    assert names(comment(), strict) == ["newcomers"]
    assert names(comment(earlier=written(1)), strict) == []
    assert names(comment(earlier=written(5, "held")), strict) == ["newcomers"]
    assert names(comment(is_staff=True), strict) == []


def test_listed_words_tell_their_list_and_what_follows_from_it() -> None:
    verdict = judge(comment("You fools, the lamps!"), KNOWN)
    assert verdict.findings == (
        Finding("listed", "hold", ((4, 9),), "en", 1),
        Finding("listed", "flag", ((15, 20),), "en", 2),
    )
    assert verdict.act == "hold"
    refusing = judge(comment("You scoundrel"), KNOWN).refusing
    assert refusing is not None
    assert refusing.word_list == 3


def test_a_listed_word_in_a_translation_is_a_weaker_sign() -> None:
    found = listed.in_translation(KNOWN.matcher, "You fool", "en")
    assert found == [Finding("listed", "flag", ((4, 8),), "en", 1)]
    assert listed.in_translation(KNOWN.matcher, "You fool", "en", original=[1]) == []


def test_a_rule_that_is_off_finds_nothing_and_another_act_follows_where_it_is_set() -> None:
    assert names(comment(alike=9), replace(KNOWN, acts={"chain": "off"})) == []
    assert judge(comment(alike=9), replace(KNOWN, acts={"chain": "flag"})).act == "flag"


@given(
    st.text(max_size=200),
    st.lists(st.sampled_from(["visible", "removed", "held"]), max_size=60),
    st.integers(0, 100),
    st.integers(0, 100),
    st.booleans(),
    st.dictionaries(st.sampled_from([rule.name for rule in RULES]), st.sampled_from(ACTS)),
)
def test_whatever_comes_findings_are_of_known_rules_and_lie_in_the_text(
    text: str, states: list[str], alike: int, here: int, is_trapped: bool, acts: dict[str, Any]
) -> None:
    earlier = [Earlier(NOON, state, 0) for state in states]
    candidate = comment(text, earlier=earlier, alike=alike, here=here, is_trapped=is_trapped)
    verdict = judge(candidate, replace(KNOWN, acts=acts))
    order = [rule.name for rule in RULES]
    assert [one.rule for one in verdict.findings] == sorted((one.rule for one in verdict.findings), key=order.index)
    for one in verdict.findings:
        assert one.act != "off"
        assert all(0 <= start <= end <= len(text) for start, end in one.spans)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, False),
        ({("site", ""): "before"}, True),
        ({("site", ""): "before", ("section", "3"): "after"}, False),
        ({("section", "3"): "after", ("place", "article:1"): "before"}, True),
        ({("place", "article:1"): "after", ("language", "ar"): "before"}, True),
        ({("language", "ar"): "before", ("reader", "7"): "after"}, False),
        ({("section", "4"): "before", ("reader", "8"): "before"}, False),
    ],
)
def test_the_closest_word_counts(said: dict[Any, Any], expected: bool) -> None:
    here: Any = {"site": "", "section": "3", "place": "article:1", "language": "ar", "reader": "7"}
    assert waits(said, here, otherwise=False) is expected
    if not said:
        assert waits(said, here, otherwise=True)
