"""A change of the glossary over very many sentences: what it asks for again, and how long finding that takes.

Sentences are generated, each once; all have a translation by an engine. Reference: a plain scan, which reads every
sentence and looks for the term. Both must find the same ones.
"""

import statistics
import time
from itertools import islice

from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.readers.policies import Actor
from dragoman.translation import actions, glossary
from dragoman.translation.glossary import Row
from dragoman.translation.memories import Count, Entry, Word, entries, remember
from dragoman.translation.models import GlossaryTerm, Job, Segment
from dragoman.translation.operating import register_engine
from dragoman.translation.rechecking import recheck_a_page
from dragoman.translation.rules.document import Document, plain_block
from dragoman.translation.rules.glossary import Form, Glossary, Term
from dragoman.translation.terms import term_of

_A_TEXT = 100  # sentences
_ROUNDS = 3
_EDDA = Actor(1, "Edda", frozenset({"editor"}))


def run(*, quick: bool) -> None:
    """Print how many sentences a rare, an ordinary and a common word ask for again, and the time beside a scan."""
    many = 10_000 if quick else 100_000
    _fill(many)
    words = {"rare": "zeppelin", "ordinary": "barometer", "common": "bread"}
    for name, word in words.items():
        took, scanned = [], []
        for _round in range(_ROUNDS):
            asked, seconds = _change(word)
            wanted, reference = _scan(word)
            assert asked == wanted, f"{word}: {len(asked)} asked for again, {len(wanted)} have it"
            took.append(seconds)
            scanned.append(reference)
        line("glossary", f"{name}_word_asked_again_of_{many}", len(wanted), "sentences")
        ours, plain = (1000 * statistics.median(one) for one in (took, scanned))
        line("glossary", f"{name}_word_found_and_asked", ours, "ms", reference=plain)
        began = time.perf_counter()
        glossary.try_out(_row(word))
        line("glossary", f"{name}_word_tried_out", 1000 * (time.perf_counter() - began), "ms", reference=plain)


def _fill(many: int) -> None:
    """Texts of so many different sentences, translated."""
    register_engine(name="echo", kind="echo", version="1", pairs=[["en", "es"]], options={"pairs": "en-es"})
    found = [f"{one[:-1]}{_planted(number)} number {number}." for number, one in enumerate(sentences(many, seed=5))]
    for start in range(0, many, _A_TEXT):
        blocks = (plain_block(one, block_id=f"b{number}") for number, one in enumerate(found[start : start + _A_TEXT]))
        actions.store_texts([actions.NewText("article", start + 1, "en", Document(tuple(blocks)))])
    rows = iter(Segment.objects.filter(language="en").values_list("text", "kind").iterator())
    while page := list(islice(rows, 1000)):
        remember(
            [Entry("en", text, (Word("es", f"[{text}]", "machine", engine="echo"),), kind) for text, kind in page],
            Count(),
        )
    assert sum(1 for _entry in entries()) >= many


def _planted(number: int) -> str:
    """One word for one of 3,000 sentences, one for one of a hundred; “bread” stands in one of six by itself."""
    if number % 3000 == 7:
        return ", as the zeppelin"
    return ", as the barometer" if number % 100 == 3 else ""


def _row(word: str) -> Row:
    return Row(Term(0, "en", "es", "fixed", (Form(word, "palabra"),)))


def _change(word: str) -> tuple[set[int], float]:
    """Save a term and look through the memory: what is asked for again, and the seconds it took; undone afterwards."""
    glossary.save_term(actor=_EDDA, row=_row(word))
    began = time.perf_counter()
    while recheck_a_page():
        pass
    seconds = time.perf_counter() - began
    asked = set(Job.objects.values_list("segment", flat=True))
    Job.objects.all().delete()
    term = GlossaryTerm.objects.get()
    glossary.delete_term(actor=_EDDA, term_id=term.pk, changed=glossary.term(term.pk).changed)
    while recheck_a_page():
        pass
    assert not Job.objects.exists()
    return asked, seconds


def _scan(word: str) -> tuple[set[int], float]:
    terms = Glossary(
        [term_of(GlossaryTerm(source="en", target="es", treatment="fixed", forms=[[word, "palabra"]]))], "en"
    )
    began = time.perf_counter()
    rows = Segment.objects.filter(language="en").values_list("id", "text").iterator()
    return {pk for pk, text in rows if terms.finds_in(text)}, time.perf_counter() - began
