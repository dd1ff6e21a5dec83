"""The captured page of the corpus, where it is at hand: verbatim in its own language, whole in two others."""

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.commandline.test_commands import run_in

CORPUS = os.environ.get("DRAGOMAN_CORPUS", "")
PAGE = Path(CORPUS).parent / "seed" / "page.txt"
NAMES = ("Sergei Lavrov", "Anthony Blinken", "Joseph Biden", "Joe Biden", "Alexei Navalny")
pytestmark = pytest.mark.skipif(not CORPUS or not PAGE.exists(), reason="DRAGOMAN_CORPUS names no corpus with the page")
_HEADER = re.compile(r"^\s*(\d+)\. (.+) (Offline|Online) \2$")
_NAME = re.compile(r"^\s*(.+) \((.+)\) (\d+) February 2021 (\d+): (\d+)$")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("captured") / "home"
    assert run_in(folder, "init", "--name", "Captured", "--languages", "en,es,ca").returncode == 0
    imported = run_in(folder, "import", "page", str(PAGE), "--language", "en")
    assert imported.returncode == 0, imported.stderr
    assert run_in(folder, "translate", "run").returncode == 0
    return folder


def test_every_word_is_printed_in_order(home: Path) -> None:
    shown = " ".join(run_in(home, "show", "1", "--language", "en").stdout.split())
    at = 0
    for line in PAGE.read_text("utf-8").splitlines():
        if line.strip() and not _HEADER.match(line) and not _NAME.match(line):
            words = " ".join(line.split())
            assert words in shown[at:], words
            at = shown.index(words, at)


def test_every_comment_keeps_number_nickname_presence_real_name_and_time(home: Path) -> None:
    lines = run_in(home, "show", "1", "--language", "en").stdout.splitlines()
    captured = PAGE.read_text("utf-8").splitlines()
    heads = [(_HEADER.match(one), _NAME.match(two)) for one, two in pairwise(captured)]
    found = [(head, name) for head, name in heads if head and name]
    assert len(found) == 5
    for head, name in found:
        day, hour, minute = int(name[3]), int(name[4]), int(name[5])
        expected = f"{head[1]}. {head[2]} {head[3]} ({name[2]}) 2021-02-{day:02} {hour:02}:{minute:02}"
        assert expected in lines


def test_the_third_comment_begins_with_an_anchored_quote(home: Path) -> None:
    page = json.loads(run_in(home, "show", "1", "--language", "en", "--json").stdout)
    quote = page["comments"][2]["quotes"][0]
    assert quote["exact"].startswith("But despite")
    assert quote["exact"] not in page["comments"][2]["text"]["text"]


@pytest.mark.parametrize("language", ["es", "ca"])
def test_it_is_translated_with_every_name_letter_by_letter(home: Path, language: str) -> None:
    page = json.loads(run_in(home, "show", "1", "--language", language, "--json").stdout)
    article = json.dumps([page["headline"], page["lead"], page["body"]], ensure_ascii=False)
    assert page["state"] == "machine"
    assert all(name in article for name in NAMES)
    assert [comment["nickname"] for comment in page["comments"]] == [
        "shiva", "Jacques sekavar", "Uneven", "white gentleman", "_AMUHb_",
    ]  # fmt: skip
    assert all(comment["text"]["state"] in ("machine", "rough") for comment in page["comments"])
    quoted = page["comments"][2]["quotes"][0]["shown"]
    assert quoted in page["lead"]["text"]
    assert "Lavrov" in page["comments"][3]["text"]["text"]
