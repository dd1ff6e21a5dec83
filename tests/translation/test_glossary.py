"""A change of the glossary touches the sentences that have its terms, and no others."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.foundation.errors import InvalidInput, NotAllowed
from dragoman.readers.policies import Actor
from dragoman.translation import actions, correcting, errors, glossary
from dragoman.translation.attempts import Attempt
from dragoman.translation.correcting import Place, Seen
from dragoman.translation.glossary import Row
from dragoman.translation.models import Current, GlossaryChange, GlossaryTerm, Job, Recheck, SectionTopic, Translation
from dragoman.translation.operating import switch_engine
from dragoman.translation.placing import place_topic
from dragoman.translation.queries import present
from dragoman.translation.rechecking import finder_of, recheck_a_page
from dragoman.translation.rules import markdown
from dragoman.translation.rules.glossary import Form, Term, Treatment
from dragoman.translation.wishes import request_translations
from tests.conftest import MakeActor, Script, Work

_numbers = iter(range(1, 1_000_000))
FERRY = "The ferry goes at noon today."
DOOR = "The door is open at night."


@pytest.fixture
def thea(make_actor: MakeActor) -> Actor:
    """Translates."""
    return make_actor("Thea", "translator")


@pytest.fixture
def answering(engine: Script) -> None:
    """An engine whose answers pass the checks."""
    engine(
        answers={
            f"es|{FERRY}": "El ferri sale hoy a mediodía.",
            "es|The ⟦1⟧ goes at noon today.": "El ⟦1⟧ sale hoy a mediodía.",
            f"es|{DOOR}": "La puerta está abierta por la noche.",
            "es|⟦1⟧ is open at night today.": "⟦1⟧ está abierto hoy por la noche.",
        }
    )


def text(words: str, *, kind: str = "article", topic: str = "article:1", names: tuple[str, ...] = ()) -> int:
    made = actions.NewText(kind, next(_numbers), "en", markdown.parse(words, names), names, topic=topic)
    unit = actions.store_texts([made])[0]
    request_translations([unit], priority=3)
    return unit


def shown(unit: int, language: str = "es") -> str:
    return present([unit], language)[unit].text


def term(
    written: str = "ferry",
    translated: str = "transbordador",
    treatment: Treatment = "fixed",
    *,
    number: int = 0,
    changed: int = 0,
    target: str = "es",
    section: int | None = None,
) -> Row:
    return Row(Term(number, "en", target, treatment, (Form(written, translated),), section), changed=changed)


def wait_for_looks() -> None:
    while recheck_a_page():
        pass


def test_signs_that_no_text_keeps_are_not_kept_in_a_term(db: None) -> None:
    kept = glossary.checked(Term(0, "en", "es", "fixed", (Form("fer\u200ery\ufffe", "ferri\x00\uffff"),)))
    assert kept.forms == (Form("ferry", "ferri"),)


def test_a_new_term_asks_again_for_the_sentences_that_have_it_and_for_no_other(
    answering: None, work: Work, thea: Actor
) -> None:
    ferry, door = text(FERRY), text(DOOR)
    work()
    before = shown(door)
    glossary.save_term(actor=thea, row=term())
    wait_for_looks()
    assert {(job.segment.text, job.language) for job in Job.objects.select_related("segment")} == {(FERRY, "es")}
    assert shown(ferry) == "El ferri sale hoy a mediodía."  # until the new one is there
    work()
    assert shown(ferry) == "El transbordador sale hoy a mediodía."
    assert shown(door) == before
    assert not Job.objects.exists()
    assert not Recheck.objects.exists()


def test_a_term_that_is_taken_away_gives_the_engine_its_word_back(answering: None, work: Work, thea: Actor) -> None:
    unit = text(FERRY)
    made = glossary.save_term(actor=thea, row=term())
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
    glossary.delete_term(actor=thea, term_id=made, changed=glossary.term(made).changed)
    work()
    assert shown(unit) == "El ferri sale hoy a mediodía."
    told = [(one.before is None, one.after is None, one.by) for one in GlossaryChange.objects.order_by("id")]
    assert told == [(True, False, "Thea"), (False, True, "Thea")]


def test_a_persons_word_is_asked_for_no_engine(answering: None, work: Work, thea: Actor) -> None:
    unit = text(FERRY)
    work()
    at = Place(unit, 1, "es")
    wording = Current.objects.filter(segment__text=FERRY).values_list("segment", flat=True)[0]
    correcting.correct(actor=thea, place=at, text="La barca sale hoy.", seen=Seen(wording), everywhere=True)
    glossary.save_term(actor=thea, row=term())
    wait_for_looks()
    assert not Job.objects.filter(language="es").exists()
    assert shown(unit) == "La barca sale hoy."


def test_a_soft_term_marks_the_answers_without_it_as_rough(answering: None, work: Work, thea: Actor) -> None:
    unit = text(FERRY, kind="comment")
    glossary.save_term(actor=thea, row=term(treatment="soft"))
    work()
    found = present([unit], "es")[unit]
    assert (found.text, found.state, found.reason) == ("El ferri sale hoy a mediodía.", "rough", "terms")


def test_a_new_soft_term_makes_an_earlier_answer_rough_though_it_was_clean(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = text(FERRY, kind="comment")
    work()
    assert present([unit], "es")[unit].state == "machine"
    glossary.save_term(actor=thea, row=term(treatment="soft"))
    work()
    assert present([unit], "es")[unit].state == "rough"


def test_a_sentence_that_is_all_terms_needs_no_engine(engine: Script, work: Work, thea: Actor) -> None:
    engine(faults={"⟦1⟧": "poison"})
    glossary.save_term(actor=thea, row=term("Good morning", "Buenos días"))
    unit = text("Good morning")
    work()
    found = present([unit], "es")[unit]
    assert (found.text, found.origin.engine) == ("Buenos días", "glossary")


def test_a_name_that_engines_never_see_is_shown_in_its_fixed_translation(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = text("Kharkiv is open at night today.", names=("Kharkiv",))
    work()
    assert shown(unit) == "Kharkiv está abierto hoy por la noche."
    glossary.save_term(actor=thea, row=term("Kharkiv", "Járkov"))
    assert shown(unit) == "Járkov está abierto hoy por la noche."
    assert shown(unit, "en") == "Kharkiv is open at night today."


def test_a_term_of_a_section_holds_for_the_texts_of_the_section_alone(answering: None, work: Work, thea: Actor) -> None:
    place_topic("article:7", 70)
    here, there = text(FERRY, topic="article:7"), text(FERRY, topic="article:8")
    work()
    made = glossary.save_term(actor=thea, row=term(section=70))
    work()
    assert shown(here) == "El transbordador sale hoy a mediodía."
    assert shown(there) == "El ferri sale hoy a mediodía."
    glossary.delete_term(actor=thea, term_id=made, changed=glossary.term(made).changed)
    work()
    assert shown(here) == "El ferri sale hoy a mediodía."


def test_a_text_that_moves_to_another_section_gets_its_terms(answering: None, work: Work, thea: Actor) -> None:
    place_topic("article:7", 70)
    glossary.save_term(actor=thea, row=term(section=71))
    unit = text(FERRY, topic="article:7")
    work()
    assert shown(unit) == "El ferri sale hoy a mediodía."
    place_topic("article:7", 71)
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
    assert SectionTopic.objects.get().section == 71


def test_an_answer_that_was_under_way_while_the_glossary_changed_is_asked_for_again(
    answering: None, work: Work, thea: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = text(FERRY)
    first = [True]

    run = Attempt.run

    def changed_meanwhile(self: Attempt, *told: object) -> object:
        found = run(self, *told)  # type: ignore[arg-type]
        if first.pop() if first else False:
            glossary.save_term(actor=thea, row=term())
        return found

    monkeypatch.setattr(Attempt, "run", changed_meanwhile)
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
    assert not Translation.objects.filter(segment__text=FERRY, language="es", glossary="").exists()


def test_a_word_that_the_new_term_cannot_be_had_for_is_not_asked_for_for_ever(
    engine: Script, work: Work, thea: Actor
) -> None:
    engine(answers={f"es|{FERRY}": "El ferri sale hoy a mediodía."}, faults={"The ⟦1⟧ goes at noon today.": "empty"})
    unit = text(FERRY)
    work()
    glossary.save_term(actor=thea, row=term())
    work()
    request_translations([unit], priority=3)
    assert not Job.objects.filter(language="es").exists()


def test_what_a_change_would_do_is_told_without_doing_it(answering: None, work: Work, thea: Actor) -> None:
    text(FERRY), text(DOOR), text("Kharkiv is open at night today.", names=("Kharkiv",))
    work()
    told = glossary.try_out(term())
    assert (told.sentences, told.names, told.examples) == (1, 0, (FERRY,))
    assert glossary.try_out(term("Kharkiv", "Járkov")).names == 1
    assert not GlossaryTerm.objects.exists()
    assert not Job.objects.exists()
    assert not Recheck.objects.exists()
    made = glossary.save_term(actor=thea, row=term())
    work()
    assert glossary.try_out(None, term_id=made).sentences == 1
    assert glossary.try_out(term(), term_id=made).sentences == 0


def test_a_contradiction_is_refused_with_both_rows(answering: None, thea: Actor) -> None:
    glossary.save_term(actor=thea, row=term())
    with pytest.raises(errors.GlossaryContradicts) as refused:
        glossary.save_term(actor=thea, row=term("Ferry", "barco"))
    assert "ferry = transbordador" in str(refused.value)
    assert "Ferry = barco" in str(refused.value)
    assert GlossaryTerm.objects.count() == GlossaryChange.objects.count() == 1


def test_two_people_who_change_one_term_lose_nothing(answering: None, thea: Actor) -> None:
    made = glossary.save_term(actor=thea, row=term())
    seen = glossary.term(made).changed
    glossary.save_term(actor=thea, row=term(translated="barco", number=made, changed=seen))
    with pytest.raises(errors.TermChanged):
        glossary.save_term(actor=thea, row=term(translated="lancha", number=made, changed=seen))
    with pytest.raises(errors.TermChanged):
        glossary.delete_term(actor=thea, term_id=made, changed=seen)
    assert glossary.term(made).term.forms[0].translated == "barco"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (term(""), "has a form"),
        (term("—"), "neither a letter nor a digit"),
        (term("x" * 201), "200 characters"),
        (term(translated=""), "no translation"),
        (term(target=""), "Say into which language"),
        (term(target="en"), "two languages"),
    ],
)
def test_a_term_that_says_nothing_is_refused_with_the_reason(db: None, thea: Actor, row: Row, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        glossary.save_term(actor=thea, row=row)
    assert not GlossaryTerm.objects.exists()


def test_readers_and_authors_do_not_change_the_glossary(make_actor: MakeActor) -> None:
    for role in ("reader", "author", "moderator"):
        with pytest.raises(NotAllowed):
            glossary.save_term(actor=make_actor(role.title(), role), row=term())


def test_an_import_adds_what_is_new_and_all_or_nothing(answering: None, thea: Actor) -> None:
    rows = [term(f"word {number}", f"palabra {number}") for number in range(30)]
    assert glossary.import_terms(rows, by="Thea") == 30
    assert glossary.import_terms([*rows, term()], by="Thea") == 1
    with pytest.raises(errors.GlossaryContradicts):
        glossary.import_terms([term("new", "nuevo"), term("Word 3", "otra")], by="Thea")
    assert GlossaryTerm.objects.count() == 31


def test_a_change_finds_what_a_scan_of_all_sentences_finds(answering: None, work: Work, thea: Actor) -> None:
    words = ["ferry", "Ferries", "ferryman", "the", "café", "Straße", "Kiosk", "kſ", "night", "ferry-house"]
    units = [
        text(f"{one} and {other} number {at}.") for at, (one, other) in enumerate(zip(words, words[::-1], strict=True))
    ]
    work()

    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from([*words, "FERRY", "nothing", "and Café"]), min_size=1, max_size=3, unique=True))
    def holds(forms: list[str]) -> None:
        row = Row(Term(0, "en", "es", "fixed", tuple(Form(one, "palabra") for one in forms)))
        finder = finder_of("en", forms)
        scanned = {
            one.segment_id
            for one in Current.objects.filter(language="es").select_related("segment")
            if finder.finds_in(one.segment.text)
        }
        assert glossary.try_out(row).sentences == len(scanned)

    holds()
    assert len(units) == len(words)


def test_of_a_glossary_only_the_rows_asked_for_are_listed(answering: None, thea: Actor) -> None:
    glossary.save_term(actor=thea, row=term())
    glossary.save_term(actor=thea, row=term("bell", "campana", target="ca"))

    def listed(**asked: str) -> list[str]:
        return [one.term.forms[0].written for one in glossary.terms_of(**asked)]

    assert listed() == ["bell", "ferry"]
    assert listed(target="es") == ["ferry"]
    assert listed(words="Campana") == ["bell"]
    assert listed(source="de") == []


def test_a_change_waits_for_engines_and_is_followed_up_when_they_are_there(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = text(FERRY)
    work()
    switch_engine("scripted", on=False)
    glossary.save_term(actor=thea, row=term())
    work()
    assert Recheck.objects.exists()
    switch_engine("scripted", on=True)
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
    assert not Recheck.objects.exists()


def test_a_change_that_cannot_be_followed_up_does_not_hold_up_the_next_one(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = text(FERRY)
    work()
    Recheck.objects.create(source="en", target="es", forms=[None], is_at_names=False)
    glossary.save_term(actor=thea, row=term())
    for _round in range(8):
        recheck_a_page()
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
    assert [one.forms for one in Recheck.objects.all()] == [[None]]


def test_a_drafts_translation_of_before_gives_way_when_it_is_published(
    answering: None, work: Work, thea: Actor
) -> None:
    made = actions.NewText(
        "article", next(_numbers), "en", markdown.parse(FERRY), (), topic="article:1", is_released=False
    )
    unit = actions.store_texts([made])[0]
    request_translations([unit], priority=3)
    work()
    glossary.save_term(actor=thea, row=term())
    actions.release_text(unit)
    request_translations([unit], priority=3)
    work()
    assert shown(unit) == "El transbordador sale hoy a mediodía."
