"""What people mend stays mended."""

import pytest
from django.conf import settings

from dragoman.foundation.errors import NotAllowed
from dragoman.live.models import OutboxEvent
from dragoman.readers.policies import Actor
from dragoman.translation import actions, correcting, errors
from dragoman.translation.correcting import Place, Seen
from dragoman.translation.models import Current, Job, Translation, Unit
from dragoman.translation.presented import Presented
from dragoman.translation.queries import present
from dragoman.translation.rules import markdown
from dragoman.translation.sentences import SentenceAtWork, history, text_at_work
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import work_once
from dragoman.translation.workshop import Workshop
from tests.conftest import MakeActor, Script, Work

_numbers = iter(range(1, 100_000))


@pytest.fixture
def thea(make_actor: MakeActor) -> Actor:
    """Translates."""
    return make_actor("Thea", "translator")


@pytest.fixture
def answering(engine: Script) -> None:
    """An engine whose answers pass the checks."""
    engine(
        answers={
            "es|The door is open at night.": "La puerta está abierta por la noche.",
            "es|The old door is open at night.": "La puerta vieja está abierta por la noche.",
            "es|The old door is shut at night.": "La puerta vieja está cerrada por la noche.",
            "es|The bread is warm today.": "El pan está caliente hoy.",
            "es|Nobody knows why it is so.": "Nadie sabe por qué es así.",
        }
    )


def _text(words: str, *, kind: str = "article", work: Work | None = None) -> int:
    text = actions.NewText(kind, next(_numbers), "en", markdown.parse(words), topic="article:1")
    unit = actions.store_texts([text])[0]
    if work is not None:
        request_translations([unit], priority=3)
        work()
    return unit


def _shown(unit: int, language: str = "es") -> Presented:
    is_comment = Unit.objects.get(pk=unit).owner_kind == "comment"
    return present([unit], language, whole_only=is_comment)[unit]


def _at(unit: int, words: str, language: str = "es") -> SentenceAtWork:
    return next(one for one in text_at_work(unit, language).sentences if one.original == words)


def _seen(one: SentenceAtWork) -> Seen:
    return Seen(one.wording, one.shown.id if one.shown else 0)


def _correct(actor: Actor, unit: int, words: str, better: str, *, everywhere: bool = False) -> None:
    one = _at(unit, words)
    place = Place(unit, one.anchor, "es")
    correcting.correct(actor=actor, place=place, text=better, seen=_seen(one), everywhere=everywhere)


def test_a_correction_here_holds_here_alone(answering: None, work: Work, thea: Actor) -> None:
    first, second = (_text("The door is open at night.", work=work) for _time in range(2))
    _correct(thea, first, "The door is open at night.", "La puerta queda abierta de noche.")
    assert (_shown(first).text, _shown(first).state) == ("La puerta queda abierta de noche.", "human")
    assert _shown(first).origin.by == "Thea"
    assert _shown(second).state == "machine"


def test_a_correction_everywhere_holds_wherever_the_sentence_stands(answering: None, work: Work, thea: Actor) -> None:
    first, second = (_text("The door is open at night.", work=work) for _time in range(2))
    _correct(thea, first, "The door is open at night.", "Aquí no.")
    _correct(thea, first, "The door is open at night.", "La puerta queda abierta.", everywhere=True)
    assert _shown(first).text == _shown(second).text == "La puerta queda abierta."
    assert [one.text for one in history(first, 1, "es")][:2] == ["La puerta queda abierta.", "Aquí no."]


def test_no_machine_takes_a_persons_place(answering: None, work: Work, thea: Actor) -> None:
    unit = _text("The door is open at night.")
    _correct(thea, unit, "The door is open at night.", "La puerta queda abierta.")
    request_translations([unit], priority=3)
    work()
    assert Translation.objects.filter(language="es", origin="machine").exists()  # for other texts
    assert _shown(unit).text == "La puerta queda abierta."
    _correct(thea, unit, "The door is open at night.", "La puerta, siempre.", everywhere=True)
    Job.objects.all().delete()
    request_translations([_text("The door is open at night.")], priority=3)
    assert not Job.objects.filter(language="es").exists()


def test_a_correction_is_told_to_open_pages(answering: None, work: Work, thea: Actor) -> None:
    unit = _text("The door is open at night.", work=work)
    before = OutboxEvent.objects.filter(kind="translation").count()
    _correct(thea, unit, "The door is open at night.", "La puerta queda abierta.")
    assert OutboxEvent.objects.filter(kind="translation", data__language="es").count() > 0
    assert OutboxEvent.objects.filter(kind="translation").count() == before + 1


def test_a_correction_survives_the_edits_of_other_sentences(answering: None, work: Work, thea: Actor) -> None:
    unit = _text("The door is open at night. Nobody knows why it is so.", work=work)
    _correct(thea, unit, "The door is open at night.", "La puerta queda abierta.")
    edited = markdown.parse("The bread is warm today. The door is open at night.")
    actions.revise_text(unit, language="en", document=edited)
    request_translations([unit], priority=3)
    work()
    assert "La puerta queda abierta." in _shown(unit).text


def test_what_was_mended_is_shown_marked_when_the_original_changes_until_a_person_mends_it_again(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = _text("The old door is open at **night** for @Ada. The bread is warm today.", work=work)
    _correct(thea, unit, "The old door is open at **night** for @Ada.", "La puerta vieja abre de **noche** para @Ada.")
    changed = "The old door is open at **night** for @Blai. The bread is warm today."
    actions.revise_text(unit, language="en", document=markdown.parse(changed.replace("open", "closed")))
    request_translations([unit], priority=3)
    work()
    shown = _shown(unit)
    assert "La puerta vieja abre de **noche** para @Ada." in shown.text  # no machine has replaced it
    assert shown.outdated == 1
    assert 'class="sentence outdated"' in shown.html
    assert shown.html.count('class="sentence"') == 1
    assert _at(unit, "The old door is closed at **night** for @Blai.").shown.state == "outdated"  # type: ignore[union-attr]
    _correct(thea, unit, "The old door is closed at **night** for @Blai.", "La puerta vieja cierra de **noche**.")
    assert (_shown(unit).outdated, "cierra" in _shown(unit).text) == (0, True)


def test_a_comment_with_an_outdated_sentence_says_so_and_its_first_wording_brings_the_first_words_back(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = _text("The old door is open at night.", kind="comment", work=work)
    _correct(thea, unit, "The old door is open at night.", "La puerta vieja.")
    actions.revise_text(unit, language="en", document=markdown.parse("The old door is shut at night."))
    assert (_shown(unit).state, _shown(unit).text) == ("outdated", "La puerta vieja.")
    actions.revise_text(unit, language="en", document=markdown.parse("The old door is open at night."))
    assert (_shown(unit).state, _shown(unit).text) == ("human", "La puerta vieja.")


def test_two_translators_of_one_sentence_lose_nothing(answering: None, work: Work, make_actor: MakeActor) -> None:
    thea, tomas = make_actor("Thea", "translator"), make_actor("Tomas", "translator")
    unit = _text("The door is open at night.", work=work)
    one = _at(unit, "The door is open at night.")
    place = Place(unit, one.anchor, "es")
    correcting.correct(actor=thea, place=place, text="La de Thea.", seen=_seen(one))
    with pytest.raises(errors.TranslatedMeanwhile):
        correcting.correct(actor=tomas, place=place, text="La de Tomas.", seen=_seen(one))
    assert _shown(unit).text == "La de Thea."
    _correct(tomas, unit, "The door is open at night.", "La de Tomas.")
    assert {one.text for one in history(unit, 1, "es") if one.state == "human"} == {"La de Thea.", "La de Tomas."}


def test_a_sentence_that_was_edited_meanwhile_is_not_mended_unseen(answering: None, work: Work, thea: Actor) -> None:
    unit = _text("The old door is open at night.", work=work)
    one = _at(unit, "The old door is open at night.")
    actions.revise_text(unit, language="en", document=markdown.parse("The old door is shut at night."))
    with pytest.raises(errors.SentenceChanged):
        correcting.correct(actor=thea, place=Place(unit, one.anchor, "es"), text="La puerta.", seen=_seen(one))


def test_a_correction_to_a_comment_stays_in_it_until_a_moderator_widens_it(
    answering: None, work: Work, thea: Actor, mina: Actor
) -> None:
    first, second = (_text("The door is open at night.", kind="comment", work=work) for _time in range(2))
    with pytest.raises(errors.NotEverywhere):
        _correct(thea, first, "The door is open at night.", "La puerta.", everywhere=True)
    _correct(thea, first, "The door is open at night.", "La puerta.")
    assert _shown(second).state == "machine"
    one = _at(first, "The door is open at night.")
    correcting.widen(actor=mina, place=Place(first, one.anchor, "es"), seen=_seen(one))
    assert _shown(second).text == "La puerta."
    newest = history(second, 1, "es")[0]
    assert (newest.by, newest.approved_by) == ("Thea", "Mina")


@pytest.mark.parametrize("text", ["", "   ", "\u202e", "x" * 5001])
def test_what_is_no_translation_is_refused(answering: None, thea: Actor, text: str) -> None:
    unit = _text("The door is open at night.")
    with pytest.raises((errors.EmptyTranslation, errors.LongTranslation)):
        _correct(thea, unit, "The door is open at night.", text)
    assert not Translation.objects.filter(origin="human").exists()


def test_what_looks_like_a_marker_is_text(answering: None, thea: Actor) -> None:
    unit = _text("The door is open at night for @Ada.")
    _correct(thea, unit, "The door is open at night for @Ada.", "⟦+1⟧La puerta⟦-1⟧ es de ⟦1⟧.")
    assert _shown(unit).text.replace("\\", "") == "[+1]La puerta[-1] es de [1]."


def test_what_stands_in_very_many_texts_is_told_to_the_one_at_hand_at_once(
    answering: None, thea: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.translation.announcing.AT_ONCE", 1)
    first, _second = (_text("The door is open at night.") for _time in range(2))
    _correct(thea, first, "The door is open at night.", "La puerta.", everywhere=True)
    told = OutboxEvent.objects.filter(kind="translation", data__language="es")
    assert told.count() == 1
    monkeypatch.setitem(settings.DRAGOMAN.values, "translation.enabled", False)
    while work_once(Workshop()):
        pass
    assert told.count() == 3


def test_direction_marks_that_were_pasted_are_taken_out(answering: None, thea: Actor) -> None:
    unit = _text("The door is open at night.")
    _correct(thea, unit, "The door is open at night.", "\u202eLa puerta\u202c \u2067queda\u2069 abierta.")
    assert _shown(unit).text == "La puerta queda abierta."


def test_readers_mend_nothing_and_translators_nothing_that_is_gone_or_held(
    answering: None, ada: Actor, thea: Actor
) -> None:
    unit = _text("The door is open at night.", kind="comment")
    one = _at(unit, "The door is open at night.")
    with pytest.raises(NotAllowed):
        correcting.correct(actor=ada, place=Place(unit, one.anchor, "es"), text="La puerta.", seen=_seen(one))
    actions.hold_text(unit)
    with pytest.raises(errors.NoSuchSentence):
        correcting.correct(actor=thea, place=Place(unit, one.anchor, "es"), text="La puerta.", seen=_seen(one))
    actions.withhold_text(unit)
    with pytest.raises(errors.NoSuchSentence):
        text_at_work(unit, "es")


def test_a_draft_is_mended_for_itself_alone(answering: None, thea: Actor) -> None:
    text = actions.NewText("article", next(_numbers), "en", markdown.parse("The door is open."), is_released=False)
    unit = actions.store_texts([text])[0]
    _correct(thea, unit, "The door is open.", "La puerta.", everywhere=True)
    assert list(Current.objects.filter(translation__origin="human").values_list("unit", flat=True)) == [unit]


TWO = "The door is open at night. The bread is warm today."


def _all_seen(unit: int) -> dict[int, Seen]:
    return {one.anchor: _seen(one) for one in text_at_work(unit, "es").sentences}


@pytest.mark.parametrize(
    "text",
    [
        "La puerta queda abierta. El pan quema.",
        "De noche la puerta queda abierta, y el pan quema.",
        "Uno. Dos. Tres. Pan.",
    ],
)
def test_a_whole_paragraph_is_mended_however_many_sentences_it_becomes(
    answering: None, work: Work, thea: Actor, text: str
) -> None:
    unit = _text(TWO, work=work)
    correcting.correct_block(actor=thea, unit=unit, language="es", text=text, seen=_all_seen(unit))
    shown = _shown(unit)
    assert (shown.text, shown.state, shown.origin.by) == (text, "human", "Thea")
    other = _text("The bread is warm today.", work=work)
    assert _shown(other).state == "machine"


def test_a_paragraph_that_somebody_mended_in_part_meanwhile_is_not_overwritten(
    answering: None, work: Work, thea: Actor
) -> None:
    unit = _text(TWO, work=work)
    seen = _all_seen(unit)
    _correct(thea, unit, "The bread is warm today.", "El pan quema.")
    with pytest.raises(errors.TranslatedMeanwhile):
        correcting.correct_block(actor=thea, unit=unit, language="es", text="Uno. Dos.", seen=seen)
    assert _shown(unit).text == "La puerta está abierta por la noche. El pan quema."
    for text, told in (("Sola", _all_seen(unit)), ("Uno. Dos.", {})):
        with pytest.raises((errors.EmptyTranslation, errors.NoSuchSentence)):
            correcting.correct_block(actor=thea, unit=unit, language="es", text=text, seen=told)
