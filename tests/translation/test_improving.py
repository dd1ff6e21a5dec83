"""What was rejected or is rough is asked for again when there is somebody else to ask, and comes to an end."""

from datetime import timedelta

from dragoman.foundation.clock import now
from dragoman.translation import actions
from dragoman.translation.improving import request_again, request_better
from dragoman.translation.models import Dispatch, Engine, Job, Translation
from dragoman.translation.operating import set_budget
from dragoman.translation.worker import work_until_empty
from tests.translation.shop import SOURCE, SPANISH, ask, scripted, show, store


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


def test_who_cannot_be_asked_now_is_no_reason_to_ask_again(db: None) -> None:
    scripted("poor", faults={SOURCE: "failed"})
    ask()
    work_until_empty()
    scripted("dear", sends_out=True)
    set_budget("dear", 0)
    assert request_better() == 0
    set_budget("dear", 1000)
    assert request_better() == 1
    Engine.objects.filter(name="dear").update(rests_until=now() + timedelta(hours=1), strikes=1)
    work_until_empty()
    assert not Job.objects.exists(), "a job that nobody new can take is over"


def test_a_fifth_engine_is_asked_also_after_four(db: None) -> None:
    for name in ("a", "b", "c", "d"):
        scripted(name, faults={SOURCE: "failed"})
    unit = ask()
    work_until_empty()
    scripted("e", answers={f"es|{SOURCE}": SPANISH})
    for _round in range(3):
        request_better()
        work_until_empty()
    assert show(unit).text == SPANISH
    assert request_better() == 0


def test_a_held_text_is_asked_for_again_by_nobody(db: None) -> None:
    scripted("home", answers={f"es|{SOURCE}": SPANISH}, faults={SOURCE: "rough"})
    ask(kind="comment", topic="thread:1", is_released=False)
    store(owner=2, kind="comment", topic="thread:1")
    work_until_empty()
    scripted("away", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    assert request_better() == 0
    assert not Dispatch.objects.exists()
