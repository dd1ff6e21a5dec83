"""CTranslate2 itself, with a tiny model that answers in the question's words and says “casa” for “house”."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ctranslate2
import pytest

from benchmarks.models import build_ctranslate2
from dragoman.config.home import _WORLD
from dragoman.translation.engines.base import Batch, Died, Item, Misconfigured, Result, Style
from dragoman.translation.engines.ctranslate2 import CTranslate2, _batches, _Sentence
from dragoman.translation.engines.hosting import Hosted
from dragoman.translation.engines.language_tokens import tokens_for
from dragoman.translation.engines.registry import build
from dragoman.translation.rules.marker_styles import read, write

PIECES = ("source.spm", "target.spm")
LONG = "the house is big and they have it with them from the one "


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_ctranslate2(tmp_path_factory.mktemp("models") / "tiny", words={"house": "casa", "big": "grande"})


@pytest.fixture(scope="module")
def engine(folder: Path) -> CTranslate2:
    return CTranslate2({"model": folder, "pairs": "en-es"})


@pytest.fixture
def broken(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "broken")


def _batch(*texts: str, pair: tuple[str, str] = ("en", "es"), style: Style = "marked") -> Batch:
    return Batch(*pair, tuple(Item(number, text) for number, text in enumerate(texts)), style)


def _ask(engine: CTranslate2, *texts: str, seconds: float = 20) -> list[Result]:
    return engine.translate(_batch(*texts), seconds=seconds)


def test_it_translates_with_the_model_in_the_folder(engine: CTranslate2) -> None:
    assert [result.text for result in _ask(engine, "The house is big.")] == ["The casa is grande."]


def test_answers_carry_the_ids_of_their_questions_whatever_the_lengths(engine: CTranslate2) -> None:
    items = tuple(Item(1000 - number, f"{number} " + "the house " * (number % 7)) for number in range(40))
    results = engine.translate(Batch("en", "es", items), seconds=20)
    expected = {item.id: item.text.replace("house", "casa").strip() for item in items}
    assert {result.id: result.text for result in results} == expected


def test_a_sentence_is_translated_alike_alone_and_in_any_company(engine: CTranslate2) -> None:
    texts = [f"{LONG}{number}" * (number % 3 + 1) for number in range(30)]
    together = [(result.text, result.score) for result in _ask(engine, *texts)]
    backwards = [(result.text, result.score) for result in _ask(engine, *reversed(texts))]
    alone = [_ask(engine, text)[0].text for text in texts]
    assert [text for text, _score in together] == alone
    assert [text for text, _score in reversed(backwards)] == alone
    # Padding may move the last digits of a score.
    scores = [score for _text, score in together]
    assert scores == pytest.approx([score for _text, score in reversed(backwards)], abs=1e-3)


def test_a_wider_beam_says_the_same_here(folder: Path) -> None:
    wide = CTranslate2({"model": folder, "pairs": "en-es", "beam": "4", "styles": "letters"})
    assert _ask(wide, "The house is big.", LONG)[0].text == "The casa is grande."


def test_the_score_is_the_mean_of_a_token_and_not_the_sum(engine: CTranslate2) -> None:
    short, long = (result.score for result in _ask(engine, "the house", "the house is big and " * 20))
    assert short is not None
    assert long is not None
    assert -0.2 < long < 0
    assert -0.2 < short < 0


def test_words_that_the_vocabulary_lacks_are_counted_and_never_shown_as_question_marks(engine: CTranslate2) -> None:
    clean, strange = _ask(engine, "the house", "дом и сад")
    assert (clean.unknown, strange.unknown > 0.25) == (0.0, True)
    assert "⁇" not in (strange.text or "")


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_nothing_becomes_nothing(engine: CTranslate2, text: str) -> None:
    assert _ask(engine, text) == [Result(0, "")]


def test_a_text_that_is_no_unicode_is_refused_and_the_others_are_answered(engine: CTranslate2) -> None:
    results = _ask(engine, "half \ud800 a pair", "the house")
    assert [(result.text, result.error) for result in results] == [(None, "unsupported"), ("the casa", "")]


def test_a_sentence_beyond_the_models_positions_is_too_long_and_harms_no_other(engine: CTranslate2) -> None:
    results = _ask(engine, "z x " * 400, "the house", "a" * 100_000)
    assert [result.error for result in results] == ["too-long", "", "too-long"]
    assert results[1].text == "the casa"


def test_a_sentence_of_just_as_many_positions_is_translated_whole(engine: CTranslate2) -> None:
    digits = "1234567890" * 51  # each is a token, with one before them, and one for the end
    results = _ask(engine, digits[:-1], digits + "1")
    assert [result.error for result in results] == ["", "too-long"]
    assert results[0].text == digits[:-1]


def test_an_answer_that_comes_to_no_end_is_none(engine: CTranslate2) -> None:
    assert _ask(engine, "1234567890" * 51)[0].error == "too-long"  # its answer has a place less than it needs


def test_another_pair_is_unsupported(engine: CTranslate2) -> None:
    assert engine.translate(_batch("casa", pair=("es", "en")), seconds=5) == [Result(0, None, "unsupported")]


def test_what_is_not_ready_in_time_is_said_to_be_late_and_the_next_call_does_not_wait(engine: CTranslate2) -> None:
    texts = [LONG * 8 + str(number) for number in range(256)]
    started = time.monotonic()
    results = _ask(engine, *texts, seconds=0.05)
    assert time.monotonic() - started < 2
    assert {result.error for result in results} <= {"", "timeout"}
    assert [result.error for result in results].count("timeout") > 100
    assert all((result.text is None) == (result.error == "timeout") for result in results)
    started = time.monotonic()
    assert _ask(engine, "the house")[0].text == "the casa"
    assert time.monotonic() - started < 2


def test_without_time_everything_is_late(engine: CTranslate2) -> None:
    assert [result.error for result in _ask(engine, "the house", "", seconds=0)] == ["timeout", ""]


def test_the_styles_of_markers_that_survive_are_found_at_the_start(engine: CTranslate2) -> None:
    assert engine.caps.styles == ("letters", "underscores", "digits")
    for style in engine.caps.styles:
        written = write("⟦1⟧ is in the ⟦+2⟧ house ⟦-2⟧ now.", style)
        assert written is not None
        answer = engine.translate(_batch(written.text, style=style), seconds=5)[0].text
        assert read(answer or "", written) == "⟦1⟧ is in the ⟦+2⟧ casa ⟦-2⟧ now."


@pytest.mark.parametrize(
    ("signs", "styles"),
    [
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,", ()),
        ("⟦⟧+-abcdefghijklmnopqrstuvwxyzWIPTLH.,123", ("marked",)),
        ("abcdefghijklmnopqrstuvwxyz.,0123456789", ("digits",)),
    ],
)
def test_a_model_that_cannot_spell_a_style_is_not_offered_it(
    tmp_path: Path, signs: str, styles: tuple[Style, ...]
) -> None:
    model = build_ctranslate2(tmp_path / "model", signs=signs)
    assert CTranslate2({"model": model, "pairs": "en-es"}).caps.styles == styles


def test_batches_are_of_one_length_and_those_of_a_round_end_together() -> None:
    sentences = [_Sentence(place, ["▁a"] * (5 + place % 40), 0.0, repeats=False) for place in range(1000)]
    batches = _batches(sentences, workers=2, examples=128)
    assert sorted(one.place for batch in batches for one in batch) == list(range(1000))
    assert max(len(batch) * len(batch[0].tokens) for batch in batches) <= 3072
    assert all(len(batch) <= 128 for batch in batches)
    assert all(len(batch[0].tokens) - len(batch[-1].tokens) <= 16 for batch in batches)
    for one, other in zip(batches[::2], batches[1::2], strict=True):
        assert 0 <= len(one) - len(other) <= 1
        assert 0 <= sum(len(of.tokens) for of in one) - sum(len(of.tokens) for of in other) <= 45 + 16


def test_a_sentence_that_is_longer_than_a_batch_goes_alone() -> None:
    sentences = [_Sentence(place, ["▁a"] * 4000, 0.0, repeats=False) for place in range(3)]
    assert [len(batch) for batch in _batches(sentences, workers=2, examples=128)] == [1, 1, 1]
    assert _batches([], workers=2, examples=128) == []


def test_told_styles_are_taken_as_told(folder: Path) -> None:
    told = CTranslate2({"model": folder, "pairs": "en-es", "styles": "digits, letters"})
    assert told.caps.styles == ("digits", "letters")
    assert CTranslate2({"model": folder, "pairs": "en-es", "styles": "none"}).caps.styles == ()


FAMILIES: list[tuple[Any, list[str], dict[str, str], list[str], list[str]]] = [
    ("nllb", ["eng_Latn", "spa_Latn", "cat_Latn"], {"languages": "en,es,ca"}, ["eng_Latn"], ["spa_Latn"]),
    ("m2m100", ["__en__", "__es__"], {"languages": "en,es"}, ["__en__"], ["__es__"]),
    ("madlad", ["<2en>", "<2es>"], {"pairs": "en-es"}, ["<2es>"], []),
    ("opus", [">>spa<<", ">>cat<<"], {"pairs": "en-es,en-ca"}, [">>spa<<"], []),
]


@pytest.mark.parametrize(("family", "tokens", "options", "before", "prefix"), FAMILIES)
def test_a_model_of_many_languages_is_told_which_by_its_familys_tokens(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    family: Any,
    tokens: list[str],
    options: dict[str, str],
    before: list[str],
    prefix: list[str],
) -> None:
    model = build_ctranslate2(tmp_path / family, family=family, tokens=tokens, words={"house": "casa"})
    engine = CTranslate2({"model": model, "styles": "none", **options})
    asked: list[Any] = []
    real = engine._translator

    class Listening:
        def translate_batch(self, source: Any, **told: Any) -> Any:
            asked.append((source, told["target_prefix"]))
            return real.translate_batch(source, **told)

    monkeypatch.setattr(engine, "_translator", Listening())
    assert engine.translate(_batch("the house"), seconds=5)[0].text == "the casa"
    end = [] if family == "opus" else ["</s>"]
    assert asked == [([[*before, "▁the", "▁house", *end]], [prefix] if prefix else None)]


def test_every_language_that_a_publication_knows_has_its_code_in_nllb() -> None:
    # A part of the list on the model's card.
    real = set(
        "eng_Latn spa_Latn fra_Latn deu_Latn ita_Latn por_Latn cat_Latn glg_Latn ron_Latn nld_Latn pol_Latn ces_Latn "
        "swe_Latn tur_Latn ell_Grek rus_Cyrl ukr_Cyrl bul_Cyrl arb_Arab heb_Hebr pes_Arab hin_Deva zho_Hans zho_Hant "
        "jpn_Jpan kor_Hang eus_Latn nob_Latn zsm_Latn lvs_Latn ind_Latn vie_Latn tha_Thai ben_Beng urd_Arab".split()
    )
    for tag in [*_WORLD, "eu", "zh", "zh-Hant", "zh-TW", "pt-BR", "nb", "ms", "lv"]:
        assert tokens_for("nllb", (tag, tag), {}, real).target
    assert tokens_for("nllb", ("zh-TW", "zh"), {}, real).before == ("zho_Hant",)
    assert tokens_for("nllb", ("zh-TW", "zh"), {}, real).target == ("zho_Hans",)


@pytest.mark.parametrize(
    ("family", "tag", "codes", "vocabulary", "found"),
    [
        ("m2m100", "he", {}, ["__he__"], "__he__"),
        ("madlad", "he", {}, ["<2iw>"], "<2iw>"),
        ("madlad", "zh-Hant", {}, ["<2zh>", "<2zh_Hant>"], "<2zh_Hant>"),
        ("opus", "pt-BR", {}, [">>por<<", ">>pob<<"], ">>por<<"),
        ("opus", "pt-BR", {"pt-BR": "pob"}, [">>por<<", ">>pob<<"], ">>pob<<"),
        ("opus", "pt-BR", {"pt-BR": ">>pob<<"}, [">>por<<", ">>pob<<"], ">>pob<<"),
        ("opus", "zh-Hans", {}, [">>cmn_Hans<<", ">>zho<<"], ">>cmn_Hans<<"),
        ("opus", "es", {}, [">>es<<"], ">>es<<"),
    ],
)
def test_a_language_is_found_under_the_names_that_models_give_it(
    family: Any, tag: str, codes: dict[str, str], vocabulary: list[str], found: str
) -> None:
    assert tokens_for(family, ("en", tag), codes, ["__en__", *vocabulary]) in (
        tokens_for(family, ("en", tag), {tag: found}, ["__en__", found]),
    )


def test_a_language_that_needs_no_token_is_said_to_have_none() -> None:
    assert tokens_for("opus", ("en", "es"), {"es": ""}, [">>cat<<"]).before == ()


SPOILED: list[tuple[Callable[[Path], Any], str]] = [
    (shutil.rmtree, "there is no folder"),
    (lambda path: (path / "model.bin").unlink(), "it has no model.bin"),
    (lambda path: os.truncate(path / "model.bin", 1000), "cannot be loaded"),
    (lambda path: os.truncate(path / "model.bin", 0), "cannot be loaded"),
    (lambda path: (path / "model.bin").write_bytes(b"<html>Sign in</html>" * 50), "cannot be loaded"),
    (lambda path: (path / "source.spm").unlink(), "has no source.spm"),
    (lambda path: (path / "target.spm").unlink(), "has no target.spm"),
    (lambda path: [(path / name).rename(path / f"{name}.old") for name in PIECES], "no model of SentencePiece"),
    (lambda path: (path / "target.spm").write_bytes(b"version https"), "is no model of SentencePiece"),
    (lambda path: (path / "config.json").unlink(), "config.json cannot be read"),
    (lambda path: (path / "config.json").write_text("{"), "config.json is no JSON"),
    (lambda path: (path / "config.json").write_text("[]"), "is no configuration"),
    (lambda path: (path / "shared_vocabulary.json").unlink(), "is no model for translation"),
    (lambda path: (path / "shared_vocabulary.json").write_text("{}"), "is no vocabulary"),
]


@pytest.mark.parametrize(("spoil", "says"), SPOILED, ids=[str(number) for number in range(len(SPOILED))])
def test_a_folder_that_is_no_whole_model_is_told_in_one_sentence(
    broken: Path, spoil: Callable[[Path], Any], says: str
) -> None:
    spoil(broken)
    with pytest.raises(Misconfigured, match=says) as caught:
        CTranslate2({"model": broken, "pairs": "en-es"})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "say it, such as pairs en-es"),
        ({"languages": "en,es"}, "say it, such as pairs en-es"),
        ({"pairs": "en-es,es-en"}, "the same target"),
        ({"pairs": "english"}, "pairs are written"),
        ({"pairs": "en-es", "beam": "wide"}, "beam is a number"),
        ({"pairs": "en-es", "beam": "0"}, "beam is a number"),
        ({"pairs": "en-es", "device": "tpu"}, "device is cpu, cuda or auto"),
        ({"pairs": "en-es", "styles": "html"}, "no style “html”"),
        ({"pairs": "en-es", "codes": "eng_Latn"}, "codes are written"),
    ],
)
def test_options_that_do_not_fit_are_told(folder: Path, options: dict[str, str], says: str) -> None:
    with pytest.raises(Misconfigured, match=says):
        CTranslate2({"model": folder, **options})


def test_a_language_that_the_model_lacks_is_told(tmp_path: Path) -> None:
    model = build_ctranslate2(tmp_path / "nllb", family="nllb", tokens=["eng_Latn", "spa_Latn"])
    with pytest.raises(Misconfigured, match="has no “fra_Latn” for “fr”"):
        CTranslate2({"model": model, "languages": "en,fr"})
    with pytest.raises(Misconfigured, match="say which"):
        CTranslate2({"model": model})


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="this machine has CUDA")
def test_cuda_where_there_is_none_is_told(folder: Path) -> None:
    with pytest.raises(Misconfigured, match="finds no CUDA device"):
        CTranslate2({"model": folder, "pairs": "en-es", "device": "cuda"})


@pytest.mark.skipif(ctranslate2.get_cuda_device_count() > 0, reason="this machine has CUDA")
def test_a_cuda_that_does_not_work_is_told_and_not_passed_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctranslate2, "get_cuda_device_count", lambda: 1)
    with pytest.raises(Misconfigured, match="cannot be loaded: CUDA failed"):
        CTranslate2({"model": folder, "pairs": "en-es"})


def test_another_model_under_the_same_name_is_another_version(folder: Path, broken: Path) -> None:
    first, same = CTranslate2({"model": folder, "pairs": "en-es"}), CTranslate2({"model": folder, "pairs": "en-ca"})
    assert first.version.startswith("tiny-")
    assert first.version == same.version
    config = json.loads((broken / "config.json").read_text())
    (broken / "config.json").write_text(json.dumps({**config, "layer_norm_epsilon": 1e-6}))
    other = CTranslate2({"model": broken.rename(broken.parent / "tiny"), "pairs": "en-es"})
    assert other.version.startswith("tiny-")
    assert other.version != first.version


def test_a_model_that_fails_names_no_text(folder: Path) -> None:
    engine = CTranslate2({"model": folder, "pairs": "en-es", "styles": "none"})
    engine.close()
    with pytest.raises(Died, match="the model failed") as caught:
        _ask(engine, "the secret house")
    assert "secret" not in str(caught.value)


def test_its_process_dies_over_a_question_and_the_next_question_is_answered(folder: Path) -> None:
    engine = build("ctranslate2", "mine", {"model": str(folder), "pairs": "en-es", "styles": "letters"})
    assert isinstance(engine, Hosted)
    assert engine.caps.styles == ("letters",)
    assert engine._process is not None
    process = engine._process.pid
    os.kill(process, signal.SIGSTOP)  # it cannot answer before it dies
    killer = threading.Timer(0.2, os.kill, (process, signal.SIGKILL))
    killer.start()
    try:
        with pytest.raises(Died):
            engine.translate(_batch("the house"), seconds=20)
        assert engine.translate(_batch("the house"), seconds=20)[0].text == "the casa"
    finally:
        killer.join()
        engine.close()
