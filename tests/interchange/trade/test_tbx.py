"""Glossaries of the trade."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from translate.storage.tbx import tbxfile

from dragoman.foundation.errors import InvalidInput
from dragoman.interchange.importers.errors import BadFile
from dragoman.interchange.trade.tbx import Result, read_glossary, write_glossary
from dragoman.publication.models import SectionPage
from dragoman.translation import errors
from dragoman.translation.glossary import Row, import_terms, terms_of
from dragoman.translation.models import GlossaryChange, GlossaryTerm, Recheck
from dragoman.translation.rules.glossary import Form, Term, Treatment

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<martif type="TBX" xml:lang="en">\n<text><body>\n'
TAIL = "</body></text></martif>\n"


def entry(words: str, translated: str, language: str = "es", more: str = "") -> str:
    sides = ""
    for tag, terms in (("en", words), (language, translated)):
        tigs = "".join(f"<tig><term>{one}</term></tig>" for one in terms.split("|") if one)
        sides += f'<langSet xml:lang="{tag}">{tigs}</langSet>'
    return f"<termEntry>{more}{sides}</termEntry>\n"


def taken(tmp_path: Path, content: str, *, source: str = "", treatment: Treatment = "soft") -> Result:
    path = tmp_path / "terms.tbx"
    path.write_text(content, "utf-8")
    return read_glossary(path, by="Import", source=source, treatment=treatment)


def written() -> str:
    file = StringIO()
    write_glossary(file)
    return file.getvalue()


def listed() -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    terms = [one.term for one in terms_of()]
    return [
        (one.from_language, one.to_language, one.treatment, [(form.written, form.translated) for form in one.forms])
        for one in terms
    ]


def test_another_tools_glossary_is_taken_in_as_soft_terms(tmp_path: Path, db: None) -> None:
    result = taken(tmp_path, HEAD + entry("ferry|ferries", "transbordador|transbordadores|ferri") + TAIL)
    assert (result.added, result.there) == (1, 0)
    pairs = [("ferry", "transbordador"), ("ferries", "transbordadores"), ("ferry", "ferri")]
    assert listed() == [("en", "es", "soft", pairs)]


def test_the_form_of_2019_is_read_too_and_withdrawn_terms_are_left_out(tmp_path: Path, db: None) -> None:
    content = """<?xml version="1.0"?><tbx type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
<text><body><conceptEntry id="1"><langSec xml:lang="en"><termSec><term>bell</term></termSec></langSec>
<langSec xml:lang="es"><termSec><term>timbre</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></termSec>
<termSec><term>campana</term></termSec></langSec></conceptEntry></body></text></tbx>"""
    assert taken(tmp_path, content, treatment="fixed").added == 1
    assert listed() == [("en", "es", "fixed", [("bell", "campana")])]


def test_a_glossary_may_be_read_from_its_other_side(tmp_path: Path, db: None) -> None:
    assert taken(tmp_path, HEAD + entry("ferry", "transbordador") + TAIL, source="es").added == 1
    assert listed() == [("es", "en", "soft", [("transbordador", "ferry")])]


def test_other_languages_and_lonely_terms_are_counted(tmp_path: Path, db: None) -> None:
    result = taken(tmp_path, HEAD + entry("ferry", "bád farantóireachta", "ga") + entry("bell", "") + TAIL)
    assert (result.added, result.alone, dict(result.other_languages)) == (0, 1, {"ga": 1})


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (HEAD + entry("one", "uno") + entry("two", "dos", "xx") + TAIL, 5, "“xx” is no language"),
        (HEAD + entry("one", "uno", more='<admin type="x-treatment">burn</admin>') + TAIL, 4, "none of keep"),
        (HEAD + entry("one", "uno", more='<admin type="x-section">nowhere</admin>') + TAIL, 4, "no section “nowhere”"),
        (HEAD + entry("one", "uno", more='<admin type="x-priority">high</admin>') + TAIL, 4, "a priority is a number"),
        (HEAD + entry("—", "uno") + TAIL, 4, "neither a letter nor a digit"),
        (HEAD + entry("one", "uno"), 5, "no element found"),
        ("<tmx/>", 1, "begins with <tmx>"),
    ],
)
def test_a_bad_file_is_refused_whole_with_the_line(tmp_path: Path, db: None, content: str, line: int, why: str) -> None:
    with pytest.raises(BadFile, match=why) as refused:
        taken(tmp_path, content)
    assert f"terms.tbx, line {line}:" in str(refused.value)
    assert not GlossaryTerm.objects.exists()


def test_a_glossary_that_contradicts_itself_is_refused_with_both_rows(tmp_path: Path, db: None) -> None:
    with pytest.raises(errors.GlossaryContradicts, match=r"ferry = transbordador.*Ferry = barco"):
        taken(tmp_path, HEAD + entry("ferry", "transbordador") + entry("Ferry", "barco") + TAIL)
    assert not GlossaryTerm.objects.exists()


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=10)
ROWS = st.builds(
    lambda word, forms, kind, target, section, case, priority, note: Row(
        Term(0, "en", "" if kind == "keep" and target == "ca" else target, kind,
             (Form(f"x{word}", "uno"), *(Form(f"y{one}", other) for one, other in forms)), section, case, priority),
        note,
    ),
    WORDS, st.lists(st.tuples(WORDS, WORDS), max_size=3), st.sampled_from(["keep", "fixed", "soft"]),
    st.sampled_from(["es", "ca"]), st.booleans(), st.booleans(), st.integers(-100, 100), WORDS | st.just(""),
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ROWS, max_size=4))
def test_what_goes_out_comes_in_as_it_was(tmp_path: Path, section: SectionPage, rows: list[Row]) -> None:
    for model in (GlossaryTerm, GlossaryChange, Recheck):
        model.objects.all().delete()
    for row in rows:
        term = row.term
        placed = Term(
            0, term.from_language, term.to_language, term.treatment, term.forms, section.pk if term.section else None,
            term.heeds_case, term.priority,
        )  # fmt: skip
        try:
            import_terms([Row(placed, row.note)], by="Thea")
        except (errors.GlossaryContradicts, InvalidInput):
            continue
    before = _told()
    content = written()
    GlossaryTerm.objects.all().delete()
    taken(tmp_path, content)
    assert _told() == before


def _told() -> set[str]:
    return {
        str(
            (
                list(row.forms),
                row.source,
                row.target,
                row.treatment,
                row.section,
                row.heeds_case,
                row.priority,
                row.note,
            )
        )
        for row in GlossaryTerm.objects.all()
    }


def test_another_tool_reads_what_we_write(tmp_path: Path, db: None) -> None:
    taken(tmp_path, HEAD + entry("ferry", "transbordador") + TAIL)
    path = tmp_path / "ours.tbx"
    path.write_text(written(), "utf-8")
    with path.open("rb") as file:
        assert [(str(one.source), str(one.target)) for one in tbxfile(file).units] == [("ferry", "transbordador")]


def test_we_read_what_another_tool_writes(tmp_path: Path, db: None) -> None:
    store: Any = tbxfile(sourcelanguage="en", targetlanguage="es")
    store.addsourceunit("ferry & bell").target = "transbordador"
    path = tmp_path / "theirs.tbx"
    with path.open("wb") as file:
        store.serialize(file)
    assert read_glossary(path, by="Import", source="en").added == 1
    assert listed() == [("en", "es", "soft", [("ferry & bell", "transbordador")])]
