"""Search over very many comments: how fast the index is filled, and how long a reader waits for a find.

Comments are generated; a rare word stands in a handful of them, a common one in
most. Reference of a search: the bare statement of the index, without showing
what was found. Figures of searches are medians.
"""

import statistics
import time
from datetime import UTC, datetime

from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.conversation.actions import thread_at
from dragoman.conversation.importing import Imported, import_comments
from dragoman.conversation.queries import ReaderView
from dragoman.publication import actions as publication
from dragoman.readers.actions import create_reader
from dragoman.search.index import Question, found
from dragoman.search.indexing import fill
from dragoman.search.queries import Asked, search
from dragoman.search.rules.words import terms_of

_AT_A_TIME = 1000
_ROUNDS = 9


def run(*, quick: bool) -> None:
    """Print entries a second, and milliseconds of searches at two sizes."""
    sizes = (1_000, 5_000) if quick else (1_000, 20_000)
    key = _publish()
    author = create_reader(nickname="Ada").pk
    texts = sentences(20_000, seed=7)
    common = max(("the", "and", "in"), key=lambda word: sum(word in text.split() for text in texts[:500]))
    written, times = 0, {}
    for size in sizes:
        began = time.perf_counter()
        before = written
        while written < size:
            _import(key, author, texts, written)
            written += _AT_A_TIME
        imported = time.perf_counter()
        while fill():
            pass
        rate = (written - before) / (time.perf_counter() - imported)
        line("search", f"indexed_up_to_{size}", rate, "comments/s", reference=(written - before) / (imported - began))
        times[size] = {word: _median(word) for word in ("zeppelin", common)}
    small, large = sizes
    for name, word in (("rare", "zeppelin"), ("common", common)):
        ours, bare = times[large][word]
        line("search", f"{name}_word_{large}", ours, "ms", reference=bare)
        line("search", f"{name}_word_beside_{small}", ours, "ms", reference=times[small][word][0])


def _publish() -> str:
    publication.set_up_publication(name="Benchmark")
    section = publication.create_section(name="Town", language="en", slug="town")
    article = publication.NewArticle("The ferry", "en", "", [("paragraph", "<p>It goes at night.</p>")])
    page = publication.publish(publication.create_article(section=section, article=article))
    return f"article:{page.number}"


def _import(key: str, author: int, texts: list[str], start: int) -> None:
    moment = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
    rows = [
        Imported(
            author,
            texts[number % len(texts)] + (" A zeppelin flew over the town." if number % 400 == 0 else ""),
            "en",
            moment,
            number,
            None,
        )
        for number in range(start + 1, start + _AT_A_TIME + 1)
    ]
    import_comments(thread=thread_at(key=key), comments=rows)


def _median(word: str) -> tuple[float, float]:
    """Milliseconds of a whole search, and of its bare statement."""
    question = Question(terms_of(word, "en"), "en")
    whole, bare = [], []
    for _round in range(_ROUNDS):
        began = time.perf_counter()
        search(Asked(word), ReaderView("en"))
        between = time.perf_counter()
        found(question)
        whole.append(between - began)
        bare.append(time.perf_counter() - between)
    return 1000 * statistics.median(whole), 1000 * statistics.median(bare)
