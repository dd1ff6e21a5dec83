"""The whole judgement of an answer: the checks, and the language it is in."""

import pytest

from dragoman.translation import judging
from dragoman.translation.judging import judge
from dragoman.translation.rules.checks import Answer, Finding

KNOWN = ("en", "es", "fr", "de", "pt", "gl", "ru", "uk", "zh-Hans")
SOURCE = "The clerk lit the green lamps of the reading hall, and nobody asked him why he did so."
GOOD = "El empleado encendió las lámparas verdes de la sala de lectura, y nadie le preguntó por qué lo hacía."


def found(target: str, source: str = SOURCE, to_language: str = "es") -> list[Finding]:
    """What is wrong with an answer to an English sentence."""
    return judge(Answer(source, target, "en", to_language), known_languages=KNOWN)


def test_a_good_answer_has_no_finding() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    "target",
    [
        "L'employé a allumé les lampes vertes de la salle de lecture, et personne ne lui a demandé pourquoi.",
        "Der Angestellte zündete die grünen Lampen des Lesesaals an, und niemand fragte ihn nach dem Grund.",
        "The attendant switched on the emerald lights in the library, but no one wondered about the reason.",
    ],
)
def test_an_answer_in_another_language_is_refused(target: str) -> None:
    assert any(one.hard for one in found(target))


def test_the_language_is_a_finding_of_its_own() -> None:
    french = "Nous avons mangé une pomme rouge hier soir dans la cuisine."
    assert found(french, "We ate a red apple yesterday in the kitchen.")[0] == Finding("language", hard=True)


def test_a_variety_of_the_language_is_the_language() -> None:
    assert found("Nós comemos uma maçã na cozinha ontem à noite.", "We ate an apple last night.", "pt-BR") == []


def test_of_a_few_letters_nobody_knows_the_language() -> None:
    assert found("Voilà, oui.", "Yes, there.") == []


def test_markers_are_no_words_of_any_language() -> None:
    source = "⟦1⟧ ate a red ⟦+2⟧apple⟦-2⟧ in the kitchen yesterday."
    assert found("⟦1⟧ comió una ⟦+2⟧manzana⟦-2⟧ roja ayer en la cocina.", source) == []


def test_the_language_is_not_looked_for_where_the_answer_is_refused_anyway(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "detect_language", None)
    assert found("") == [Finding("empty", hard=True)]
