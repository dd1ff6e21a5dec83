"""Run a profile under load while it is harmed; print what was done and what was found as lines of JSON."""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from tests.clusters import ROOT, frozen, signal_all
from tests.config.homes import act
from tests.faults.disks import may_mount
from tests.faults.houses import House, clustered, embedded, tight, tight_postgresql
from tests.faults.listener import Listener
from tests.faults.writers import Ledger, Writers

_WRITERS = 8
_FEWEST = 150  # texts
_OVER = "over"  # a file in the folder of a run that came to its end
_PATIENCE = 120.0  # seconds until the next text must be acknowledged after a harm


@dataclass(frozen=True, slots=True)
class Size:
    """How much of all: texts, and how often each kind is killed, frozen, and each wire cut."""

    posts: int
    kills: int
    freezes: int
    cuts: int
    lasting: float  # seconds that a freeze or a cut lasts
    patience: float  # seconds at the end for what is still to be translated
    leaves_nothing: bool  # whether all must be translated by then: a killed worker's lease takes three minutes


QUICK = Size(300, 1, 1, 1, 1.5, 10, leaves_nothing=False)
WHOLE = Size(100_000, 13, 3, 3, 3.0, 900, leaves_nothing=True)
PROFILES = {"embedded": embedded, "cluster": clustered, "tight": tight, "tight-postgresql": tight_postgresql}
_NEED_ROOT = ("tight", "tight-postgresql")


def main() -> int:
    """Parse and run; the exit status says whether all held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("profile", choices=[*PROFILES, "all"])
    parser.add_argument("--quick", action="store_true", help="some minutes instead of an hour")
    parser.add_argument("--posts", type=int, default=0, help="how many texts instead")
    parser.add_argument("--folder", type=Path, default=None, help="where to work; embedded goes on with what is there")
    asked = parser.parse_args()
    size = QUICK if asked.quick else WHOLE
    size = replace(size, posts=asked.posts or size.posts)
    failed = 0
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)  # also where a shell that runs us beside itself ignores it
    for profile in PROFILES if asked.profile == "all" else (asked.profile,):
        if profile in _NEED_ROOT and not may_mount():
            _say(profile, "left out: only root may mount a disk")
            continue
        folder = (asked.folder or Path(tempfile.mkdtemp(prefix="dragoman-faults-"))) / profile
        if profile != "embedded" or (folder / _OVER).exists():
            shutil.rmtree(folder, ignore_errors=True)  # only that one can go on
        folder.mkdir(parents=True, exist_ok=True)
        with PROFILES[profile](folder) as house:
            failed += _run(profile, house, folder, replace(size, posts=max(_FEWEST, round(size.posts * house.share))))
        (folder / _OVER).touch()
    return failed


def _end(number: int, frame: object) -> NoReturn:
    """What was done so far is kept: a run may go on there."""
    raise SystemExit(128 + number)


def _run(profile: str, house: House, folder: Path, size: Size) -> int:
    home = house.nodes[0].home
    ledger, tokens = Ledger(folder / "ledger.jsonl"), _tokens(home, folder)
    listener, writers = (
        Listener(house.ports, ledger.total and _last_heard(folder)),
        Writers(ledger, tokens, house.ports),
    )
    harms = _harms(house, size)
    done = min(len(harms), ledger.total * len(harms) // size.posts)  # of a run that goes on
    each = size.posts / (len(harms) + 1)
    recoveries: dict[str, list[float]] = defaultdict(list)
    listener.start()
    writers.start()
    try:
        for number, (act_, what) in enumerate(harms[done:], done + 1):
            _wait_for_texts(ledger, round(number * each))
            recoveries[f"{act_} {what}"].append(_harm(house, ledger, (act_, what), size.lasting))
        _wait_for_texts(ledger, size.posts)
    finally:
        writers.stop()
        house.bring_back()
        (folder / "heard").write_text(str(listener.last))
    for harm, seconds in sorted(recoveries.items()):
        _say(profile, harm, times=len(seconds), longest_recovery=round(max(seconds), 2))
    return _verify(profile, folder, (house, writers, listener), size)


def _tokens(home: Path, folder: Path) -> list[str]:
    file = folder / "tokens"
    if not file.exists():
        act(home, "fill")
        file.write_text(act(home, "token", *(f"Writer {number}" for number in range(_WRITERS))))
    return file.read_text().split()


def _last_heard(folder: Path) -> int:
    file = folder / "heard"
    return int(file.read_text()) if file.exists() else 0


def _harms(house: House, size: Size) -> list[tuple[str, str]]:
    harms = [("kill", kind) for kind in house.kinds for _time in range(size.kills)]
    harms += [("freeze", kind) for kind in house.kinds for _time in range(size.freezes)]
    harms += [("cut", wire) for wire in house.wires for _time in range(size.cuts)]
    harms += [("suffer", trouble) for trouble in house.troubles for _time in range(size.cuts)]
    random.Random(7).shuffle(harms)
    return harms + [("suffer", trouble) for trouble in house.at_last]


def _wait_for_texts(ledger: Ledger, wanted: int) -> None:
    seen, since = ledger.total, time.monotonic()
    while ledger.total < wanted:
        time.sleep(0.02)
        if ledger.total != seen:
            seen, since = ledger.total, time.monotonic()
        if time.monotonic() - since > _PATIENCE:
            raise SystemExit(f"nothing was acknowledged for {_PATIENCE:.0f} seconds")


def _harm(house: House, ledger: Ledger, harm: tuple[str, str], lasting: float) -> float:
    """Do it; seconds until a text that was sent after its end was acknowledged."""
    how, what = harm
    if how == "cut":
        house.wires[what].cut()
        time.sleep(lasting)
        house.wires[what].mend()
    elif how == "suffer":
        (house.troubles | house.at_last)[what](lasting)
    elif how == "freeze":
        pids = _victims(house, what)
        with frozen(pids):
            time.sleep(lasting)
    else:
        pids = _victims(house, what)
        signal_all(pids, signal.SIGKILL)
        _until_gone(pids)
        house.bring_back()
    ended = time.monotonic()
    while ledger.last_at < ended:
        house.bring_back()  # again: the kernel may take a moment to say that a process with many threads has ended
        time.sleep(0.01)
        if time.monotonic() - ended > _PATIENCE:
            raise SystemExit(f"nothing was acknowledged for {_PATIENCE:.0f} seconds after: {how} {what}")
    recovered = time.monotonic() - ended
    while not house.is_whole():
        house.bring_back()
        time.sleep(0.1)
        if time.monotonic() - ended > _PATIENCE:
            raise SystemExit(f"not all came back after: {how} {what}")
    return recovered


def _victims(house: House, what: str) -> list[int]:
    """One process; of a database all, for its children answer where the first one is frozen."""
    end = time.monotonic() + 30
    while not (pids := house.processes(what)):
        time.sleep(0.05)  # an engine is started when there is work
        if time.monotonic() > end:
            raise SystemExit(f"there is no {what}")
    return pids if what in ("primary", "replica") else [random.Random(len(pids)).choice(pids)]


def _until_gone(pids: Sequence[int]) -> None:
    def lives(pid: int) -> bool:
        with suppress(OSError):
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        return False

    while any(lives(pid) for pid in pids):
        time.sleep(0.02)


def _verify(profile: str, folder: Path, run: tuple[House, Writers, Listener], size: Size) -> int:
    house, writers, listener = run
    command = [sys.executable, "-m", "tests.faults.verify", str(house.nodes[0].home), str(folder / "ledger.jsonl")]
    said = subprocess.run([*command, str(size.patience)], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = json.loads(said.splitlines()[-1])
    end = time.monotonic() + 60
    while (not listener.numbers or listener.numbers[-1] < found["comments"]) and time.monotonic() < end:
        time.sleep(0.1)
    listener.stop()
    heard = listener.numbers
    found["heard"] = len(heard)
    found["heard_twice_or_in_disorder"] = sum(after != before + 1 for before, after in pairwise(heard))
    found["not_heard"] = found["comments"] - heard[-1] if heard else found["comments"]
    found["streams_broken_off"] = listener.streams - 1
    must_be_none = (*_MUST_BE_NONE, "still_to_be_translated") if size.leaves_nothing else _MUST_BE_NONE
    faults = [name for name in must_be_none if found[name]]
    _say(profile, "found", **found, refused=writers.refused, wrong_answers=writers.faults[:5])
    return int(bool(faults or writers.faults or listener.missed))


_MUST_BE_NONE = (
    "lost", "doubled", "renumbered", "out_of_order", "untranslated", "not_announced", "announced_twice",
    "announced_in_disorder", "not_followed", "heard_twice_or_in_disorder", "not_heard",
)  # fmt: skip


def _say(profile: str, what: str, **facts: object) -> None:
    print(json.dumps({"profile": profile, "what": what, **facts}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
