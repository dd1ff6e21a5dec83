"""How soon a server answers, and how much memory its processes take: the embedded profile, one web process.

*Start*: from the command to the first article, on a home that exists. *Memory*:
what all processes of the tree have for themselves (PSS), with the worker's
engines, half a minute after the start and while a page is read as fast as it can be.
"""

import statistics
import subprocess
import threading
import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.papers import publish_threads
from benchmarks.report import line
from benchmarks.servers import answers, free_port, load, memory, serve_command, served, until_idle

_MIB = 1024 * 1024


def run(*, quick: bool) -> None:
    """Print seconds and MiB."""
    size = 200 if quick else 10_000
    call_command("collectstatic", verbosity=0, interactive=False)
    path = publish_threads([size])[size]
    connection.close()
    home = Path(settings.DRAGOMAN.home)
    with served(home, core=None) as place:
        until_idle(place.tree)  # what was imported is in the index
    starts = [_start(home, path) for _round in range(2 if quick else 5)]
    line("start", "first_page", statistics.median(starts), "s", goal="<= 3")
    with served(home, core=None) as place:
        until_idle(place.tree)
        line("start", "memory_idle", memory(place.tree) / _MIB, "MiB")
        line("start", "memory_idle_web", memory(place.web) / _MIB, "MiB")
        reading = threading.Thread(target=load, args=(place.url + path,), kwargs={"seconds": 4 if quick else 15})
        reading.start()
        most = 0
        while reading.is_alive():
            most = max(most, memory(place.tree))
            time.sleep(0.2)
        line("start", "memory_under_load", most / _MIB, "MiB")


def _start(home: Path, path: str) -> float:
    """Seconds to the first whole page."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(serve_command(home, port), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}{path}"):
            time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(30)
