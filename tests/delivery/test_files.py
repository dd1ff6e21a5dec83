"""Pages as files for a proxy, as long as somebody vouches for them."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.delivery.encoding import in_every_coding
from dragoman.delivery.files import Files
from dragoman.delivery.purging import AHEAD
from dragoman.delivery.store import Answer, Kept

_BODY = b"<p>The ferry goes at night.</p>" * 100


def _kept(*, exact: bool = False) -> Kept:
    answers = {coding: Answer(200, [], body) for coding, body in in_every_coding(_BODY).items()}
    return Kept(answers, Answer(304, [], b""), "", frozenset({"k"}), "en", 1, 2, exact)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    made = Files(tmp_path, "paper.example")
    yield made
    made.close()


def _found(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_page_lies_there_plain_and_in_two_codings_and_goes_as_a_whole(files: Files, tmp_path: Path) -> None:
    files.write("paper.example/en/town/1-the-ferry", _kept())
    files.write("paper.example/en/", _kept())
    pages = tmp_path / "0/pages"
    assert _found(pages) == [
        *(f"en/page.html{end}" for end in ("", ".br", ".gz")),
        *(f"en/town/1-the-ferry{end}" for end in ("", ".br", ".gz")),
    ]
    assert (pages / "en/page.html").read_bytes() == gzip.decompress((pages / "en/page.html.gz").read_bytes()) == _BODY
    files.unlink("paper.example/en/")
    assert _found(pages) == [f"en/town/1-the-ferry{end}" for end in ("", ".br", ".gz")]


@pytest.mark.parametrize(
    "place",
    [
        "other.example/en/",
        "paper.example/en/../../etc/passwd",
        "paper.example/en/town/1-x?from=51",
        "paper.example/en/town/1-" + "x" * 300,
        "paper.example",
    ],
)
def test_what_may_not_lie_there_does_not(files: Files, tmp_path: Path, place: str) -> None:
    files.write(place, _kept())
    files.write("paper.example/en/fragment/comment/1@0", _kept(exact=True))
    assert _found(tmp_path / "0") == []


def test_a_link_never_lasts_longer_than_a_removal_waits(files: Files, tmp_path: Path) -> None:
    for tenth in range(10):
        now = 1_764_133_632 + tenth / 10
        files.extend(now)
        last = max(int(path.name) for path in (tmp_path / "0").iterdir() if path.is_symlink()) + 1
        # Half a second is how old the knowledge may be with which it was made.
        assert last - now + 0.5 <= AHEAD - 0.2
    files.extend(1_764_133_640.1)
    assert [path.name for path in (tmp_path / "0").iterdir() if path.is_symlink()] == ["1764133640"]


def test_each_process_has_a_slot_and_a_killed_ones_is_cleared_by_the_next(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from dragoman.delivery.files import Files;"
        "files = Files(Path(sys.argv[1]), 'x'); files.extend(time.time());"
        "(Path(sys.argv[1]) / '0/pages/old.html').write_text('old'); print('made', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env=dict(os.environ))
    assert child.stdout is not None
    assert child.stdout.readline() == b"made\n"
    beside = Files(tmp_path, "x")
    assert (tmp_path / "1/pages").is_dir()
    child.kill()
    child.wait(10)
    child.stdout.close()
    assert (tmp_path / "0/pages/old.html").exists()
    after = Files(tmp_path, "x")
    assert _found(tmp_path / "0") == []
    assert not [path for path in (tmp_path / "0").iterdir() if path.is_symlink()]
    beside.close()
    after.close()


def test_what_cannot_be_trusted_any_more_is_cleared_at_once(files: Files, tmp_path: Path) -> None:
    files.write("paper.example/en/", _kept())
    files.extend(1_764_133_632.7)
    files.clear()
    assert _found(tmp_path / "0") == []
    assert [path.name for path in (tmp_path / "0").iterdir()] == ["pages"]
    files.write("paper.example/en/", _kept())
    assert len(_found(tmp_path / "0")) == 3
