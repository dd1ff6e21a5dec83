"""Where the web processes of one ``serve`` count together: files in the home's ``counts`` folder.

Whichever of them is asked answers for all (see ``config.measures``). Nothing here
may import prometheus_client, which looks once, when it is first imported, where to count.
"""

import os
import shutil
from pathlib import Path

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own
_KINDS = ("counter", "histogram", "gauge_livesum")  # of what ``config.measures`` counts
_ROOM = 16 * 1024  # bytes of one file; what we count takes a fourth of it


def count_together(home: Path) -> None:
    """All processes that are started from now on count into one folder; the counts begin anew."""
    folder = home.resolve() / "counts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[TOGETHER] = str(folder)


def take_room() -> None:
    """Make the files of this process with all their bytes; without room for them it counts for itself alone.

    prometheus_client makes files with holes and maps them into memory: on a disk that is full
    the kernel ends whoever writes into a hole (SIGBUS).
    """
    folder = os.environ.get(TOGETHER)
    if not folder:
        return
    paths = [Path(folder) / f"{kind}_{os.getpid()}.db" for kind in _KINDS]
    try:
        for path in paths:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
            try:
                os.posix_fallocate(handle, 0, _ROOM)
            finally:
                os.close(handle)
    except OSError:
        for path in paths:
            path.unlink(missing_ok=True)
        del os.environ[TOGETHER]
