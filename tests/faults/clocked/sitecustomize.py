"""Python imports this first where the folder is on its path: the program's clock is as far off as a file says.

In seconds; the file is looked at five times a second. The monotonic clock goes on as it is, as when an operator or
an NTP client sets a machine's clock. (libfaketime breaks ``time.sleep``: its ``clock_nanosleep`` knows no absolute
time.)
"""

import datetime
import os
import threading
import time
from pathlib import Path

import time_machine

_EVERY = 0.2


def _offset(file: Path) -> float:
    try:
        return float(file.read_text() or 0)
    except (OSError, ValueError):
        return 0.0


class _Clock:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._offset = _offset(file)
        there = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self._offset)
        self._traveller = time_machine.travel(there, tick=True).start()
        self._start()
        # A web process is a fork: threads do not come with it.
        os.register_at_fork(after_in_child=self._start)

    def _start(self) -> None:
        threading.Thread(target=self._follow, name="clock", daemon=True).start()

    def _follow(self) -> None:
        while True:
            time.sleep(_EVERY)
            wanted = _offset(self._file)
            if wanted != self._offset:
                self._traveller.shift(wanted - self._offset)
                self._offset = wanted


if "DRAGOMAN_FAULTY_CLOCK" in os.environ:
    _Clock(Path(os.environ["DRAGOMAN_FAULTY_CLOCK"]))
