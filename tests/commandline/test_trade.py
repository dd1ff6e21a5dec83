"""``dragoman translate memory``, ``glossary`` and ``xliff``, with real Apertium behind the texts."""

import json
from pathlib import Path

from tests.commandline.test_commands import Run, home, run, run_in

__all__ = ["home", "run"]  # fixtures

TERMS = """<?xml version="1.0"?><martif type="TBX" xml:lang="en"><text><body><termEntry>
<langSet xml:lang="en"><tig><term>{}</term></tig></langSet><langSet xml:lang="es"><tig><term>{}</term></tig></langSet>
</termEntry></body></text></martif>"""


def test_a_memory_goes_from_one_publication_into_another(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "memory.tmx"
    out = run("translate", "memory", "export", str(file), "--json")
    assert out.returncode == 0, out.stderr
    entries = json.loads(out.stdout)["entries"]
    assert entries > 5
    other = tmp_path / "other"
    assert run_in(other, "init", "--name", "Other", "--languages", "en,es").returncode == 0
    taken = run_in(other, "translate", "memory", "import", str(file), "--json")
    told = json.loads(taken.stdout)
    assert told["added"] > 5
    assert list(told["other_languages"]) == ["ca"]
    again = json.loads(run_in(other, "translate", "memory", "import", str(file), "--json").stdout)
    assert (again["added"], again["there_already"]) == (0, told["added"])
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []


def test_a_glossary_comes_in_changes_the_page_and_goes_out(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "terms.tbx"
    file.write_text(TERMS.format("bell", "cencerro"))
    taken = run("translate", "glossary", "import", str(file), "--as", "fixed", "--json")
    assert json.loads(taken.stdout)["added"] == 1
    assert run("translate", "run").returncode == 0
    page = json.loads(run("show", "1", "--language", "es", "--json").stdout)
    assert "cencerro" in json.dumps(page, ensure_ascii=False)
    assert run("translate", "text", "A bell.", "--from", "en", "--to", "es").stdout.strip().endswith("cencerro.")
    file.write_text(TERMS.format("Bell", "campana"))
    refused = run("translate", "glossary", "import", str(file))
    assert refused.returncode == 1
    assert "bell = cencerro" in refused.stderr
    assert "Bell = campana" in refused.stderr
    assert run("translate", "glossary", "export", str(file)).returncode == 0
    assert "cencerro" in file.read_text()


def test_an_article_goes_to_a_translator_outside_and_comes_back(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "article.xlf"
    assert run("translate", "xliff", "export", "1", str(file), "--to", "es").returncode == 0
    content = file.read_text().replace('state="initial"', 'state="final"')
    file.write_text(content)
    told = json.loads(run("translate", "xliff", "import", str(file), "--by", "Agency", "--json").stdout)
    assert told["taken"] == content.count("<unit ")
    assert json.loads(run("show", "1", "--language", "es", "--json").stdout)["state"] == "human"


def test_what_cannot_be_read_or_written_is_one_line_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<html/>")
    for kind in ("memory", "glossary", "xliff"):
        refused = run("translate", kind, "import", str(file))
        assert refused.returncode == 1
        assert refused.stderr == "dragoman: page.html, line 1: this is no such file: it begins with <html>.\n"
    kept = tmp_path / "kept.xlf"
    kept.write_text("kept")
    assert run("translate", "xliff", "export", "999", str(kept), "--to", "es").returncode == 1
    assert kept.read_text() == "kept"
    assert run("translate", "glossary", "import", str(file), "--as", "odd").returncode == 1
