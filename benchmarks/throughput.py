"""How much of an engine's own speed is left behind queue, checks and database.

The same sentences in the same run: the bare engine in its best batches, then
the worker with its lanes, from open jobs to stored translations. With
CTranslate2 the checks run and are counted, but not acted on: models made of
NumPy arrays do not translate. Each measure is the better of two rounds, the
two sides in turn.
"""

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ctranslate2
import sentencepiece
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.filling import register, store_comments
from benchmarks.models import OPUS_BASE, TINY, build_ctranslate2
from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.translation.actions import remember_translations
from dragoman.translation.engines.apertium import CHUNK, Apertium
from dragoman.translation.engines.base import Batch, Item
from dragoman.translation.engines.registry import build
from dragoman.translation.judging import judge
from dragoman.translation.models import Current, Engine, Job, Segment, Translation, Unit
from dragoman.translation.queries import present
from dragoman.translation.rules.checks import Answer, Finding
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import Lanes, work_guarded
from dragoman.translation.workshop import Workshop

_LANES = 2


def run(*, quick: bool) -> None:
    """Print sentences a second and the share of the bare engine's."""
    count = 600 if quick else 5000
    _apertium(sentences(count, seed=1))
    _echo(sentences(count, seed=2))
    _ctranslate2(sentences(count, seed=3), quick=quick)
    _remembered()


def _best(rounds: int, *sides: Callable[[], float]) -> list[float]:
    """The best rate of each side, measured in turn."""
    rates = [[side() for side in sides] for _round in range(rounds)]
    return [max(rate[place] for rate in rates) for place in range(len(sides))]


def _through_the_worker(texts: Sequence[str]) -> float:
    """Sentences a second from open jobs to an empty queue; everything of the last round is forgotten first."""

    for model in (Job, Current, Translation, Unit, Segment):
        model.objects.all().delete()
    units = store_comments(texts)
    for start in range(0, len(units), 500):
        request_translations(units[start : start + 500], priority=3, languages=["es"])
    workshop, lanes = Workshop(), Lanes()
    with workshop.asking(_engine_name()):
        pass  # the model is loaded, as it is in a worker that has begun

    def lane() -> None:
        try:
            while work_guarded(workshop, lanes):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=lane) for _number in range(_LANES)]
    jobs = Job.objects.count()
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rate = jobs / (time.perf_counter() - started)
    workshop.close()
    if Job.objects.exists():
        raise RuntimeError("jobs were left over")
    return rate


def _engine_name() -> str:
    return Engine.objects.get().name


def _apertium(texts: Sequence[str]) -> None:
    register("apertium", "apertium", {})
    engine = Apertium({})

    def bare(size: int) -> float:
        items = [Item(number, text) for number, text in enumerate(texts)]
        started = time.perf_counter()
        for start in range(0, len(items), size):
            engine.translate(Batch("en", "es", tuple(items[start : start + size])), seconds=600)
        return len(texts) / (time.perf_counter() - started)

    engine.translate(Batch("en", "es", (Item(0, "Good morning."),)), seconds=30)
    ours, reference, full = _best(2, lambda: _through_the_worker(texts), lambda: bare(CHUNK), lambda: bare(len(texts)))
    engine.close()
    # The pipe as it is, one request after the other; and with the next requests in it already, as the engine does it.
    line("throughput", "apertium", ours, "1/s", reference=reference, goal="ratio >= 0.8")
    line("throughput", "apertium_kept_full", ours, "1/s", reference=full)


def _echo(texts: Sequence[str]) -> None:
    """An engine that costs nothing: what is left is our own cost. Verdicts act: most of its answers are refused."""
    register("echo", "echo", {"pairs": "en-es"})
    engine = build("echo", "echo", {"pairs": "en-es"})

    def bare() -> float:
        started = time.perf_counter()
        for start in range(0, len(texts), 512):
            items = tuple(Item(number, text) for number, text in enumerate(texts[start : start + 512]))
            engine.translate(Batch("en", "es", items), seconds=60)
        return len(texts) / (time.perf_counter() - started)

    ours, reference = _best(2, lambda: _through_the_worker(texts), bare)
    engine.close()
    line("throughput", "echo", ours, "1/s", reference=reference)


def _ctranslate2(texts: Sequence[str], *, quick: bool) -> None:
    folder = Path(tempfile.mkdtemp(prefix="dragoman-model-"))
    build_ctranslate2(folder / "model", TINY if quick else OPUS_BASE)
    register("model", "ctranslate2", {"model": str(folder / "model"), "pairs": "en-es"})
    verdicts: list[int] = []

    def counted(answer: Answer, **rest: Any) -> list[Finding]:
        verdicts.append(len(judge(answer, **rest)))
        return []

    with patch("dragoman.translation.attempts.judge", counted):
        ours, reference = _best(1 if quick else 2, lambda: _through_the_worker(texts), lambda: _bare(folder, texts))
    line("throughput", "ctranslate2", ours, "1/s", reference=reference, goal="ratio >= 0.9")
    line("throughput", "ctranslate2_verdicts", len(verdicts), "verdicts")


def _bare(folder: Path, texts: Sequence[str]) -> float:
    """CTranslate2 alone with all the sentences at once, which lets it make its best batches."""
    translator = ctranslate2.Translator(str(folder / "model"), inter_threads=2, intra_threads=1)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(next((folder / "model").glob("*.spm"))))
    options: dict[str, Any] = {"beam_size": 1, "batch_type": "tokens", "return_scores": True}
    translator.translate_batch([pieces.encode("Good morning.", out_type=str)], **options)
    best = 0.0
    for tokens in (1024, 2048):
        started = time.perf_counter()
        asked = [[*pieces.encode(text, out_type=str), "</s>"] for text in texts]
        answers = translator.translate_batch(asked, max_batch_size=tokens, **options)
        for answer in answers:
            pieces.decode(answer.hypotheses[0])
        best = max(best, len(texts) / (time.perf_counter() - started))
    return best


def _remembered() -> None:
    """A page of a thousand sentences whose translations are all there, beside the same rows by bare SQL."""

    texts = sentences(1000, seed=4)
    Unit.objects.all().delete()
    units = store_comments([" ".join(texts[at : at + 10]) for at in range(0, 1000, 10)])
    for place, unit in enumerate(units):
        own = texts[place * 10 : place * 10 + 10]
        remember_translations(unit, sentences=[{"es": f"Frase traducida: {text}"} for text in own], by="")
    present(units, "es")
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        present(units, "es")
    ours = time.perf_counter() - started
    looked_up = [one for one in queries if 'FROM "translation_current"' in one["sql"]]
    started = time.perf_counter()
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute(query["sql"])
            cursor.fetchall()
    bare = time.perf_counter() - started
    line("throughput", "remembered_page_lookups", len(looked_up), "queries", goal="<= 1")
    line("throughput", "remembered_page", ours * 1000, "ms", reference=bare * 1000)
