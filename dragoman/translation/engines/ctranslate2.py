"""Neural models that were converted for CTranslate2: OPUS-MT, NLLB, M2M100, MADLAD and their like.

Sentences of about one length go together, a batch to each worker at a time, so
that nothing waits inside the library when the time is over. What it works on
then can be stopped between two words as long as the beam is one wide; a wider
beam cannot, and the next call waits for it.
"""

import os
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import ctranslate2

from dragoman.translation.engines.base import Batch, Caps, Died, Item, Misconfigured, Pair, Result
from dragoman.translation.engines.language_tokens import (
    LanguageTokens,
    codes_of,
    family_of,
    language_tokens_in,
    tokens_for,
)
from dragoman.translation.engines.models import ModelFolder, read_folder
from dragoman.translation.engines.options import all_pairs, languages_of, pairs_of
from dragoman.translation.engines.probing import pair_to_probe, styles_of, surviving

_TOKENS = 3072  # of one batch, padding counted: beyond it, memory grows and speed does not
_EXAMPLES = 128  # of one batch, at most
_LOGITS = 16_500_000  # numbers of a batch's step, four bytes each: 64 examples of 256,000 words
_NO_HURRY = 5  # such a part of the time that is left, a batch may take unwatched
_WORKERS = 2  # two of one thread are faster than one of two where lengths differ
_REPEATS = 6  # words that may not stand in an answer twice in the same order: “olive olive olive”
_PROBE = 20.0  # seconds at the start; a model that needs longer is too slow to be asked at all
_TURN = 0.005  # seconds between two looks at what is ready


@dataclass(slots=True)
class _Sentence:
    place: int
    tokens: list[str]
    unknown: float
    repeats: bool


@dataclass(slots=True, eq=False)
class _Running:
    sentences: list[_Sentence]
    bound: int
    since: float
    answers: list[Any] = field(default_factory=list)
    stopped: bool = False


class CTranslate2:
    """The engine ``ctranslate2``."""

    sends_out = False

    def __init__(self, options: Mapping[str, Any], name: str = "ctranslate2") -> None:
        self.name = name
        self._beam = _beam(options.get("beam"))
        told = styles_of(options.get("styles"))
        self._folder = read_folder(Path(str(options.get("model", ""))))
        self.version = self._folder.version
        family = family_of(self._folder.vocabulary)
        self._silent = language_tokens_in(family, self._folder.vocabulary) | {self._folder.end, "<s>", "<pad>"}
        codes = codes_of(options.get("codes"))
        pairs = _pairs(options, is_plain=family == "plain")
        self._tokens = {pair: tokens_for(family, pair, codes, self._folder.vocabulary) for pair in pairs}
        self._examples = max(1, min(_EXAMPLES, _LOGITS // len(self._folder.vocabulary)))
        self._slowest = 0.0  # seconds of a batch so far; 0 before the first
        self._workers = min(_WORKERS, len(os.sched_getaffinity(0)))
        self._translator = _load(self._folder, str(options.get("device") or "auto"), self._workers)
        self.caps = Caps(
            tuple(self._tokens),
            styles=told or (),
            max_items=1024,
            max_characters=120_000,
            max_text=self._folder.positions * 4,
            seconds=60.0,
        )
        if told is None:
            self.caps = replace(self.caps, styles=surviving(self._probe, pair_to_probe(self.caps.pairs)[0]))

    def _probe(self, texts: list[str]) -> list[str | None]:
        source, target = pair_to_probe(self.caps.pairs)
        batch = Batch(source, target, tuple(Item(number, text) for number, text in enumerate(texts)))
        return [result.text for result in self.translate(batch, seconds=_PROBE)]

    def translate(self, batch: Batch, *, seconds: float) -> list[Result]:
        """Answer what is ready in time; the rest is said to be “timeout”."""
        deadline = time.monotonic() + seconds
        tokens = self._tokens.get((batch.source, batch.target))
        if tokens is None:
            return [Result(item.id, None, "unsupported") for item in batch.items]
        results = [Result(item.id, None, "timeout") for item in batch.items]
        waiting: list[_Sentence] = []
        for place, item in enumerate(batch.items):
            read = self._read(place, item, tokens)
            if isinstance(read, Result):
                results[place] = read
            else:
                waiting.append(read)
        try:
            ready = self._run(_planned(waiting, self._workers, self._examples), tokens, deadline)
        except (RuntimeError, ValueError) as error:
            raise Died(f"the model failed: {_first_line(error)}") from None
        for sentence, answer, bound in ready:
            results[sentence.place] = self._said(batch.items[sentence.place].id, sentence, answer, bound)
        return results

    def _read(self, place: int, item: Item, tokens: LanguageTokens) -> _Sentence | Result:
        if not item.text.strip():
            return Result(item.id, "")
        if len(item.text) > self.caps.max_text:
            return Result(item.id, None, "too-long")
        try:
            pieces = self._folder.source.encode(item.text, out_type=str)
        except (RuntimeError, UnicodeError):  # half a pair of surrogates
            return Result(item.id, None, "unsupported")
        end = [] if self._folder.adds_end else [self._folder.end]
        whole = [*tokens.before, *pieces, *end]
        if len(whole) + self._folder.adds_end > self._folder.positions:
            return Result(item.id, None, "too-long")
        strange = sum(piece not in self._folder.vocabulary for piece in pieces)
        return _Sentence(place, whole, strange / max(1, len(pieces)), _does_repeat(pieces))

    def _run(
        self, batches: deque[list[_Sentence]], tokens: LanguageTokens, deadline: float
    ) -> list[tuple[_Sentence, Any, int]]:
        ready: list[tuple[_Sentence, Any, int]] = []
        running: list[_Running] = []
        while (batches or running) and time.monotonic() < deadline:
            while batches and len(running) < self._workers:
                running.append(self._begin(batches.popleft(), tokens, deadline))
            for one in [one for one in running if all(answer.done() for answer in one.answers)]:
                running.remove(one)
                self._slowest = max(self._slowest, time.monotonic() - one.since)
                if not one.stopped:
                    ready += [
                        (sentence, answer.result(), one.bound)
                        for sentence, answer in zip(one.sentences, one.answers, strict=True)
                    ]
            time.sleep(_TURN if running else 0)
        return ready

    def _begin(self, sentences: list[_Sentence], tokens: LanguageTokens, deadline: float) -> _Running:
        longest = len(sentences[0].tokens)
        started = time.monotonic()
        running = _Running(sentences, bound=min(3 * longest + 20, self._folder.positions - 1), since=started)
        # Watching costs a twentieth of the speed: only batches that might not be ready in time are watched.
        is_watched = not 0 < self._slowest * _NO_HURRY < deadline - started

        def stop(_step: Any) -> bool:
            running.stopped = running.stopped or time.monotonic() > deadline
            return running.stopped

        running.answers = self._translator.translate_batch(
            [sentence.tokens for sentence in sentences],
            target_prefix=[list(tokens.target)] * len(sentences) if tokens.target else None,
            batch_type="tokens",
            max_batch_size=max(_TOKENS, longest + 1),
            max_input_length=0,  # it would cut sentences in silence; the long ones are out already
            max_decoding_length=running.bound,
            beam_size=self._beam,
            no_repeat_ngram_size=0 if sentences[0].repeats else _REPEATS,
            disable_unk=True,  # readers see no ⁇
            return_scores=True,
            asynchronous=True,
            callback=stop if is_watched and self._beam == 1 else None,
        )
        return running

    def _said(self, known: int, sentence: _Sentence, answer: Any, bound: int) -> Result:
        if len(answer.hypotheses[0]) >= bound:
            return Result(known, None, "too-long")  # it came to no end: half a sentence is none
        said = [token for token in answer.hypotheses[0] if token not in self._silent]
        text = str(self._folder.target.decode(said)).strip()
        strange = said.count("<unk>") / len(said) if said else 0.0
        return Result(known, text, unknown=max(sentence.unknown, strange), score=float(answer.scores[0]))

    def close(self) -> None:
        """Give the memory back."""
        self._translator.unload_model()


def _does_repeat(pieces: list[str]) -> bool:
    """Whether the source itself says so many words twice: then the answer may."""
    runs = [tuple(pieces[at : at + _REPEATS]) for at in range(len(pieces) - _REPEATS + 1)]
    return len(set(runs)) < len(runs)


def _planned(sentences: list[_Sentence], workers: int, examples: int) -> deque[list[_Sentence]]:
    """Batches for all; those apart that may repeat themselves."""
    kinds = ([one for one in sentences if one.repeats is repeats] for repeats in (False, True))
    return deque(batch for kind in kinds for batch in _batches(kind, workers, examples))


def _batches(sentences: list[_Sentence], workers: int, examples: int) -> list[list[_Sentence]]:
    """Rounds of a batch for each worker, long sentences first.

    A round is dealt like cards: its batches have the same lengths, so the workers end about together and none of
    them needs small batches to wait for the other with, which are slow: 16 sentences at a time do three quarters of
    what 100 do.
    """
    ordered = sorted(sentences, key=lambda sentence: -len(sentence.tokens))
    batches: list[list[_Sentence]] = []
    at = 0
    while at < len(ordered):
        longest = len(ordered[at].tokens)  # all of the round are padded to it
        dealt = ordered[at : at + workers * min(examples, max(1, _TOKENS // longest))]
        batches += [dealt[worker::workers] for worker in range(min(workers, len(dealt)))]
        at += len(dealt)
    return batches


def _pairs(options: Mapping[str, Any], *, is_plain: bool) -> tuple[Pair, ...]:
    pairs = tuple(dict.fromkeys(pairs_of(options.get("pairs") or "")))
    if not is_plain:
        pairs = pairs or all_pairs(list(dict.fromkeys(languages_of(options.get("languages")))))
        if not pairs:
            raise Misconfigured("the model is of many languages: say which, such as languages en,es,fr")
        return pairs
    if not pairs:
        raise Misconfigured("the model is of one pair, which its folder does not name: say it, such as pairs en-es")
    if len({target for _source, target in pairs}) > 1:
        raise Misconfigured("the model has no tokens for languages: all its pairs must have the same target")
    return pairs


def _beam(value: Any) -> int:
    try:
        beam = int(value or 1)
    except (TypeError, ValueError):
        beam = 0
    if not 1 <= beam <= 16:
        raise Misconfigured("beam is a number from 1 to 16")
    return beam


def _load(folder: ModelFolder, device: str, workers: int) -> Any:
    if device not in ("cpu", "cuda", "auto"):
        raise Misconfigured("device is cpu, cuda or auto")
    has_cuda = device != "cpu" and ctranslate2.get_cuda_device_count() > 0
    if device == "cuda" and not has_cuda:
        raise Misconfigured("CTranslate2 finds no CUDA device: say device cpu, or look after the driver")
    try:
        return ctranslate2.Translator(
            str(folder.path),
            device="cuda" if has_cuda else "cpu",
            # “auto” is the quickest that both the device and the model bear, int8_float16 as a rule.
            compute_type="auto" if has_cuda else "int8",
            inter_threads=workers,
            intra_threads=1,
        )
    except (RuntimeError, ValueError) as error:
        raise Misconfigured(f"the model in {folder.path} cannot be loaded: {_first_line(error)}") from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
