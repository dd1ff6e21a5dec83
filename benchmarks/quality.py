"""What the pipeline costs in quality: chrF2 through it, beside the bare engine, on the same sentences.

Sentences and references are the human ones of the recorded corpus, aligned
through the common English; every third has a name, a link or a number put into
it, in source and reference alike. The bare engine gets them as they are.
"""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from sacrebleu.metrics.chrf import CHRF

from benchmarks.filling import register
from benchmarks.report import line
from dragoman.translation.attempts import Attempt, Pair
from dragoman.translation.engines.apertium import Apertium
from dragoman.translation.engines.base import Batch, Item
from dragoman.translation.ledger import Sentence
from dragoman.translation.rules.document import Inline
from dragoman.translation.rules.layout import lay_out, rebuild
from dragoman.translation.rules.markdown import parse, write
from dragoman.translation.rules.markers import has_words
from dragoman.translation.rules.segmenting import inlines
from dragoman.translation.switchboard import Switchboard
from dragoman.translation.workshop import Workshop

PAIRS = (("en", "es"), ("es", "en"), ("es", "fr"), ("fr", "es"), ("es", "pt"), ("pt", "es"), ("es", "it"))
_NAME = "Ruben Askelund"
_PUT = (
    lambda text: f"{_NAME}: {text}",
    lambda text: f"[{text.split(' ', 1)[0]}](https://example.org/casa?a=1) {text.split(' ', 1)[-1]}",
    lambda text: f"{text} (1,250)",
)


def run(*, quick: bool) -> None:
    """Print chrF2 of both sides for each pair, and the points lost."""
    corpus = os.environ.get("DRAGOMAN_CORPUS")
    if not corpus:
        raise SystemExit("quality needs the recorded corpus: set DRAGOMAN_CORPUS to its folder")
    lines = _aligned(Path(corpus) / "replay")
    register("apertium", "apertium", {})
    for source, target in PAIRS:
        count = 60 if quick else 300
        asked = [_with(text, number) for number, text in enumerate(lines[source][:count])]
        wanted = [_plain(_with(text, number)) for number, text in enumerate(lines[target][:count])]
        ours = _score(_through_the_pipeline(asked, source, target), wanted)
        bare = _score(_bare(asked, source, target), wanted)
        line("quality", f"{source}-{target}_chrf2", ours, "chrF2", reference=bare)
        line("quality", f"{source}-{target}_points_lost", bare - ours, "points", goal="<= 0.5")


def _aligned(folder: Path) -> Mapping[str, Sequence[str]]:
    """Language → sentences, line by line the same; every folder's English is the same."""
    found = {"en": (folder / "en-es" / "flores-dev.en").read_text("utf-8").splitlines()}
    for language in ("es", "fr", "pt", "it"):
        found[language] = (folder / f"en-{language}" / f"flores-dev.{language}").read_text("utf-8").splitlines()
    return found


def _with(text: str, number: int) -> str:
    return _PUT[number // 3 % 3](text) if number % 3 == 0 else text


def _plain(text: str) -> str:
    """As a reader sees it: a link's address is not read."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)


def _score(answers: Sequence[str], references: Sequence[str]) -> float:
    return float(CHRF(word_order=0).corpus_score(list(map(_plain, answers)), [list(references)]).score)


def _bare(texts: Sequence[str], source: str, target: str) -> list[str]:
    engine = Apertium({})
    items = tuple(Item(number, text) for number, text in enumerate(texts))
    answers = {one.id: one.text or "" for one in engine.translate(Batch(source, target, items), seconds=600)}
    engine.close()
    return [answers[number] for number in range(len(texts))]


def _through_the_pipeline(texts: Sequence[str], source: str, target: str) -> list[str]:
    """As comments: parsed, cut, masked, checked, put together; what fails its checks shows the original."""
    layouts = [lay_out(parse(text, [_NAME]), source, [_NAME]) for text in texts]
    cut = {
        (place, anchor): sentence
        for place, layout in enumerate(layouts)
        for anchor, (_block, sentence) in enumerate(layout.sentences)
    }
    keys = {key: number for number, key in enumerate(cut)}
    workshop = Workshop()
    ways = Switchboard().routes(source, target, "comment")
    asked = {keys[key]: Sentence(one.marked) for key, one in cut.items() if has_words(one.marked)}
    outcomes = Attempt(workshop, ways, Pair(source, target)).run(asked)
    workshop.close()
    back = []
    for place, layout in enumerate(layouts):

        def words(anchor: int, place: int = place) -> list[Inline]:
            one = cut[(place, anchor)]
            outcome = outcomes.get(keys[(place, anchor)])
            text = outcome.text if outcome is not None and outcome.text else one.marked
            return inlines(one.before + text + one.after, one.contents)

        back.append(write(rebuild(layout.template(range(len(layout.sentences))), words)))
    return back
