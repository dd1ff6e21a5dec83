"""Each sentence once: a crowd that opens the same new comment, and workers that are killed on their way."""

import random
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count

from benchmarks.filling import register, store_comments
from benchmarks.report import line
from benchmarks.sentences import sentences
from dragoman.foundation.clock import now
from dragoman.translation.models import Current, Engine, Job, Translation
from dragoman.translation.queries import present
from dragoman.translation.queue import is_empty
from dragoman.translation.rules.scheduling import SCREEN
from dragoman.translation.wishes import request_translations, want

_KILLS = 20


def run(*, quick: bool) -> None:
    """Print engine items beside sentences × languages, and what is missing or doubled after the kills."""
    home = Path(settings.DRAGOMAN.home)
    register("echo", "echo", {"pairs": ",".join(f"en-{one}" for one in settings.DRAGOMAN.languages if one != "en")})
    _crowd(home, readers=100 if quick else 1000)
    _kills(home, comments=1000 if quick else 10_000)


def _worker(home: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "dragoman.commandline.main", "worker", "--home", str(home)]
    return subprocess.Popen(command, start_new_session=True)


def _wait_for_empty_queue() -> None:
    deadline = time.monotonic() + 900
    while not is_empty():
        if time.monotonic() > deadline:
            raise RuntimeError("the queue does not empty")
        time.sleep(0.05)


def _crowd(home: Path, *, readers: int) -> None:

    texts = sentences(3, seed=11)
    (unit,) = store_comments([" ".join(texts)])
    request_translations([unit], priority=3)

    def open_page(reader: int) -> None:
        language = settings.DRAGOMAN.languages[1 + reader % (len(settings.DRAGOMAN.languages) - 1)]
        present([unit], language)
        want([unit], language, priority=SCREEN)
        request_translations([unit], priority=SCREEN, languages=[language])
        connection.close()

    workers = [_worker(home) for _number in range(2)]
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(open_page, range(readers * (len(settings.DRAGOMAN.languages) - 1))))
        _wait_for_empty_queue()
    finally:
        for worker in workers:
            worker.terminate()
            worker.wait()
    needed = len(texts) * (len(settings.DRAGOMAN.languages) - 1)
    line("once", "crowd_engine_items", Engine.objects.get().answers, "items", reference=needed, goal=f"<= {needed}")


def _kill_on_the_way(home: Path, wanted: int) -> None:
    dice = random.Random(7)
    Engine.objects.update(max_items=16 if wanted < 5000 else 128)  # many batches, so that kills fall into them
    for _kill in range(_KILLS):
        goal = Job.objects.count() - wanted // (_KILLS + 4)
        worker = _worker(home)
        while Job.objects.count() > max(goal, 0) and worker.poll() is None:
            time.sleep(dice.uniform(0.001, 0.01))
        worker.kill()
        worker.wait()
        # Nobody holds these leases any more: the clock is put forward instead of waiting for their end.
        Job.objects.exclude(lease="").update(not_before=now())
    if not Job.objects.exists():
        raise RuntimeError("all was done before the last kill")


def _kills(home: Path, *, comments: int) -> None:

    units = store_comments(sentences(comments, seed=12))
    before = Translation.objects.count()
    for start in range(0, len(units), 500):
        request_translations(units[start : start + 500], priority=3, languages=["es", "fr"])
    wanted = Job.objects.count()
    _kill_on_the_way(home, wanted)
    worker = _worker(home)
    try:
        _wait_for_empty_queue()
    finally:
        worker.terminate()
        worker.wait()
    stored = Translation.objects.filter(id__gt=0).count() - before
    doubled = (
        Translation.objects.values("segment", "language", "unit")
        .annotate(times=Count("id"))
        .filter(times__gt=1)
        .count()
    )
    missing = wanted + before - Current.objects.count()
    line("once", "killed_stored", stored, "translations", reference=wanted, goal=f"<= {wanted}")
    line("once", "killed_doubled", doubled, "translations", goal="<= 0")
    line("once", "killed_missing", missing, "translations", goal="<= 0")
