"""Real Apertium. Debian's Russian to Ukrainian pipe dies at one word; that must stay where it is."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.translation.engines.apertium import CHUNK, MODES, Apertium, available_pairs
from dragoman.translation.engines.base import Batch, Item, Misconfigured


@pytest.fixture(scope="module")
def apertium() -> Iterator[Apertium]:
    engine = Apertium({})
    yield engine
    engine.close()


def _batch(source: str, target: str, *texts: str) -> Batch:
    return Batch(source, target, tuple(Item(number, text) for number, text in enumerate(texts)))


def _texts(engine: Apertium, batch: Batch) -> list[str | None]:
    results = {result.id: result.text for result in engine.translate(batch, seconds=20)}
    return [results[item.id] for item in batch.items]


def test_it_translates_between_its_pairs(apertium: Apertium) -> None:
    assert _texts(apertium, _batch("es", "ca", "La casa es grande.")) == ["La casa és gran."]


def test_markers_and_marks_come_back_whole(apertium: Apertium) -> None:
    source = "The ⟦+1⟧big house⟦-1⟧ of ⟦2⟧ is here."
    answer = _texts(apertium, _batch("en", "es", source))[0] or ""
    assert "⟦2⟧" in answer
    assert answer.index("⟦+1⟧") < answer.index("⟦-1⟧")


@pytest.mark.parametrize("text", ["a * b # c @ d", "see <here> {or} [there] ^now$ and/or \\ back", "Wow *really #1"])
def test_signs_of_its_own_format_come_back_as_typed(apertium: Apertium, text: str) -> None:
    answer = _texts(apertium, _batch("en", "es", text))[0] or ""
    signs = [sign for sign in text if sign in "\\[]{}^$/<>@*#"]
    assert [sign for sign in answer if sign in "\\[]{}^$/<>@*#"] == signs


def test_a_sentence_without_a_full_stop_does_not_run_into_the_next(apertium: Apertium) -> None:
    alone = _texts(apertium, _batch("en", "es", "On Thursday the house is open."))
    after = _texts(apertium, _batch("en", "es", "The house is open", "On Thursday the house is open."))
    assert after[1] == alone[0]


def test_a_poisoned_batch_is_halved_down_to_its_one_bad_sentence(apertium: Apertium) -> None:
    good = ["Мэр сказал.", "Дом.", "Мэр сказал."]
    clean = _texts(apertium, _batch("ru", "uk", *good))
    assert all(clean)
    poisoned = _texts(apertium, _batch("ru", "uk", good[0], "Я знаю, что он дома.", good[1], good[2]))
    assert poisoned == [clean[0], None, clean[1], clean[2]]


def test_many_requests_in_the_pipe_at_a_time_are_answered_each_by_its_own(apertium: Apertium) -> None:
    texts = [f"The house {number} is big." for number in range(1000, 1000 + 5 * CHUNK)]
    answers = _texts(apertium, _batch("en", "es", *texts))
    assert answers == [f"La casa {number} es grande." for number in range(1000, 1000 + 5 * CHUNK)]


def test_a_bad_sentence_costs_those_that_are_in_the_pipe_with_it_nothing(apertium: Apertium) -> None:
    texts = ["Дом."] * (4 * CHUNK)
    texts[CHUNK + 3] = "Я знаю, что он дома."
    answers = _texts(apertium, _batch("ru", "uk", *texts))
    assert answers.index(None) == CHUNK + 3
    assert len(set(answers)) == 2
    assert answers.count(None) == 1


def test_requests_larger_than_a_pipes_buffer_go_through(apertium: Apertium) -> None:
    long = " ".join(["The house is big and the garden is green."] * 110)
    answers = _texts(apertium, _batch("en", "es", *[long] * (2 * CHUNK)))
    assert set(answers) == {answers[0]}
    assert (answers[0] or "").count("casa") == 110


def test_the_pairs_that_are_known_to_break_are_not_offered(apertium: Apertium) -> None:
    assert ("ru", "uk") in available_pairs()
    assert ("ru", "uk") not in apertium.caps.pairs


def test_an_unknown_pair_is_said_to_be_unsupported(apertium: Apertium) -> None:
    results = apertium.translate(_batch("fi", "ja", "Talo."), seconds=5)
    assert [(result.text, result.error) for result in results] == [(None, "unsupported")]


def test_words_that_it_does_not_know_are_counted(apertium: Apertium) -> None:
    batch = _batch("en", "es", "Xyzzyq plughx frobnitz.", "The house is big.")
    unknown = [result.unknown for result in apertium.translate(batch, seconds=20)]
    assert unknown[0] > 0.25 > unknown[1]


def test_a_pipe_that_answers_nothing_is_given_up_in_time_and_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "eng-spa.mode").write_text("sleep 60 | cat")
    engine = Apertium({"modes": str(tmp_path)})
    results = engine.translate(_batch("en", "es", "Hello.", "World."), seconds=0.3)
    assert {result.error for result in results} <= {"timeout", "poison"}
    engine.close()
    running = subprocess.run(["pgrep", "-f", "sleep -z 60"], capture_output=True, check=False)
    assert running.stdout == b""


def test_a_pipe_that_shifts_its_answers_is_never_believed(tmp_path: Path) -> None:
    # Answers each request with the one before: what a died stage was seen to do.
    script = tmp_path / "shift.py"
    script.write_text(
        "import sys\nlast = b''\nwhile True:\n    request = b''\n    while not request.endswith(b'\\0'):\n"
        "        sign = sys.stdin.buffer.read(1)\n        if not sign: sys.exit()\n        request += sign\n"
        "    sys.stdout.buffer.write(last or b'\\0')\n    sys.stdout.buffer.flush()\n    last = request\n"
    )
    wrapper = tmp_path / "shifting"
    wrapper.write_text(f"#!/bin/sh\nexec {shutil.which('python3')} {script}\n")
    wrapper.chmod(0o755)
    (tmp_path / "eng-spa.mode").write_text(str(wrapper))
    engine = Apertium({"modes": str(tmp_path)})
    results = engine.translate(_batch("en", "es", "One.", "Two.", "Three."), seconds=5)
    engine.close()
    assert [result.text for result in results] == [None, None, None]


def test_without_any_pair_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Apertium({"modes": str(tmp_path)})


def test_regional_modes_get_canonical_tags() -> None:
    assert available_pairs(MODES)[("es", "pt-BR")] == "es-pt_BR"
