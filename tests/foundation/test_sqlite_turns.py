"""Writers of an SQLite file stand in line, threads and processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction

from dragoman.foundation.sqlite.turns import Busy, Turns, one_at_a_time, turns_at

_HOLDER = """
import sys
from dragoman.foundation.sqlite.turns import Turns
turns = Turns(sys.argv[1])
turns.take(5)
print("mine", flush=True)
sys.stdin.readline()
turns.end()
"""


@pytest.fixture
def turns(tmp_path: Path) -> Iterator[Turns]:
    made = Turns(str(tmp_path / "turn"))
    yield made
    made.close()


def test_one_thread_at_a_time(turns: Turns) -> None:
    within, most = [0], [0]

    def write() -> None:
        for _turn in range(50):
            turns.take(10)
            within[0] += 1
            most[0] = max(most[0], within[0])
            within[0] -= 1
            turns.end()

    threads = [threading.Thread(target=write) for _thread in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has many writers")
def test_a_post_is_made_ready_by_one_thread_at_a_time_but_not_within_a_transaction() -> None:
    lane = turns_at(str(connection.settings_dict["NAME"])).lane
    with one_at_a_time():
        assert lane.locked()
    with transaction.atomic(), one_at_a_time():  # others may be waiting for its end
        assert not lane.locked()
    assert not lane.locked()


def test_whoever_waits_too_long_is_told(turns: Turns) -> None:
    turns.take(1)
    told: list[type] = []

    def wait() -> None:
        try:
            turns.take(0.05)
        except Busy as error:
            told.append(type(error))

    other = threading.Thread(target=wait)
    other.start()
    other.join()
    assert told == [Busy]
    turns.end()
    turns.take(1)
    turns.end()


def test_another_process_has_its_turn_too_and_gives_it_back_when_it_dies(tmp_path: Path) -> None:
    path = str(tmp_path / "turn")
    command = [sys.executable, "-c", _HOLDER, path]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"mine\n"
    ours = Turns(path)
    with pytest.raises(Busy):
        ours.take(0.05)
    holder.kill()
    holder.wait()
    ours.take(10)
    ours.end()
    ours.close()
    for pipe in (holder.stdin, holder.stdout):
        if pipe is not None:
            pipe.close()


def test_a_fork_stands_in_line_for_itself(tmp_path: Path) -> None:
    path = str(tmp_path / "database")
    mine = turns_at(path)
    mine.take(1)
    child = os.fork()
    if child == 0:
        try:
            turns_at(path).take(0.05)
        except Busy:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    mine.end()
    assert turns_at(path) is mine
