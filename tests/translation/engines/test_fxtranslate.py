"""The real fxtranslate, with little models in Firefox's own format that answer in the question's words."""

import gzip
import logging
import os
import shutil
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.models import build_firefox
from dragoman.translation.engines.base import Batch, Item, Misconfigured, Result, Style
from dragoman.translation.engines.fxtranslate import FxTranslate, pair_of
from dragoman.translation.engines.registry import build
from dragoman.translation.rules.marker_styles import read, write

MODEL, VOCABULARY, SHORTLIST = "model.enes.intgemm.alphas.bin", "vocab.enes.spm", "lex.50.50.enes.s2t.bin"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    models = tmp_path_factory.mktemp("firefox")
    build_firefox(models / "en-es")
    build_firefox(models / "es-en", pair="esen")
    return models


@pytest.fixture(scope="module")
def engine(folder: Path) -> FxTranslate:
    return FxTranslate({"models": folder})


@pytest.fixture
def broken(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "firefox")


def _batch(*texts: str, pair: tuple[str, str] = ("en", "es"), style: Style = "marked") -> Batch:
    return Batch(*pair, tuple(Item(100 - number, text) for number, text in enumerate(texts)), style)


def _ask(engine: FxTranslate, *texts: str, seconds: float = 20) -> list[Result]:
    return engine.translate(_batch(*texts), seconds=seconds)


def test_it_translates_with_the_models_in_the_folder(engine: FxTranslate) -> None:
    assert engine.caps.pairs == (("en", "es"), ("es", "en"))
    results = _ask(engine, "The house is big.", "The library opens at eight.")
    assert results == [Result(100, "The house is big."), Result(99, "The library opens at eight.")]
    assert [result.score for result in results] == [None, None]  # it has none


def test_another_pair_is_unsupported(engine: FxTranslate) -> None:
    assert engine.translate(_batch("maison", pair=("fr", "es")), seconds=5) == [Result(100, None, "unsupported")]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_becomes_nothing(engine: FxTranslate, text: str) -> None:
    assert _ask(engine, text) == [Result(100, "")]


def test_a_text_that_is_no_unicode_is_refused_and_the_others_are_answered(engine: FxTranslate) -> None:
    results = _ask(engine, "half \ud800 a pair", "The house")
    assert [(result.text, result.error) for result in results] == [(None, "unsupported"), ("The house", "")]


def test_words_that_the_vocabulary_lacks_are_counted(engine: FxTranslate) -> None:
    clean, strange = _ask(engine, "The house", "дом и сад")
    assert (clean.unknown, strange.unknown > 0.25) == (0.0, True)


def test_several_sentences_in_one_are_translated_one_by_one_only_where_they_must(engine: FxTranslate) -> None:
    short, long = "Dr. Who is in the house.", "The house is big. " * 30
    results = _ask(engine, short, long)
    assert [result.text for result in results] == [short, long.strip()]


def test_a_sentence_beyond_the_models_window_is_too_long_and_harms_no_other(engine: FxTranslate) -> None:
    results = _ask(engine, "z x " * 100, "The house", "a" * 100_000)
    assert [result.error for result in results] == ["too-long", "", "too-long"]


def test_without_time_what_is_left_is_late(engine: FxTranslate) -> None:
    assert [result.error for result in _ask(engine, "The house", "is big", seconds=0)] == ["timeout", "timeout"]


def test_the_styles_of_markers_that_survive_are_found_at_the_start(engine: FxTranslate) -> None:
    assert engine.caps.styles == ("letters", "underscores", "digits")
    for style in engine.caps.styles:
        written = write("⟦1⟧ is in the ⟦+2⟧ house ⟦-2⟧ now.", style)
        assert written is not None
        answer = engine.translate(_batch(written.text, style=style), seconds=5)[0].text
        assert read(answer or "", written) == "⟦1⟧ is in the ⟦+2⟧ house ⟦-2⟧ now."


def test_told_styles_are_taken_as_told(folder: Path) -> None:
    assert FxTranslate({"models": folder, "styles": "digits"}).caps.styles == ("digits",)
    with pytest.raises(Misconfigured, match="no style “xml”"):
        FxTranslate({"models": folder, "styles": "xml"})


def test_packed_files_are_read_as_they_are(broken: Path) -> None:
    shutil.rmtree(broken / "es-en")
    for path in (broken / "en-es").iterdir():
        path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes()))
        path.unlink()
    assert _ask(FxTranslate({"models": broken}), "The house is big.")[0].text == "The house is big."


def test_two_vocabularies_serve_a_pair_whose_scripts_differ(broken: Path) -> None:
    path = broken / "en-es" / VOCABULARY
    shutil.copy(path, path.with_name("trgvocab.enes.spm"))
    path.rename(path.with_name("srcvocab.enes.spm"))
    (broken / "en-es").rename(broken / "en-zh-Hans")
    engine = FxTranslate({"models": broken})
    assert engine.caps.pairs[0] == ("en", "zh-Hans")
    assert engine.translate(_batch("The house", pair=("en", "zh-Hans")), seconds=5)[0].text == "The house"


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("en-es", ("en", "es")),
        ("zh-Hans-en", ("zh-Hans", "en")),
        ("en-zh-Hant", ("en", "zh-Hant")),
        ("enes", None),
        ("lost+found", None),
        (".en-es", None),
    ],
)
def test_the_folders_name_is_the_pair(name: str, pair: tuple[str, str] | None) -> None:
    assert pair_of(name) == pair


SPOILED: list[tuple[Callable[[Path], Any], str]] = [
    (lambda path: (path / MODEL).unlink(), "no model"),
    (lambda path: (path / VOCABULARY).unlink(), "no vocab"),
    (lambda path: os.truncate(path / MODEL, 0), "is no model of Marian"),
    (lambda path: os.truncate(path / MODEL, 300_000), "is no model of Marian"),
    (lambda path: (path / MODEL).write_bytes(b"<html>Sign in</html>" * 5000), "is no model of Marian"),
    (lambda path: (path / MODEL).write_bytes(struct.pack("<QQ", 1, 2**60) * 50), "is no model of Marian"),
    (lambda path: (path / MODEL).write_bytes(struct.pack("<QQQ", 1, 0, 0)), "cannot be loaded"),
    (lambda path: _rename_weight(path / MODEL, b"encoder_l1_ffn_W1\0"), "cannot be loaded"),
    (lambda path: (path / VOCABULARY).write_bytes(b"garbage" * 100), "is no model of SentencePiece"),
    (lambda path: (path / SHORTLIST).write_bytes(b"garbage" * 100), "is no binary shortlist"),
    (lambda path: os.truncate(path / SHORTLIST, 1000), "is no binary shortlist"),
    (lambda path: (path / SHORTLIST).rename(path / "lex.gz.bin.gz"), "cannot be read"),
]


def _rename_weight(path: Path, name: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(name, name[::-1][1:] + b"\0"))


@pytest.mark.parametrize(("spoil", "says"), SPOILED, ids=[str(number) for number in range(len(SPOILED))])
def test_a_pair_that_is_broken_is_left_out_and_told(
    broken: Path, spoil: Callable[[Path], Any], says: str, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(broken / "en-es")
    with caplog.at_level(logging.WARNING):
        engine = FxTranslate({"models": broken}, "firefox")
    assert engine.caps.pairs == (("es", "en"),)
    assert [record.getMessage().startswith("firefox: the pair en-es is left out: ") for record in caplog.records] == [
        True
    ]
    assert says in caplog.text
    shutil.rmtree(broken / "es-en")
    with pytest.raises(Misconfigured, match=says):
        FxTranslate({"models": broken})


def test_a_folder_without_pairs_is_told(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no folder of a pair, such as en-es"):
        FxTranslate({"models": tmp_path})
    with pytest.raises(Misconfigured, match="there is no folder"):
        FxTranslate({"models": tmp_path / "missing"})


def test_another_file_is_another_version(folder: Path, broken: Path) -> None:
    first, same = FxTranslate({"models": folder, "styles": "none"}), FxTranslate({"models": broken, "styles": "none"})
    assert first.version == same.version
    (broken / "es-en" / "lex.50.50.esen.s2t.bin").unlink()
    assert FxTranslate({"models": broken, "styles": "none"}).version != first.version


def test_more_pairs_than_fit_are_loaded_anew_when_they_are_asked(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = ["es", "fr", "de", "it", "pt", "ca", "gl", "nl"]
    for tag in tags:
        (tmp_path / f"en-{tag}").symlink_to(folder / "en-es")
    engine = FxTranslate({"models": tmp_path, "styles": "none"})
    assert len(engine._loaded) == 6
    for tag in [*tags, *reversed(tags)]:
        assert engine.translate(_batch("The house", pair=("en", tag)), seconds=5)[0].text == "The house"
    assert len(engine._loaded) == 6


def test_what_ends_a_thread_inside_the_library_spoils_one_text_alone(folder: Path) -> None:
    """A stand-in for the library's object: no text is known that does it to the real one."""

    class PanicException(BaseException):
        pass

    class Panicking:
        def translate(self, text: str) -> str:
            if "poison" in text:
                raise PanicException("index out of bounds")
            return text

    engine = FxTranslate({"models": folder, "styles": "none"})
    engine._load(("en", "es")).translator = Panicking()
    results = _ask(engine, "The house", "the poison", "is big")
    assert [(result.text, result.error) for result in results] == [
        ("The house", ""),
        (None, "poison"),
        ("is big", ""),
    ]


def test_it_works_in_a_process_of_its_own_and_from_any_thread_of_ours(folder: Path) -> None:
    engine = build("fxtranslate", "firefox", {"models": str(folder)})
    answers: list[str | None] = []

    def ask() -> None:
        answers.append(engine.translate(_batch("The house is big."), seconds=20)[0].text)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    ask()
    engine.close()
    assert answers == ["The house is big."] * 2
