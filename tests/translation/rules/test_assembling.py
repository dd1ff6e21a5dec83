"""A unit is put together for a reader from the translations that are there."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from dragoman.translation.rules.assembling import ARTICLE_SHARE, Chosen, Placed, Whole, assemble
from dragoman.translation.rules.layout import lay_out
from dragoman.translation.rules.markdown import parse

MACHINE = Chosen(5, "", "ok", "machine", engine="local", version="1", pivot="ca", at=datetime(2026, 5, 4, tzinfo=UTC))
HUMAN = Chosen(6, "", "ok", "human", by="Blai")
ROUGH = replace(MACHINE, quality="rough", findings=("numbers",))
REJECTED = replace(MACHINE, quality="rejected", findings=("script", "length"))


def unit(text: str, *chosen: Chosen | None, names: tuple[str, ...] = (), **more: Any) -> Whole:
    """A comment of sentences that are translated as told; a translation without words gets some."""
    layout = lay_out(parse(text, names), "en", names)
    sentences = {}
    for anchor, ((_, one), choice) in enumerate(zip(layout.sentences, chosen, strict=True), 1):
        words = choice and replace(choice, text=choice.text or f"Frase {anchor}.")
        sentences[anchor] = Placed(anchor, one.marked, one.contents, one.before, one.after, words)
    return Whole(7, "en", 3, layout.template(sorted(sentences)), sentences, source=text, **more)


def article(there: int, missing: int, *, without: str = "") -> Whole:
    """An article of one-sentence blocks; ``without``: a block that is missing instead of a paragraph."""
    ids = ["headline", "lead", *(f"p{number}" for number in range(there + missing - 2))]
    absent = {without} if without else set(ids[len(ids) - missing :] if missing else [])
    sentences = {
        anchor: Placed(anchor, "A lamp.", {}, chosen=None if name in absent else replace(MACHINE, text="Un llum."))
        for anchor, name in enumerate(ids, 1)
    }
    template = [{"t": "paragraph", "id": name, "a": [anchor]} for anchor, name in enumerate(ids, 1)]
    return Whole(7, "en", 3, template, sentences, all_or_nothing=False)


@pytest.mark.parametrize(
    ("chosen", "can_come", "state"),
    [
        ((HUMAN, HUMAN), True, "human"),
        ((MACHINE, MACHINE), True, "machine"),
        ((MACHINE, HUMAN), True, "machine"),
        ((HUMAN, ROUGH), True, "rough"),
        ((MACHINE, None), True, "pending"),
        ((None, None), False, "unavailable"),
        ((MACHINE, None), False, "unavailable"),
        ((MACHINE, REJECTED), True, "failed"),
        ((REJECTED, REJECTED), False, "failed"),
        ((REJECTED, None), True, "pending"),
    ],
)
def test_a_comment_is_shown_whole_or_in_its_own_language(
    chosen: tuple[Chosen | None, ...], can_come: bool, state: str
) -> None:
    shown = assemble(unit("A lamp. Two lamps.", *chosen), "ca", original=False, can_come=can_come)
    assert shown.state == state
    assert shown.is_translated is (state in ("human", "machine", "rough"))
    assert shown.language == ("ca" if shown.is_translated else "en")
    assert shown.text == ("Frase 1. Frase 2." if shown.is_translated else "A lamp. Two lamps.")


@pytest.mark.parametrize(("language", "original"), [("ca", True), ("en", False), ("en-GB", False)])
def test_who_understands_it_reads_the_original(language: str, original: bool) -> None:
    shown = assemble(unit("A lamp.", HUMAN), language, original=original, can_come=True)
    assert (shown.state, shown.text, shown.original) == ("original", "A lamp.", None)
    assert shown.origin.kind == "source"


def test_a_translation_carries_its_original() -> None:
    shown = assemble(unit("A lamp.", MACHINE), "ar", original=False, can_come=True)
    assert (shown.language, shown.direction) == ("ar", "rtl")
    assert shown.original is not None
    assert (shown.original.text, shown.original.direction) == ("A lamp.", "ltr")


def test_the_origin_names_the_engine_and_the_person() -> None:
    shown = assemble(unit("A lamp. Two lamps.", MACHINE, HUMAN), "ca", original=False, can_come=True)
    origin = shown.origin
    assert (origin.kind, origin.engine, origin.pivot, origin.by) == ("mixed", "local", "ca", "Blai")
    assert shown.version == "3.6"


def test_the_reason_of_a_failure_is_told() -> None:
    shown = assemble(unit("A lamp.", REJECTED), "ca", original=False, can_come=True)
    assert (shown.reason, shown.share) == ("length,script", 0.0)


def test_what_has_no_words_needs_no_translation() -> None:
    shown = assemble(unit("🙂 https://a.example/x", None), "ca", original=False, can_come=False)
    assert (shown.state, shown.share) == ("original", 1.0)
    assert shown.blocks["b1"].state == "original"


def test_a_paragraph_without_words_is_nobodys_translation() -> None:
    shown = assemble(unit("A lamp.\n\n🙂", MACHINE, None), "ca", original=False, can_come=False)
    assert (shown.state, shown.blocks["b2"].state) == ("machine", "original")


def test_a_name_stands_in_the_translation_as_it_was_typed() -> None:
    whole = unit("_AMUHb_ sat. A lamp.", replace(MACHINE, text="Va seure ⟦1⟧."), MACHINE, names=("_AMUHb_",))
    shown = assemble(whole, "ca", original=False, can_come=True)
    assert shown.text == "Va seure _AMUHb_. Frase 2."
    assert '<bdi translate="no">_AMUHb_</bdi>' in shown.html


@pytest.mark.parametrize(
    ("whole", "state"),
    [
        (article(10, 0), "machine"),
        (article(9, 1), "machine"),
        (article(18, 2), "machine"),
        (article(17, 3), "pending"),
        (article(8, 1), "pending"),
        (article(20, 0, without="lead"), "pending"),
        (article(20, 0, without="headline"), "pending"),
    ],
)
def test_an_article_is_shown_when_nine_tenths_of_it_are_there(whole: Whole, state: str) -> None:
    shown = assemble(whole, "ca", original=False, can_come=True)
    assert shown.state == state
    assert (shown.share >= ARTICLE_SHARE) is (state == "machine") or "lead" in str(whole.template)


def test_a_missing_paragraph_of_an_article_stands_in_its_own_language() -> None:
    shown = assemble(article(19, 1), "ca", original=False, can_come=True)
    there, missing = shown.blocks["p0"], shown.blocks["p17"]
    assert (there.state, there.language, there.text) == ("machine", "ca", "Un llum.")
    assert (missing.state, missing.language, missing.text) == ("pending", "en", "A lamp.")
    assert missing.sentences == ((20, "A lamp."),)


def test_everything_is_escaped() -> None:
    evil = '<script>alert("1")</script> & <b>lamp</b>'
    whole = unit(f"{evil} `<i>`", replace(MACHINE, text='"><img src=x> ⟦1⟧⟦2⟧⟦3⟧⟦4⟧'))
    for original in (True, False):
        shown = assemble(whole, "ca", original=original, can_come=True)
        for html in (shown.html, *(block.html for block in shown.blocks.values())):
            assert not any(tag in html for tag in ("<script", "<img", "<b>", "<i>"))
            assert "&lt;" in html


def test_each_sentence_is_an_element_with_its_glue_outside() -> None:
    whole = unit("*A lamp. Two.*", MACHINE, None)
    html = assemble(whole, "ca", original=True, can_come=True).blocks["b1"].html
    assert html == (
        '<em><span class="sentence" data-occurrence="1">A lamp.</span> </em>'
        '<em><span class="sentence" data-occurrence="2">Two.</span></em>'
    )
