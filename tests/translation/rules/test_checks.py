"""Every fault of an answer is found, and good answers are left alone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.translation.rules.checks import Answer, Finding, check, repaired
from tests.translation.rules.strategies import BRIEFLY

LONG = "The clerk lit the green lamps of the reading hall."
GOOD = "El empleado encendió las lámparas verdes de la sala."


def found(source: str, target: str, pair: str = "en-es", **more: object) -> list[Finding]:
    """What is wrong with an answer."""
    language, _, other = pair.partition("-")
    return check(Answer(source, target, language, other, **more))  # type: ignore[arg-type]


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
        ("markers", "A ⟦+1⟧green⟦-1⟧ lamp.", "Una lámpara verde.", "en-es"),
        ("markers", "⟦+1⟧A ⟦+2⟧lamp⟦-2⟧⟦-1⟧.", "⟦+1⟧Una ⟦+2⟧lámpara⟦-1⟧⟦-2⟧.", "en-es"),
        ("markers", "A lamp.", "Una ⟦ lámpara.", "en-es"),
        ("markers", "A lamp.", "Una lámpara XX1.", "en-es"),
        ("markers", "A lamp.", "Una __ 1 __ lámpara.", "en-es"),
        ("markers", "A lamp.", "Una [1] lámpara.", "en-es"),
        ("markers", "A lamp.", "Una lámpara {1}.", "en-es"),
        ("markers", "A lamp.", "Una lámpara 47111.", "en-es"),
        ("tags", LONG, f"<b>{GOOD}</b>", "en-es"),
        ("tags", LONG, f'{GOOD} <x id="1"/>', "en-es"),
        ("addresses", LONG, f"{GOOD} https://lamps.example/a", "en-es"),
        ("addresses", LONG, f"{GOOD} clerk@lamps.example", "en-es"),
        ("addresses", LONG, f"{GOOD} @clerk", "en-es"),
        ("addresses", LONG, f"{GOOD} #lamps", "en-es"),
        ("addresses", "Write to @clerk.", "Escribe al empleado.", "en-es"),
        ("untranslated", "The lamps are green.", "The lamps are green.", "en-ru"),
        ("untranslated", LONG, "El empleado encendió the green lamps of the reading hall.", "en-es"),
        ("untranslated", LONG, "Служащий зажёг the green lamps of the reading hall.", "en-ru"),
        ("script", LONG, "The clerk lit the лампы of the reading hall.", "en-ru"),
        ("script", LONG, "Служащий зажёг зелёные лампы читального зала.", "en-es"),
        ("script", LONG, "العامل light the lamps of the hall.", "en-ar"),
        ("length", LONG, "Luz.", "en-es"),
        ("length", LONG, " ".join(f"palabra{number}" for number in range(40)), "en-es"),
        ("length", LONG, "El empleado encendió las lámparas", "en-es"),
        ("repetition", LONG, "olive olive olive olive olive", "en-es"),
        ("repetition", LONG, "la sala verde la sala verde la sala verde la sala verde", "en-es"),
        ("repetition", LONG, "职员点亮了绿灯绿灯绿灯绿灯绿灯绿灯。", "en-zh"),
        ("repetition", LONG, f"{GOOD} {GOOD}", "en-es"),
        ("numbers", "It opened in 1990.", "Abrió en 1991.", "en-es"),
        ("signs", LONG, "El empleado encendi&oacute; las l&aacute;mparas.", "en-es"),
        ("signs", LONG, GOOD + "\u202e", "en-es"),
        ("signs", LONG, "El empleado\u200b encendió las lámparas.", "en-es"),
        ("signs", LONG, "El empleado encendi\ufffd las lámparas.", "en-es"),
        ("signs", LONG, "El empleado\x00 encendió las lámparas.", "en-es"),
        ("signs", LONG, "El empleado encendió <unk> las lámparas.", "en-es"),
        ("signs", LONG, "El empleado encendió ⁇ las lámparas.", "en-es"),
        ("signs", LONG, "El empleado encendiÃ³ las lÃ¡mparas verdes.", "en-es"),
        ("signs", LONG, "El empleado& encendió las lámparas.", "en-es"),
        ("boilerplate", LONG, "As an AI I lit the lamps of the hall.", "en-es"),
        ("boilerplate", LONG, "Here is the translation: " + GOOD, "en-es"),
        ("boilerplate", LONG, "Traducción: " + GOOD, "en-es"),
        ("boilerplate", LONG, "¡Por supuesto! " + GOOD, "en-es"),
        ("boilerplate", LONG, GOOD + "\n\nNote: “hall” may be a corridor.", "en-es"),
        ("boilerplate", LONG, "I'm sorry, but I cannot help with that.", "en-es"),
        ("boilerplate", LONG, "К сожалению, я не могу перевести это.", "en-ru"),
        ("boilerplate", LONG, f"```\n{GOOD}\n```", "en-es"),
        ("boilerplate", LONG, f'{{"text": "{GOOD}"}}', "en-es"),
    ],
)
def test_a_broken_answer_is_never_shown(name: str, source: str, target: str, pair: str) -> None:
    assert Finding(name, hard=True) in found(source, target, pair)


@pytest.mark.parametrize(
    ("name", "source", "target"),
    [
        ("untranslated", "One green lamp is in the hall.", "One green lamp is in the hall."),
        ("numbers", "It cost seventeen marks.", "Costó 170 marcos."),
        ("end-mark", "Was it late?", "Era tarde."),
        ("end-mark", "It was late.", "¿Era tarde?"),
        ("end-mark", "It was late.", "¡Era tarde!"),
        ("end-mark", "“Was it late?”", "«Era tarde.»"),
        ("lines", "It was late.", "Era\ntarde."),
        ("brackets", "It was late (again).", "Era tarde (otra vez."),
        ("brackets", "“Late,” said the clerk.", "«Tarde, dijo el empleado."),
    ],
)
def test_a_doubtful_answer_is_shown_as_rough(name: str, source: str, target: str) -> None:
    assert found(source, target) == [Finding(name, hard=False)]


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        (LONG, GOOD, "en-es"),
        ("⟦1⟧ lit ⟦+2⟧two⟦-2⟧ lamps.", "Dos ⟦+2⟧lámparas⟦-2⟧ encendió ⟦1⟧.", "en-es"),
        ("Go ⟦*1⟧there⟦/1⟧ quickly.", "Ve allí rápido.", "en-es"),
        ("⟦1⟧ ⟦2⟧!", "⟦1⟧ ⟦2⟧!", "en-es"),
        ("Yes, of course.", "Yes, of course.", "en-es"),
        ("It cost 1,000.5 marks.", "Costó 1.000,5 marcos.", "en-es"),
        ("It cost 1,000 marks in 2024.", "كلفت ١٬٠٠٠ مارك عام ٢٠٢٤.", "en-ar"),
        ("In May 2024 1,000 people came.", "En mayo de 2024 vinieron 1.000 personas.", "en-es"),
        ("At 10:30, 2 lamps.", "A las 10.30, dos lámparas.", "en-es"),
        ("Was it late?", "هل كان الوقت متأخرا؟", "en-ar"),
        ("Was it late?", "Είναι αργά;", "en-el"),
        ("Was it late?", "晚了吗？", "en-zh-Hans"),
        ("“Was it late?”", "«¿Era tarde?»", "en-es"),
        ("“Was it late?”", "„War es spät?“", "en-de"),
        ("In 2011 the lamps’ light went out.", "2011'de lambaların ışığı söndü.", "en-tr"),
        ("The clerk lit the lamps of the hall at night.", "职员夜里点了灯。", "en-zh"),
        ("No, no, no, no, never!", "¡No, no, no, no, nunca!", "en-es"),
        ("a &amp; b, and a lamp", "a &amp; b, y una lámpara", "en-es"),
        ("See [1] and {1}.", "Vea [1] y {1}.", "en-es"),
        ("Sure! The lamps are lit.", "¡Claro! Las lámparas están encendidas.", "en-es"),
        ("The translation: a lamp of words.", "La traducción: una lámpara de palabras.", "en-es"),
        ("I'm sorry, but I cannot help you.", "Lo siento, pero no puedo ayudarte.", "en-es"),
        ("Write to @clerk or https://lamps.example/a.", "Escribe a @clerk o https://lamps.example/a.", "en-es"),
        ("The green lamp is in the hall.", "Das grüne Ding „Lamp“ ist im Saal.", "en-de"),
        ("Hahahahaha, never!", "jajajajaja, ¡nunca!", "en-es"),
    ],
)
def test_a_good_answer_has_no_finding(source: str, target: str, pair: str) -> None:
    assert found(source, target, pair) == []


def test_an_answer_to_another_sentence_is_found_by_its_content() -> None:
    source = "In 1998 the police closed the old bridge over the river near Hamburg, because two cars had burnt there."
    target = "La reina abrió por la mañana un museo de pintura con 40 cuadros que había comprado su familia en Roma."
    assert Finding("content", hard=True) in found(source, target)


def test_where_a_language_has_no_list_the_content_is_not_judged() -> None:
    source = "In the morning the queen opened a museum of painting that her family had bought."
    target = "Het slechte weer had de brug over het water bij de oude molen laten instorten, zei men."
    assert found(source, target, "en-nl") == []


def test_numbers_of_money_and_dates_are_not_left_to_chance_in_an_article() -> None:
    source, target = "The lamps cost $250 in all.", "Las lámparas costaron mucho en total."
    assert found(source, target) == [Finding("numbers", hard=False)]
    assert found(source, target, kind="article") == [Finding("numbers", hard=True)]


def test_an_answer_is_rough_outside_the_lengths_of_its_pair_and_refused_far_outside() -> None:
    lit = "De bediende stak de groene lampen van de leeszaal aan"
    more = ", in de late namiddag, en niemand begreep waarom, ook hijzelf eigenlijk later niet meer zo goed"
    last = "; daarna ging men naar huis, zei de buurvrouw, want het regende en de trein was al vertrokken"
    assert found(LONG, f"{lit}.", "en-nl") == []
    assert found(LONG, f"{lit}{more}.", "en-nl") == [Finding("length", hard=False)]
    assert found(LONG, f"{lit}{more}{last}.", "en-nl") == [Finding("length", hard=True)]
    assert found(LONG, "Groene lampen.", "en-nl") == [Finding("length", hard=False)]
    assert found(LONG, "Lampen!", "en-nl")[0] == Finding("length", hard=True)


def test_an_engine_that_knew_few_of_the_words_was_guessing() -> None:
    assert found(LONG, GOOD, unknown=0.26) == [Finding("unknown-words", hard=False)]
    assert found(LONG, GOOD, unknown=0.25) == []


def test_a_score_that_is_low_for_the_pair_makes_an_answer_rough() -> None:
    assert found(LONG, GOOD, score=-1.2, score_floor=-1.0) == [Finding("score", hard=False)]
    assert found(LONG, GOOD, score=-0.8, score_floor=-1.0) == []
    assert found(LONG, GOOD, score=-1.2) == []


def test_hard_findings_come_first() -> None:
    findings = found("It opened in 1990, Ada?", "Abrió\u200b en 1991.")
    assert [finding.hard for finding in findings] == [True, True, False]


def test_entities_are_unescaped_once() -> None:
    assert repaired("l&#39;escola &amp;amp; R&D") == "l'escola &amp; R&D"


@pytest.mark.parametrize(
    "hostile", ["a ", "ab", "1 ", "\n", "' ", "<a", "@a ", "Ab ", "sí no ", "中", "［", "&", "1 a@", "é"]
)
def test_no_text_keeps_the_checks_busy(hostile: str) -> None:
    started = time.process_time()
    found(hostile * 8000, hostile * 7990 + "x.")
    found(hostile * 8000, "y " + hostile[::-1] * 7990, "zh-ar")
    assert time.process_time() - started < 4


@BRIEFLY
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(["en-es", "en-ar", "zh-en", "en-und", "ja-zh"]))
def test_no_answer_is_too_strange_to_be_checked(source: str, target: str, pair: str) -> None:
    findings = found(source, target, pair)
    assert len({one.check for one in findings}) == len(findings)


@BRIEFLY
@given(st.text(max_size=60))
def test_what_the_source_holds_too_is_no_strange_sign(text: str) -> None:
    strange = {"markers", "tags", "addresses", "signs", "boilerplate", "lines", "brackets", "numbers", "end-mark"}
    found_names = {one.check for one in found(text, text) if one.check != "markers" or "⟦" not in text}
    assert not found_names & strange


@pytest.mark.parametrize(
    ("source", "target", "pair"),
    [
        ("Certo, perché no.", "Sure! Why not.", "it-en"),
        ("Tyvärr kan jag inte hjälpa dig med det.", "I'm sorry, but I can't help you with that.", "sv-en"),
        ("Mejor dime si vienes el sábado.", "Better let me know if you come on Saturday.", "es-en"),
    ],
)
def test_what_people_say_as_chat_engines_do_is_doubted_and_not_refused(source: str, target: str, pair: str) -> None:
    assert not [finding for finding in found(source, target, pair) if finding.hard]
