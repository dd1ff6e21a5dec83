"""Units and their occurrences over edits."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.translation import actions, passages, queries
from dragoman.translation.models import Occurrence, Revision, Segment, Unit
from dragoman.translation.rules import markdown
from dragoman.translation.wishes import request_translations
from tests.conftest import Script, Work


def _store(text: str, owner: int = 1) -> int:
    return actions.store_texts([actions.NewText("article", owner, "en", markdown.parse(text))])[0]


def _revise(unit: int, text: str) -> bool:
    return actions.revise_text(unit, language="en", document=markdown.parse(text))


def _anchors(unit: int) -> dict[str, int]:
    return {one.text: one.occurrence for one in passages.sentences_of(unit)}


def test_a_sentence_is_stored_once_however_often_it_occurs(db: None) -> None:
    _store("The door is open.", 1)
    _store("The door is open.", 2)
    assert Segment.objects.filter(text="The door is open.").count() == 1


def test_an_edit_keeps_the_ids_of_the_sentences_that_stayed(db: None) -> None:
    unit = _store("The first one stands here. The second one stands there. The third one is gone.")
    before = _anchors(unit)
    assert _revise(unit, "A new beginning was written. The second one stands there! The first one stands here.")
    after = _anchors(unit)
    assert after["The first one stands here."] == before["The first one stands here."]
    assert after["The second one stands there!"] == before["The second one stands there."]
    assert after["A new beginning was written."] not in before.values()


def test_the_same_text_again_makes_no_revision(db: None) -> None:
    unit = _store("The door is open.")
    assert not _revise(unit, "The door is open.")
    assert Revision.objects.filter(unit=unit).count() == 1


def test_an_old_version_can_still_be_quoted(db: None) -> None:
    unit = _store("The bread is warm today. Nobody knows why.")
    quoted = _anchors(unit)["The bread is warm today."]
    _revise(unit, "Nobody knows why.")
    key = passages.PassageKey(unit, quoted, 1)
    passage = passages.present_passages([key], "en")[key]
    assert (passage.exact, passage.is_current) == ("The bread is warm today.", False)


def test_only_changed_sentences_are_asked_for_again(engine: Script, work: Work) -> None:
    unit = _store("The first one stands here. The second one stands there.")
    request_translations([unit], priority=3)
    work()
    _revise(unit, "The first one stands here. The second one was painted.")
    assert request_translations([unit], priority=3, languages=["es"]) == 1


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6), min_size=1, max_size=5))
def test_after_any_edits_the_text_is_the_last_one_and_every_id_is_unique(db: None, versions: list[list[str]]) -> None:
    words = {letter: f"Sentence {letter * 6} stands here." for letter in "abcdefgh"}
    texts = [" ".join(words[letter] for letter in version) for version in versions]
    unit = _store(texts[0], owner=Unit.objects.count() + 1)
    for text in texts[1:]:
        _revise(unit, text)
    assert queries.present([unit], "en")[unit].text == texts[-1]
    rows = list(Occurrence.objects.filter(unit=unit, last_revision=None).values_list("anchor", flat=True))
    assert len(rows) == len(set(rows)) == len(versions[-1])


def test_raw_names_do_not_change_the_memory(db: None) -> None:
    for owner, name in enumerate(("Ruben Askelund", "Oda Brennick"), 1):
        text = f"The idea came from {name} in winter."
        new = actions.NewText("article", owner, "en", markdown.parse(text, [name]), (name,))
        actions.store_texts([new])
    assert Segment.objects.count() == 1
