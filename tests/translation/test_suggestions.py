"""What readers suggest, and what translators make of it."""

import pytest

from dragoman.foundation.errors import SignInNeeded
from dragoman.readers.policies import ANONYMOUS, Actor
from dragoman.translation import actions, correcting, errors
from dragoman.translation.correcting import Place
from dragoman.translation.models import Suggestion
from dragoman.translation.rules import markdown
from dragoman.translation.sentences import history
from dragoman.translation.suggestions import WaitingSuggestion, suggestions_waiting, waiting_suggestions
from tests.conftest import Work
from tests.translation.test_correcting import _at, _correct, _seen, _shown, _text, answering, thea

__all__ = ["answering", "thea"]
_DOOR = "The door is open at night."


def _suggest(actor: Actor, unit: int, text: str = "", note: str = "", words: str = _DOOR) -> None:
    one = _at(unit, words)
    correcting.suggest(actor=actor, place=Place(unit, one.anchor, "es"), seen=_seen(one), text=text, note=note)


def _only() -> WaitingSuggestion:
    (one,) = waiting_suggestions()
    return one


def test_an_accepted_suggestion_is_shown_and_its_reader_is_named(
    answering: None, work: Work, ada: Actor, thea: Actor
) -> None:
    unit = _text(_DOOR, kind="comment", work=work)
    _suggest(ada, unit, "La puerta queda abierta.", note="Más claro.")
    one = _only()
    assert (one.original, one.text, one.note, one.by, one.is_current) == (
        _DOOR,
        "La puerta queda abierta.",
        "Más claro.",
        "Ada",
        True,
    )
    correcting.accept(actor=thea, suggestion_id=one.id)
    assert (_shown(unit).text, _shown(unit).origin.by) == ("La puerta queda abierta.", "Ada")
    assert history(unit, 1, "es")[0].approved_by == "Thea"
    assert suggestions_waiting() == 0


def test_the_last_word_of_a_reader_counts(answering: None, work: Work, ada: Actor) -> None:
    unit = _text(_DOOR, work=work)
    _suggest(ada, unit)
    _suggest(ada, unit, "La puerta.")
    assert _only().text == "La puerta."


def test_a_bad_translation_is_told_without_a_better_one_and_can_only_be_put_aside(
    answering: None, work: Work, ada: Actor, thea: Actor
) -> None:
    unit = _text(_DOOR, work=work)
    _suggest(ada, unit, note="This says the opposite.")
    with pytest.raises(errors.EmptyTranslation):
        correcting.accept(actor=thea, suggestion_id=_only().id)
    correcting.decline(actor=thea, suggestion_id=_only().id)
    assert suggestions_waiting() == 0


def test_what_is_taken_over_is_what_was_read(answering: None, work: Work, ada: Actor, thea: Actor) -> None:
    unit = _text(_DOOR, work=work)
    _suggest(ada, unit, "La puerta.")
    read = _only()
    _suggest(ada, unit, "Algo muy distinto.")
    with pytest.raises(errors.NoSuchSentence):
        correcting.accept(actor=thea, suggestion_id=read.id)
    assert _only().text == "Algo muy distinto."


def test_two_translators_decide_once(answering: None, work: Work, ada: Actor, thea: Actor) -> None:
    unit = _text(_DOOR, work=work)
    _suggest(ada, unit, "La puerta.")
    one = _only()
    correcting.accept(actor=thea, suggestion_id=one.id)
    with pytest.raises(errors.AlreadyDecided):
        correcting.decline(actor=thea, suggestion_id=one.id)


def test_a_suggestion_for_what_a_person_translated_meanwhile_waits(
    answering: None, work: Work, ada: Actor, thea: Actor
) -> None:
    unit = _text(_DOOR, work=work)
    _suggest(ada, unit, "La puerta.")
    _correct(thea, unit, _DOOR, "La de Thea.")
    with pytest.raises(errors.TranslatedMeanwhile):
        correcting.accept(actor=thea, suggestion_id=_only().id)
    assert (_shown(unit).text, suggestions_waiting()) == ("La de Thea.", 1)


def test_a_suggestion_for_an_edited_sentence_says_so(answering: None, work: Work, ada: Actor, thea: Actor) -> None:
    unit = _text("The old door is open at night.", work=work)
    _suggest(ada, unit, "La puerta.", words="The old door is open at night.")
    actions.revise_text(unit, language="en", document=markdown.parse("The old door is shut at night."))
    assert not _only().is_current
    with pytest.raises(errors.SentenceChanged):
        correcting.accept(actor=thea, suggestion_id=_only().id)


def test_a_suggestion_for_what_was_taken_away_is_gone_with_it(
    answering: None, work: Work, ada: Actor, thea: Actor
) -> None:
    unit = _text(_DOOR, kind="comment", work=work)
    _suggest(ada, unit, "La puerta.")
    one = _only()
    actions.withhold_text(unit)
    assert (waiting_suggestions(), suggestions_waiting()) == ([], 0)
    with pytest.raises(errors.NoSuchSentence):
        correcting.accept(actor=thea, suggestion_id=one.id)


def test_only_readers_with_an_account_suggest_and_not_without_end(
    answering: None, work: Work, ada: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(correcting, "_MOST_OPEN", 1)
    first, second = (_text(_DOOR, work=work) for _time in range(2))
    with pytest.raises(SignInNeeded):
        _suggest(ANONYMOUS, first, "La puerta.")
    _suggest(ada, first, "La puerta.")
    _suggest(ada, first, "La puerta, mejor.")
    with pytest.raises(errors.TooManySuggestions):
        _suggest(ada, second, "La puerta.")
    assert Suggestion.objects.count() == 1
