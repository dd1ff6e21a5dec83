"""A memory of very many entries out as TMX and into another publication: the memory it takes, and that nothing is lost.

``dragoman translate memory`` as an operator calls it. A process's most memory is what the kernel saw of it; its
reference is the same command with a hundredth of the entries. Time has a reference, too: reading the file with
the parser alone.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.parsers import expat

from benchmarks.report import line
from benchmarks.sentences import sentences

_DRAGOMAN = str(Path(sys.executable).parent / "dragoman")
_UNIT = (
    '<tu srclang="en"><tuv xml:lang="en"><seg>{}</seg></tuv>'
    '<tuv xml:lang="es" changedate="20260504T120000Z" changeid="Thea"><seg>{}</seg></tuv></tu>\n'
)
_HEAD = '<?xml version="1.0"?>\n<tmx version="1.4"><header creationtool="Dragoman" srclang="*all*"/><body>\n'
_MOST = 120  # MiB beside the small one


def run(*, quick: bool) -> None:
    """Print entries a second and MiB, in and out."""
    many = 50_000 if quick else 1_000_000
    with tempfile.TemporaryDirectory(prefix="dragoman-memory-") as folder:
        peaks = {size: _round_trip(Path(folder), size) for size in (many // 100, many)}
    for way in ("import", "export"):
        small, large = peaks[many // 100][way], peaks[many][way]
        line("memory", f"{way}_{many}_peak", large, "MiB", reference=small, goal=f"<= {small + _MOST:.0f}")


def _round_trip(folder: Path, many: int) -> dict[str, float]:
    """In, out, into another publication and out again: the most memory of each way, in MiB."""
    source = folder / f"{many}.tmx"
    _write(source, many)
    plain = _parse(source)
    homes = [_home(folder, f"{many}-{name}") for name in ("one", "two")]
    peak_in, seconds_in = _run("memory", "import", str(source), home=homes[0])
    first, second = folder / f"{many}-first.tmx", folder / f"{many}-second.tmx"
    peak_out, seconds_out = _run("memory", "export", str(first), home=homes[0])
    _run("memory", "import", str(first), home=homes[1])
    _run("memory", "export", str(second), home=homes[1])
    entries, digest = _entries(first)
    assert (entries, digest) == _entries(second), "an entry was lost or changed"
    assert entries == many
    line("memory", f"import_{many}", many / seconds_in, "entries/s", reference=many / plain)
    line("memory", f"export_{many}", many / seconds_out, "entries/s", reference=many / plain)
    return {"import": peak_in, "export": peak_out}


def _write(path: Path, many: int) -> None:
    texts = sentences(20_000, seed=3)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for number in range(many):
            text = texts[number % len(texts)][:-1].replace("&", "and").replace("<", "")
            file.write(_UNIT.format(f"{text}, number {number}.", f"Número {number}: {text}."))
        file.write("</body></tmx>\n")


def _parse(path: Path) -> float:
    parser = expat.ParserCreate()
    began = time.perf_counter()
    with path.open("rb") as file:
        parser.ParseFile(file)
    return time.perf_counter() - began


def _home(folder: Path, name: str) -> Path:
    home = folder / name
    told = ("--name", "Memory", "--languages", "en,es", "--home", str(home))
    subprocess.run([_DRAGOMAN, "init", *told], check=True, capture_output=True)
    return home


def _run(*words: str, home: Path) -> tuple[float, float]:
    """The most memory that ``dragoman translate`` had, in MiB, and the seconds it took."""
    began = time.perf_counter()
    process = subprocess.Popen([_DRAGOMAN, "translate", *words, "--home", str(home)], stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return usage.ru_maxrss / 1024, time.perf_counter() - began


def _entries(path: Path) -> tuple[int, str]:
    """How many, and a hash of all of them whatever their order. They stand on lines of their own."""
    total, count = 0, 0
    with path.open(encoding="utf-8") as file:
        for text in file:
            if text.startswith("<tu "):
                kept = re.sub(r"</body>.*", "", text)
                total ^= int.from_bytes(hashlib.sha256(kept.strip().encode()).digest())
                count += 1
    return count, f"{total:064x}"
