"""What was rejected or is rough is asked for again when there is somebody else to ask, and comes to an end."""

from dragoman.translation import actions
from dragoman.translation.improving import request_again, request_better
from dragoman.translation.models import Job, Translation
from dragoman.translation.worker import work_until_empty
from tests.translation.shop import SOURCE, SPANISH, ask, scripted, show


def test_a_rejected_sentence_is_asked_of_an_engine_that_came_later(db: None) -> None:
    scripted("poor", faults={SOURCE: "failed"})
    unit = ask()
    work_until_empty()
    assert (show(unit).state, request_better()) == ("failed", 0)
    scripted("good", answers={f"es|{SOURCE}": SPANISH})
    assert request_better() == 1
    work_until_empty()
    assert (show(unit).state, show(unit).text) == ("machine", SPANISH)
    assert request_better() == 0


def test_a_rough_sentence_stays_until_a_better_one_comes(db: None) -> None:
    scripted("poor", answers={f"es|{SOURCE}": SPANISH}, faults={SOURCE: "rough"})
    unit = ask()
    work_until_empty()
    assert show(unit).state == "rough"
    scripted("worse", faults={SOURCE: "failed"})
    assert request_better() == 1
    work_until_empty()
    assert (show(unit).state, show(unit).text) == ("rough", SPANISH)
    assert request_better() == 0, "both have had their turn"


def test_only_who_was_not_asked_is_asked_again(db: None) -> None:
    scripted("poor", faults={SOURCE: "failed"})
    ask()
    work_until_empty()
    scripted("good", answers={f"es|{SOURCE}": SPANISH})
    request_better()
    work_until_empty()
    assert Translation.objects.latest("id").tried == ["good@1"]


def test_a_new_version_of_an_engine_may_try_again(db: None) -> None:
    scripted("poor", faults={SOURCE: "failed"})
    unit = ask()
    work_until_empty()
    scripted("poor", answers={f"es|{SOURCE}": SPANISH}, version="2")
    assert request_better() == 1
    work_until_empty()
    assert show(unit).text == SPANISH


def test_the_operator_may_have_an_engines_texts_made_anew(db: None) -> None:
    scripted("first", answers={f"es|{SOURCE}": "Son verdes las lámparas de la biblioteca."})
    unit = ask()
    work_until_empty()
    scripted("first", answers={f"es|{SOURCE}": SPANISH})
    assert request_again(quality=["ok"], engine="another") == 0
    assert request_again(quality=["ok"], engine="first", source="en", target="es") == 1
    work_until_empty()
    assert show(unit).text == SPANISH


def test_a_persons_words_are_never_asked_for_again(db: None) -> None:
    scripted("first", answers={f"es|{SOURCE}": SPANISH})
    unit = ask()
    actions.remember_translations(unit, sentences=[{"es": "Verdes son las lámparas."}], by="Elena")
    assert request_again(quality=["ok", "rough", "rejected"]) == 0
    work_until_empty()
    assert not Job.objects.exists()
    assert show(unit).text == "Verdes son las lámparas."
