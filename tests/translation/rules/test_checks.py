"""Every fault of an answer is found, and good answers are left alone."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.checks import Answer, Finding, check, numbers, repaired
from tests.translation.rules.strategies import BRIEFLY

LONG = "The clerk lit the green lamps of the reading hall."
GOOD = "El empleado encendió las lámparas verdes de la sala."


def found(source: str, target: str, pair: str = "en-es", unknown: float = 0.0) -> list[Finding]:
    """What is wrong with an answer."""
    language, _, other = pair.partition("-")
    return check(Answer(source, target, language, other, unknown))


@pytest.mark.parametrize(
    ("name", "source", "target", "pair"),
    [
        ("empty", LONG, "", "en-es"),
        ("empty", LONG, " \n", "en-es"),
        ("empty", "⟦1⟧ lit it.", "⟦1⟧ .", "en-es"),
        ("markers", "⟦1⟧ lit the lamp.", "Encendió la lámpara.", "en-es"),
        ("markers", "⟦1⟧ lit the lamp.", "⟦1⟧ encendió, ⟦1⟧.", "en-es"),
        ("markers", "⟦1⟧ lit the lamp.", "⟦2⟧ encendió la lámpara.", "en-es"),
        ("markers", "A ⟦+1⟧green⟦-1⟧ lamp.", "Una lámpara ⟦-1⟧verde⟦+1⟧.", "en-es"),
        ("markers", "⟦+1⟧A ⟦+2⟧lamp⟦-2⟧⟦-1⟧.", "⟦+1⟧Una ⟦+2⟧lámpara⟦-1⟧⟦-2⟧.", "en-es"),
        ("markers", "A lamp.", "Una ⟦ lámpara.", "en-es"),
        ("untranslated", "The lamps are green.", "The lamps are green.", "en-ru"),
        ("script", LONG, "The clerk lit the лампы of the reading hall.", "en-ru"),
        ("script", LONG, "Служащий зажёг зелёные лампы читального зала.", "en-es"),
        ("script", LONG, "العامل light the lamps of the hall.", "en-ar"),
        ("length", LONG, "Luz.", "en-es"),
        ("length", LONG, " ".join(f"palabra{number}" for number in range(40)), "en-es"),
        ("repetition", LONG, "olive olive olive olive olive", "en-es"),
        ("repetition", LONG, "la sala verde la sala verde la sala verde la sala verde", "en-es"),
        ("signs", LONG, "El empleado encendi&oacute; las l&aacute;mparas.", "en-es"),
        ("signs", LONG, GOOD + "\u202e", "en-es"),
        ("signs", LONG, "El empleado\u200b encendió las lámparas.", "en-es"),
        ("signs", LONG, "El empleado encendi\ufffd las lámparas.", "en-es"),
        ("signs", LONG, "El empleado\x00 encendió las lámparas.", "en-es"),
        ("boilerplate", LONG, "As an AI I lit the lamps of the hall.", "en-es"),
        ("boilerplate", LONG, "Here is the translation: " + GOOD, "en-es"),
    ],
)
def test_a_broken_answer_is_never_shown(name: str, source: str, target: str, pair: str) -> None:
    assert Finding(name, hard=True) in found(source, target, pair)


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("numbers", "It opened in 1990.", "Abrió en 1991."),
        ("numbers", "It cost 1,000.5 marks.", "Costó 10.005 marcos y 20."),
        ("untranslated", "One green lamp is in the hall.", "One green lamp is in the hall."),
        ("length", LONG, "Las lámparas verdes."[:16]),
        ("length", LONG, f"{GOOD} Por la tarde, {GOOD.lower()} Y nadie supo muy bien por qué."),
        ("end-mark", "Was it late?", "Era tarde."),
        ("end-mark", "It was late.", "¿Era tarde?"),
        ("end-mark", "“Was it late?”", "«Era tarde.»"),
    ],
)
def test_a_doubtful_answer_is_shown_as_rough(name: str, source: str, target: str) -> None:
    assert found(source, target) == [Finding(name, hard=False)]


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        (LONG, GOOD, "en-es"),
        ("⟦1⟧ lit ⟦+2⟧two⟦-2⟧ lamps.", "Dos ⟦+2⟧lámparas⟦-2⟧ encendió ⟦1⟧.", "en-es"),
        ("⟦1⟧ ⟦2⟧!", "⟦1⟧ ⟦2⟧!", "en-es"),
        ("Yes, of course.", "Yes, of course.", "en-es"),
        ("It cost 1,000.5 marks.", "Costó 1.000,5 marcos.", "en-es"),
        ("It cost 1,000 marks.", "Costó 1 000 marcos.", "en-fr"),
        ("It cost 1,000 marks in 2024.", "كلفت ١٬٠٠٠ مارك عام ٢٠٢٤.", "en-ar"),
        ("In May 2024 1,000 people came.", "En mayo de 2024 vinieron 1.000 personas.", "en-es"),
        ("At 10:30, 2 lamps.", "A las 10.30, dos lámparas.", "en-es"),
        ("Was it late?", "هل كان الوقت متأخرا؟", "en-ar"),
        ("Was it late?", "Είναι αργά;", "en-el"),
        ("Was it late?", "晚了吗？", "en-zh-Hans"),
        ("“Was it late?”", "«¿Era tarde?»", "en-es"),
        ("The clerk lit the lamps of the hall at night.", "职员夜里点了灯。", "en-zh"),
        ("No, no, no, no, never!", "¡No, no, no, no, nunca!", "en-es"),
        ("a &amp; b, and a lamp", "a &amp; b, y una lámpara", "en-es"),
    ],
)
def test_a_good_answer_has_no_finding(source: str, target: str, pair: str) -> None:
    assert found(source, target, pair) == []


def test_an_engine_that_knew_few_of_the_words_was_guessing() -> None:
    assert found(LONG, GOOD, unknown=0.26) == [Finding("unknown-words", hard=False)]
    assert found(LONG, GOOD, unknown=0.25) == []


def test_hard_findings_come_first() -> None:
    findings = found("It opened in 1990, Ada?", "Abrió\u200b en 1991.")
    assert [finding.hard for finding in findings] == [True, False, False]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("1.000,5", {"10005": 1}),
        ("1,000.5", {"10005": 1}),
        ("1'000 and 1 000 and 1\u202f000", {"1000": 3}),
        ("١٬٠٠٠٫٥", {"10005": 1}),
        ("१२ ۱۲ 12", {"12": 3}),
        ("12 14", {"12": 1, "14": 1}),
        ("2024 1,000", {"2024": 1, "1000": 1}),
        ("7 and 007", {}),
        ("⟦12⟧ ⟦+13⟧", {}),
    ],
)
def test_a_number_is_its_digits(text: str, counted: dict[str, int]) -> None:
    assert numbers(text) == Counter(counted)


def test_entities_are_unescaped_once() -> None:
    assert repaired("l&#39;escola &amp;amp; R&D") == "l'escola &amp; R&D"


@BRIEFLY
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en-es", "en-ar", "zh-en", "en-und"]))
def test_no_answer_is_too_strange_to_be_checked(source: str, target: str, pair: str) -> None:
    assert all(isinstance(finding, Finding) for finding in found(source, target, pair))
