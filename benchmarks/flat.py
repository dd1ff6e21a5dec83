"""Whether a page costs the same however large the publication is: in editions, articles, comments.

Each page is asked for by wrk, of a large publication and of a small one in turn, so many rounds, medians: from
memory (*cached*), and with delivery switched off, made by Django each time
(*uncached*). Both servers have the same core, wrk the other; workers sleep.
The figures are microseconds of a page, from the answers a second. What many see
is recalled there from one page to the next: *anew* is the same page by Django
alone, in a process of its own, with nothing recalled.
"""

import os
import signal
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks.report import line
from benchmarks.servers import load, served
from benchmarks.writers import make_home, run_help
from dragoman.config.home import change

_CODING = {"Accept-Encoding": "gzip, deflate, br, zstd"}
_EDITIONS = ("en", "es", "fr", "ca", "it", "pt", "de", "gl", "nl", "sv", "ar", "ja")
_GOALS = {"cached": "ratio <= 1.1", "uncached": "ratio <= 1.3", "anew": "ratio <= 1.3"}


@dataclass(frozen=True, slots=True)
class _Side:
    """A page of a publication."""

    home: Path
    path: str


def run(*, quick: bool) -> None:
    """Print microseconds of each page in a large publication beside those in a small one."""
    with tempfile.TemporaryDirectory(prefix="dragoman-flat-") as folder:
        compared = _pairs(Path(folder), many=500 if quick else 100_000, long=2000 if quick else 100_000)
        for way, goal in _GOALS.items():
            for name, pair in compared.items():
                rounds, seconds = (2, 1) if quick else (5, 3)
                ours, reference = _anew(pair, rounds) if way == "anew" else _times(pair, way, rounds, seconds)
                line("flat", f"{way}_{name}", ours, "µs", reference=reference, goal=goal)


def _pairs(folder: Path, *, many: int, long: int) -> dict[str, tuple[_Side, _Side]]:
    """A large publication's page and a small one's, by name."""
    few = _publication(folder / "few", articles=10)
    full = _publication(folder / "full", articles=40)  # a front page shows thirty
    large = _publication(folder / "large", articles=many)
    one, two, twelve = (_publication(folder / f"in{count}", editions=count) for count in (1, 2, 12))
    longer = _publication(folder / "longer", comments=long)
    english, spanish = "/en/town/1-thread-of-100", "/es/town/1-thread-of-100"
    return {
        f"article_of_{many}": (_Side(large, english), _Side(few, english)),
        f"front_of_{many}": (_Side(large, "/en/"), _Side(full, "/en/")),
        f"section_of_{many}": (_Side(large, "/en/town/"), _Side(full, "/en/town/")),
        "original_in_12_editions": (_Side(twelve, english), _Side(one, english)),
        "translation_in_12_editions": (_Side(twelve, spanish), _Side(two, spanish)),
        f"thread_of_{long}": (_Side(longer, f"/en/town/1-thread-of-{long}"), _Side(one, english)),
    }


def _publication(home: Path, *, articles: int = 1, comments: int = 100, editions: int = 1) -> Path:
    make_home(home, "", "--languages", ",".join(_EDITIONS[:editions]))
    run_help(home, "publish", str(comments), str(articles))
    return home


def _anew(pair: tuple[_Side, _Side], rounds: int) -> tuple[float, float]:
    """Microseconds of a page on each side that nobody has asked for, the sides in turn."""
    taken = [[float(run_help(side.home, "render", side.path, "20")) for side in pair] for _round in range(rounds)]
    ours, reference = zip(*taken, strict=True)
    return statistics.median(ours), statistics.median(reference)


def _times(pair: tuple[_Side, _Side], way: str, rounds: int, seconds: int) -> tuple[float, float]:
    """Microseconds of a page on each side, the sides in turn."""
    for side in pair:
        change(side.home, "delivery.enabled", way == "cached")
    taken: tuple[list[float], list[float]] = ([], [])
    with _asleep(pair[0]) as ours, _asleep(pair[1]) as reference:
        for _round in range(rounds):
            for url, found in zip((ours, reference), taken, strict=True):
                seen = load(url, seconds=seconds, headers=_CODING, connections=32 if way == "cached" else 2)
                if seen.errors:
                    raise RuntimeError(f"{url}: {seen.errors} answers were no page")
                found.append(1_000_000 / seen.rate)
    return statistics.median(taken[0]), statistics.median(taken[1])


@contextmanager
def _asleep(side: _Side) -> Iterator[str]:
    """The page's address on a server whose worker does nothing meanwhile: it would index so many articles."""
    with served(side.home) as place:
        os.kill(place.worker, signal.SIGSTOP)
        try:
            url = place.url + side.path
            page = httpx.get(url, headers=_CODING, timeout=60).raise_for_status().text
            if "thread-of" in side.path and (page.count('<article class="comment') != 50 or "is-pending" in page):
                raise RuntimeError(f"{url} is not a whole page")
            yield url
        finally:
            os.kill(place.worker, signal.SIGCONT)
