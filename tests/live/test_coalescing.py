"""What is told together."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.live.coalescing import coalesced
from dragoman.live.events import Announcement, Heard

_EVENTS = st.lists(
    st.tuples(st.sampled_from(["comment", "vote", "changed", "translation"]), st.integers(1, 3), st.sampled_from("ab")),
    max_size=30,
)


def _heard(rows: list[tuple[str, int, str]]) -> list[Heard]:
    return [
        Heard(number, Announcement("thread:1", kind, {"of": "comment", "id": subject, "language": language}))
        for number, (kind, subject, language) in enumerate(rows, 1)
    ]


def test_only_the_last_of_several_votes_on_a_comment_is_told() -> None:
    told = coalesced(_heard([("vote", 1, "a"), ("vote", 2, "a"), ("vote", 1, "a")]))
    assert [one.id for one in told] == [2, 3]


def test_every_new_comment_is_told() -> None:
    assert len(coalesced(_heard([("comment", 1, "a"), ("comment", 2, "a")]))) == 2


def test_translations_into_different_languages_are_told_apart() -> None:
    assert len(coalesced(_heard([("translation", 1, "a"), ("translation", 1, "b")]))) == 2


@given(_EVENTS)
def test_what_is_told_is_in_order_and_ends_with_what_happened_last(rows: list[tuple[str, int, str]]) -> None:
    events = _heard(rows)
    told = [one.id for one in coalesced(events)]
    assert told == sorted(told)
    assert told[-1:] == [one.id for one in events[-1:]]
    said = {(one.announcement.kind, one.announcement.data["id"]) for one in events}
    assert {(one.announcement.kind, one.announcement.data["id"]) for one in coalesced(events)} == said
