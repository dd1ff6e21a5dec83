"""Answers in bounded memory."""

from hypothesis import given
from hypothesis import strategies as st

from dragoman.delivery.store import Answer, Store


def _answer(size: int, *keys: str) -> Answer:
    return Answer(200, (), b"x" * size, frozenset(keys))


def test_what_shows_a_key_goes_with_it() -> None:
    store = Store(1_000_000)
    store.put("/a", _answer(10, "comment:1", "reader:7"))
    store.put("/b", _answer(10, "comment:2", "reader:7"))
    assert store.purge({"comment:1"}) == 1
    assert store.get("/a") is None
    assert store.get("/b") is not None
    assert store.purge({"reader:7"}) == 1
    assert store.bytes == 0


def test_the_one_that_was_wanted_longest_ago_gives_way() -> None:
    store = Store(20_000)
    for name in "abcdefgh":
        store.put(name, _answer(1_700, "k"))
    store.get("a")
    store.put("i", _answer(1_700, "k"))
    assert store.get("a") is not None
    assert store.get("b") is None


def test_one_that_would_push_everything_else_out_is_not_kept() -> None:
    store = Store(8_000)
    store.put("/small", _answer(10, "k"))
    store.put("/huge", _answer(5_000, "k"))
    assert store.get("/huge") is None
    assert store.get("/small") is not None


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("put"), st.integers(0, 9), st.integers(0, 3_000)),
            st.tuples(st.just("purge"), st.integers(0, 4), st.just(0)),
        ),
        max_size=60,
    )
)
def test_the_memory_is_never_more_than_allowed_and_a_purged_key_is_never_shown(
    acts: list[tuple[str, int, int]],
) -> None:
    store = Store(20_000)
    shown: dict[str, str] = {}
    for act, number, size in acts:
        if act == "put":
            key = f"comment:{number % 5}"
            store.put(f"/{number}", _answer(size, key))
            shown[f"/{number}"] = key
        else:
            store.purge({f"comment:{number}"})
            assert all(store.get(address) is None for address, key in shown.items() if key == f"comment:{number}")
        assert store.bytes <= 20_000
