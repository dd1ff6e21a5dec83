"""What was made counts while it would be made the same again."""

from functools import partial
from threading import Barrier, Thread

from dragoman.foundation.remembered import Remembered


class Counting:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"made {self.times}"


def test_it_is_made_once_while_its_parts_are_the_same() -> None:
    memory: Remembered[str, list[int], str] = Remembered(10)
    make = Counting()
    assert memory.get("here", [1, 2], make) == memory.get("here", [1, 2], make) == "made 1"
    assert memory.get("here", [1, 3], make) == "made 2"
    assert memory.get("there", [1, 3], make) == "made 3"
    assert memory.get("here", [1, 2], make) == "made 4"  # the last alone is kept


def test_the_place_that_was_wanted_longest_ago_is_forgotten() -> None:
    memory: Remembered[str, int, str] = Remembered(2)
    make = Counting()
    for place in ("a", "b", "a", "c", "a"):
        memory.get(place, 1, make)
    assert make.times == 3


def test_threads_that_push_each_other_out_get_what_is_theirs() -> None:
    memory: Remembered[int, int, int] = Remembered(3)
    together, wrong = Barrier(4), []

    def ask(seed: int) -> None:
        together.wait()
        for turn in range(2000):
            place = (seed * 7 + turn) % 5
            mine = place * 10 + turn % 3
            if memory.get(place, turn % 3, partial(int, mine)) != mine:
                wrong.append((place, turn))

    threads = [Thread(target=ask, args=(seed,)) for seed in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert not wrong
