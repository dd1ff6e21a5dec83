"""Memories of the trade."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from translate.storage.tmx import tmxfile

from dragoman.foundation.text import one_line
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.trade.tmx import Result, read_memory, write_memory
from dragoman.translation.actions import hold_text
from dragoman.translation.memories import Count, Entry, Word, entries, remember
from dragoman.translation.models import Current, Job, Segment, Translation
from dragoman.translation.queries import present
from tests.conftest import Script, Work
from tests.translation.test_glossary import text

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n<header srclang="en" creationtool="Other"/>\n<body>\n'
)
UNIT = '<tu><tuv xml:lang="en"><seg>{}</seg></tuv><tuv xml:lang="{}"><seg>{}</seg></tuv></tu>\n'
TAIL = "</body>\n</tmx>\n"


def written(*, by_people: bool = False) -> str:
    file = StringIO()
    write_memory(file, "0", by_people=by_people)
    return file.getvalue()


def taken(tmp_path: Path, content: str | bytes, by: str = "Import") -> Result:
    path = tmp_path / "memory.tmx"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_memory(path, by=by)


def forget() -> None:
    Current.objects.all().delete()
    Translation.objects.all().delete()
    Segment.objects.all().delete()


def test_another_tools_memory_translates_what_is_written_from_then_on(
    tmp_path: Path, engine: Script, work: Work
) -> None:
    content = (
        HEAD
        + UNIT.format(
            "Anna Lund opened the <bpt i='1'>&lt;b&gt;</bpt>door<ept i='1'>&lt;/b&gt;</ept>.",
            "es",
            "Anna Lund abrió la puerta.",
        )
        + TAIL
    )
    result = taken(tmp_path, content, by="Agency")
    assert (result.count.added, result.undivided) == (1, 0)
    unit = text("Maria Berg opened the door.", names=("Maria Berg",))
    work()
    found = present([unit], "es")[unit]
    assert (found.text, found.state, found.origin.by) == ("Maria Berg abrió la puerta.", "human", "Agency")


def test_what_is_on_a_page_already_is_replaced_but_for_a_persons_word(
    tmp_path: Path, engine: Script, work: Work
) -> None:
    machine, human = text("The door is open at night."), text("The bread is warm today.")
    work()
    remember([Entry("en", "The bread is warm today.", (Word("es", "El pan está caliente.", by="Thea"),))], Count())
    content = HEAD + UNIT.format("The door is open at night.", "es", "La puerta está abierta.")
    content += UNIT.format("The bread is warm today.", "es", "El pan de hoy.") + TAIL
    result = taken(tmp_path, content)
    assert (result.count.added, result.count.kept) == (1, 1)
    assert present([machine], "es")[machine].text == "La puerta está abierta."
    assert present([human], "es")[human].text == "El pan está caliente."
    assert not Job.objects.filter(language="es").exists()


def test_a_memory_that_is_read_twice_adds_nothing_twice(tmp_path: Path, db: None) -> None:
    content = HEAD + UNIT.format("The door is open.", "es", "La puerta está abierta.") + TAIL
    assert taken(tmp_path, content).count.added == 1
    again = taken(tmp_path, content)
    assert (again.count.added, again.count.there) == (0, 1)
    assert Translation.objects.count() == 1


def test_an_entry_of_several_sentences_is_cut_where_both_sides_agree(tmp_path: Path, db: None) -> None:
    content = HEAD + UNIT.format(
        "The door is open. The bread is warm.", "es", "La puerta está abierta. El pan está caliente."
    )
    content += UNIT.format("It is late. We go home.", "es", "Es tarde y nos vamos a casa.") + TAIL
    result = taken(tmp_path, content)
    assert (result.count.added, result.undivided) == (2, 1)
    assert {one.text for one in entries()} == {"The door is open.", "The bread is warm."}


def test_languages_that_are_no_edition_are_counted_and_left_out(tmp_path: Path, db: None) -> None:
    content = HEAD + UNIT.format("The door is open.", "ga", "Tá an doras ar oscailt.") + TAIL
    result = taken(tmp_path, content)
    assert (result.count.added, dict(result.other_languages)) == (0, {"ga": 1})


def test_a_memory_in_utf_16_with_a_document_type_is_read(tmp_path: Path, db: None) -> None:
    content = HEAD.replace("UTF-8", "UTF-16").replace("<tmx", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx', 1)
    content += UNIT.format("The café is open.", "es", "El café está abierto.") + TAIL
    assert taken(tmp_path, content.encode("utf-16")).count.added == 1


BOMB = '<!DOCTYPE tmx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n<tmx version="1.4"><header srclang="en"/><body>'


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        ("", 1, "no element found"),
        ("<html/>", 1, "begins with <html>"),
        ('<?xml version="1.0"?>\n' + BOMB + UNIT.format("&b;", "es", "x") + TAIL, 2, "entities are not allowed"),
        (HEAD + UNIT.format("One.", "es", "Uno.") + UNIT.format("Two.", "xx", "Dos.") + TAIL, 6, "“xx” is no language"),
        (HEAD + UNIT.format("One.", "", "Uno.") + TAIL, 5, "“” is no language"),
        (HEAD + '<tu><tuv xml:lang="en"><seg>One.</seg></tuv></tu>' + TAIL, 5, "fewer than two languages"),
        (HEAD + '<tu srclang="de">' + UNIT.format("One.", "es", "Uno.")[4:] + TAIL, 5, "its source language de"),
        (HEAD + '<tu><tuv xml:lang="en"/><tuv xml:lang="es"/></tu>' + TAIL, 5, "has no text"),
        (HEAD + UNIT.format("One.", "es", "Uno."), 6, "no element found"),
        (HEAD + "<tu>" * 200 + TAIL, 5, "nested too deeply"),
        (HEAD + UNIT.format("x" * 1_000_001, "es", "Uno.") + TAIL, 5, "too long"),
        (HEAD.replace("Other", "Dragoman") + UNIT.format("One", "es", '<bpt i="1"/>Uno') + TAIL, 5, "do not belong"),
        ("<?xml version='1.0' encoding='nonsense'?><tmx/>", 1, "encoding"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_whole_with_the_line(tmp_path: Path, db: None, content: str, line: int, why: str) -> None:
    with pytest.raises(BadFile, match=why) as refused:
        taken(tmp_path, content)
    assert f"memory.tmx, line {line}:" in str(refused.value)
    assert not Translation.objects.exists()


def test_directions_and_markers_that_were_typed_do_no_harm(tmp_path: Path, db: None) -> None:
    content = HEAD + UNIT.format("The door is open.", "es", "La \u202epuerta⟦9⟧ está\u2066 abierta.") + TAIL
    taken(tmp_path, content)
    assert Translation.objects.get().text == "La puerta[9] está abierta."


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="⟦⟧"), min_size=1, max_size=12)
PARTS = st.sampled_from(["⟦1⟧", "⟦+2⟧ here ⟦-2⟧", "⟦*3⟧ so ⟦/3⟧", "&", "<b>", "]]>", "a  b"])
MARKED = st.lists(WORDS | PARTS, min_size=1, max_size=5, unique=True).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        MARKED.map(one_line).filter(bool),
        st.dictionaries(
            st.sampled_from(["es", "ca", "ar"]),
            st.tuples(MARKED.map(one_line).filter(bool), st.sampled_from(["human", "machine"])),
            min_size=1,
        ),
        max_size=4,
    )
)
def test_what_goes_out_comes_in_as_it_was(
    tmp_path: Path, db: None, memory: dict[str, dict[str, tuple[str, Any]]]
) -> None:
    forget()
    made = [
        Entry(
            "en",
            source,
            tuple(
                Word(
                    language,
                    text,
                    origin,
                    "Thea" if origin == "human" else "",
                    engine="" if origin == "human" else "echo",
                )
                for language, (text, origin) in words.items()
            ),
        )
        for source, words in memory.items()
    ]
    remember(made, Count())
    before = {(one.language, one.text, one.kind, one.words) for one in entries()}
    content = written()
    forget()
    taken(tmp_path, content)
    after = {(one.language, one.text, one.kind, one.words) for one in entries()}
    assert _without_fractions(after) == _without_fractions(before)
    assert len(after) == len(memory)


def _without_fractions(found: set[Any]) -> set[Any]:
    """TMX keeps whole seconds."""
    return {
        (
            language,
            text,
            kind,
            tuple((one.language, one.text, one.origin, one.by, one.engine, f"{one.at:%F %T}") for one in words),
        )
        for language, text, kind, words in found
    }


def test_another_tool_reads_what_we_write(tmp_path: Path, db: None) -> None:
    remember(
        [Entry("en", "⟦1⟧ opened the door & left.", (Word("es", "⟦1⟧ abrió la puerta y se fue.", by="Thea"),))], Count()
    )
    path = tmp_path / "ours.tmx"
    path.write_text(written(), "utf-8")
    with path.open("rb") as file:
        units = tmxfile(file, "en", "es").units
    assert [(str(one.source), str(one.target)) for one in units] == [
        (" opened the door & left.", " abrió la puerta y se fue.")
    ]


def test_we_read_what_another_tool_writes(tmp_path: Path, db: None) -> None:
    store = tmxfile()
    store.addtranslation("The door is open & wide.", "en", "La puerta está abierta.", "es")
    path = tmp_path / "theirs.tmx"
    with path.open("wb") as file:
        store.serialize(file)
    assert read_memory(path, by="Import").count.added == 1
    assert [(one.text, one.words[0].text) for one in entries()] == [
        ("The door is open & wide.", "La puerta está abierta.")
    ]


def test_peoples_words_alone_go_out_where_they_are_asked_for(engine: Script, work: Work) -> None:
    engine(answers={"es|The door is open at night.": "La puerta está abierta por la noche."})
    text("The door is open at night.")
    work()
    remember([Entry("en", "The bread is warm.", (Word("es", "El pan está caliente.", by="Thea"),))], Count())
    assert "The door is open at night." in written()
    assert "The door is open at night." not in written(by_people=True)
    assert "El pan está caliente." in written(by_people=True)


def test_what_is_held_or_a_draft_does_not_go_out(engine: Script, work: Work) -> None:
    engine(answers={"es|The door is open at night.": "La puerta está abierta por la noche."})
    unit = text("The door is open at night.", kind="comment")
    work()
    assert "The door is open at night." in written()
    hold_text(unit)
    assert "The door is open at night." not in written()


def test_regions_of_other_tools_are_the_editions_that_readers_have(tmp_path: Path, db: None) -> None:
    content = HEAD.replace('srclang="en"', 'srclang="en-US"')
    content += UNIT.format("The door is open.", "es-ES", "La puerta está abierta.").replace('"en"', '"en-US"') + TAIL
    result = taken(tmp_path, content)
    assert (result.count.added, dict(result.other_languages)) == (1, {})
    assert [(one.language, one.words[0].language) for one in entries()] == [("en", "es")]


def test_an_engines_word_of_elsewhere_replaces_none_here(tmp_path: Path, db: None) -> None:
    remember([Entry("en", "The door is open.", (Word("es", "Nuevo.", "machine", engine="new"),))], Count())
    content = written().replace("Nuevo.", "Viejo.")
    assert taken(tmp_path, content).count.kept == 1
    assert [one.words[0].text for one in entries()] == ["Nuevo."]
