"""Apertium on kept-alive pipes against one process for each sentence, the same sentences in the same run."""

import subprocess
import time

from benchmarks.report import line
from dragoman.translation.engines.apertium import Apertium
from dragoman.translation.engines.base import Batch, Item

_SENTENCES = [
    "The library on the square opens at eight in the evening.",
    "Nobody asked the drivers of the night bus what they think.",
    "She bought three loaves of bread and forgot the butter.",
    "The water in the river is cold but very clean.",
    "After two hours of rain the market was empty.",
]


def run(*, quick: bool) -> None:
    """Sentences a second for English to Spanish."""
    engine = Apertium({})
    warm = Batch("en", "es", tuple(Item(number, text) for number, text in enumerate(_SENTENCES)))
    engine.translate(warm, seconds=30)
    count = 100 if quick else 500
    items = tuple(Item(number, _SENTENCES[number % len(_SENTENCES)]) for number in range(count))
    started = time.perf_counter()
    engine.translate(Batch("en", "es", items), seconds=120)
    kept_alive = count / (time.perf_counter() - started)
    engine.close()
    alone = 5 if quick else 15
    started = time.perf_counter()
    for number in range(alone):
        text = _SENTENCES[number % len(_SENTENCES)]
        subprocess.run(["apertium", "-u", "eng-spa"], input=text, text=True, capture_output=True, check=True)
    one_process = alone / (time.perf_counter() - started)
    line("engines", "apertium_sentences", kept_alive, "1/s", reference=one_process)
