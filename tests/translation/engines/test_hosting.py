"""An engine in its own process: answers belong to their questions, and a sick process is replaced."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.translation.engines import registry
from dragoman.translation.engines.base import Batch, Died, Item, Misconfigured
from dragoman.translation.engines.hosting import Hosted

QUESTION = Batch("en", "es", (Item(7, "one two three"), Item(3, "four five six")))


@pytest.fixture
def echo() -> Iterator[Hosted]:
    """A running engine."""
    engine = Hosted("echo", "echo", {"pairs": "en-es"})
    yield engine
    engine.close()


def _gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def test_answers_come_back_by_id(echo: Hosted) -> None:
    assert {result.id: result.text for result in echo.translate(QUESTION, seconds=5)} == {
        7: "two one three",
        3: "five four six",
    }
    assert echo.caps.pairs == (("en", "es"),)


def test_a_process_that_was_killed_is_said_to_be_dead_and_started_anew(echo: Hosted) -> None:
    assert echo._process is not None
    os.kill(echo._process.pid, signal.SIGKILL)
    echo._process.wait()
    assert len(echo.translate(QUESTION, seconds=5)) == 2


def test_a_closed_engine_leaves_no_process(echo: Hosted) -> None:
    assert echo._process is not None
    pid = echo._process.pid
    echo.close()
    assert _gone(pid)


def test_an_engine_ends_when_its_worker_is_killed() -> None:
    """A worker that is killed outright can end nobody: its end of the pipe closes, and that is enough."""
    script = (
        "import os; from dragoman.translation.engines.hosting import Hosted;"
        "engine = Hosted('echo', 'echo', {'pairs': 'en-es'});"
        "print(engine._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    worker = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=False)
    deadline = time.monotonic() + 30
    while not _gone(int(worker.stdout)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_kind_that_is_unknown_or_badly_described_is_refused_in_words() -> None:
    with pytest.raises(Misconfigured, match="there is no engine of the kind"):
        registry.build("oracle", "oracle", {})
    with pytest.raises(Misconfigured, match="written such as en-es"):
        Hosted("echo", "echo", {"pairs": "nonsense"})
    with pytest.raises(Misconfigured, match="needs the option"):
        registry.check_options("ctranslate2", {})
    with pytest.raises(Misconfigured, match="has no option"):
        registry.check_options("echo", {"pairs": "en-es", "colour": "green"})


SICK = {
    "hangs": ("import time; time.sleep(60)", "did not answer in time"),
    "ends": ("import sys; sys.exit(3)", "ended while it was asked.*exit status 3"),
    "babbles": ("print('good morning')", "answers nonsense"),
    "answers another question": ("print(json.dumps({'nonce': 'another', 'results': []}))", "another question"),
}


@pytest.mark.parametrize("how", SICK)
def test_a_sick_process_is_ended_and_its_answer_never_used(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, says = SICK[how]
    hello = "{'version': '1', 'sends_out': False, 'caps': {'pairs': [['en', 'es']], 'styles': ['marked']}}"
    program = tmp_path / "sick.py"
    program.write_text(
        f"import json, sys\nsys.stdin.readline()\nprint(json.dumps({hello}), flush=True)\n"
        f"sys.stdin.readline()\n{code}\nsys.stdout.flush()\nsys.stdin.readline()\n"
    )
    real = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", lambda command, **rest: real([sys.executable, str(program)], **rest))
    engine = Hosted("echo", "echo", {"pairs": "en-es"})
    assert engine._process is not None
    pid = engine._process.pid
    started = time.monotonic()
    with pytest.raises(Died, match=says):
        engine.translate(QUESTION, seconds=0.2)
    assert time.monotonic() - started < 30
    assert _gone(pid)
