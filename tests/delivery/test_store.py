"""Answers in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.delivery.keys import HARD, SLOW, SOFT, Touched
from dragoman.delivery.store import Answer, Kept, Store


def _kept(size: int, *keys: str, edition: str = "en", exact: bool = False) -> Kept:
    return Kept(
        answers={"": Answer(200, [], b"x" * size)},
        unchanged=Answer(304, [], b""),
        etag="",
        keys=frozenset(keys),
        edition=edition,
        renew_at=100.0,
        due=200.0,
        exact=exact,
    )


def _touched(*keys: str, grace: float = HARD, edition: str | None = None) -> Touched:
    return Touched(frozenset(keys), grace, edition)


def test_what_shows_a_key_goes_with_it() -> None:
    store = Store(1_000_000)
    store.put("/a", _kept(10, "comment:1", "reader:7"))
    store.put("/b", _kept(10, "comment:2", "reader:7"))
    store.touch(_touched("comment:1"), 0)
    assert store.get("/a") is None
    assert store.get("/b") is not None
    store.touch(_touched("reader:7"), 0)
    assert store.bytes == len(store) == 0


def test_what_is_new_lets_a_page_age_and_the_nearest_end_counts() -> None:
    store = Store(1_000_000)
    store.put("/a", _kept(10, "thread:1", "reader:7"))
    store.touch(_touched("reader:7", grace=SLOW), 10)
    store.touch(_touched("thread:1", grace=SOFT), 11)
    store.touch(_touched("reader:7", grace=SLOW), 11)
    kept = store.get("/a")
    assert kept is not None
    assert (kept.renew_at, kept.due) == (11 + SOFT / 2, 11 + SOFT)


def test_what_is_said_of_one_edition_leaves_the_others_alone() -> None:
    store = Store(1_000_000)
    for edition in ("en", "es"):
        store.put(f"/{edition}", _kept(10, "comment:1", edition=edition))
    store.touch(_touched("comment:1", edition="es"), 0)
    assert store.get("/en") is not None
    assert store.get("/es") is None


def test_a_fragment_is_never_shown_out_of_date_but_for_presence() -> None:
    store = Store(1_000_000)
    store.put("/a", _kept(10, "comment:1", "reader:7", exact=True))
    store.touch(_touched("reader:7", grace=SLOW), 0)
    assert store.get("/a") is not None
    store.touch(_touched("comment:1", grace=SOFT), 0)
    assert store.get("/a") is None


def test_the_one_that_was_wanted_longest_ago_gives_way() -> None:
    size = 1_700
    store = Store(8 * _kept(size, "k").size)
    for name in "abcdefgh":
        store.put(name, _kept(size, "k"))
    store.get("a")
    store.put("i", _kept(size, "k"))
    assert store.get("a") is not None
    assert store.get("b") is None
    assert store.counts.pushed_out == 1


def test_what_is_asked_for_once_pushes_out_nothing_that_was_asked_for_again() -> None:
    size = 1_700
    store = Store(40 * _kept(size, "k").size)
    wanted = [f"/wanted/{number}" for number in range(25)]
    for name in wanted:
        store.put(name, _kept(size, "k"))
        store.get(name)
        store.put(name, _kept(size, "k"))  # made anew: it stays one that was wanted
    for number in range(500):
        store.put(f"/?quoting=p{number}", _kept(size, "k"))
    assert [name for name in wanted if store.get(name) is None] == []
    assert len(store) == 40


def test_what_was_asked_for_again_long_ago_gives_way_to_what_is_now() -> None:
    size = 1_700
    store = Store(40 * _kept(size, "k").size)
    for number in range(100):
        store.put(f"/{number}", _kept(size, "k"))
        store.get(f"/{number}")
    assert store.get("/10") is None
    assert store.get("/99") is not None
    store.clear()
    assert (store.bytes, len(store), store._once_bytes) == (0, 0, 0)


def test_one_that_would_push_everything_else_out_is_not_kept() -> None:
    store = Store(20_000)
    store.put("/small", _kept(10, "k"))
    assert not store.put("/huge", _kept(5_000, "k"))
    assert store.get("/huge") is None
    assert store.get("/small") is not None


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.integers(0, 9), st.integers(0, 3_000)),
            st.tuples(st.just("get"), st.integers(0, 9), st.just(0)),
            st.tuples(st.just("purge"), st.integers(0, 4), st.just(0)),
        ),
        max_size=60,
    )
)
def test_the_memory_is_never_more_than_allowed_and_a_purged_key_is_never_shown(
    acts: list[tuple[str, int, int]],
) -> None:
    store = Store(40_000)
    shown: dict[str, str] = {}
    for act, number, size in acts:
        if act == "put":
            key = f"comment:{number % 5}"
            store.put(f"/{number}", _kept(size, key))
            shown[f"/{number}"] = key
        elif act == "get":
            store.get(f"/{number}")
        else:
            store.touch(_touched(f"comment:{number}"), 0)
            assert all(store.get(address) is None for address, key in shown.items() if key == f"comment:{number}")
        assert store.bytes <= 40_000
