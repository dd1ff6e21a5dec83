"""From a stored text to a shown translation, with an engine that misbehaves in every known way."""

from datetime import timedelta

import pytest

from dragoman.foundation import clock
from dragoman.live.models import OutboxEvent
from dragoman.translation import actions, queries, queue
from dragoman.translation.improving import request_better
from dragoman.translation.models import Engine as EngineRecord
from dragoman.translation.models import Job, Translation
from dragoman.translation.operating import register_engine, switch_engine
from dragoman.translation.presented import Presented
from dragoman.translation.rules import markdown
from dragoman.translation.wishes import request_translations
from dragoman.translation.worker import Lanes, work_guarded, work_once
from dragoman.translation.workshop import Workshop
from tests.conftest import NOON, Script, Work


def _room(job: Job) -> queue.Room:
    return queue.Room()


SOURCE = "The lamps in the library are green."


def _store(text: str, *, owner: int = 1, names: tuple[str, ...] = (), language: str = "en") -> int:
    new = actions.NewText("article", owner, language, markdown.parse(text, names), names, topic="article:1")
    unit = actions.store_texts([new])[0]
    request_translations([unit], priority=3)
    return unit


def _show(unit: int, language: str = "es") -> Presented:
    return queries.present([unit], language)[unit]


def test_a_text_is_pending_until_the_engine_has_answered(engine: Script, work: Work) -> None:
    engine(answers={f"es|{SOURCE}": "Las lámparas de la biblioteca son verdes."})
    unit = _store(SOURCE)
    assert (_show(unit).state, _show(unit).text) == ("pending", SOURCE)
    work()
    shown = _show(unit)
    assert (shown.state, shown.text) == ("machine", "Las lámparas de la biblioteca son verdes.")
    assert (shown.origin.engine, shown.original and shown.original.text) == ("scripted", SOURCE)


def test_without_a_route_a_text_is_unavailable_and_has_no_job(db: None) -> None:
    unit = _store(SOURCE)
    assert _show(unit).state == "unavailable"
    assert not Job.objects.exists()


@pytest.mark.parametrize("fault", ["drop", "empty", "double", "failed", "poison", "shift"])
def test_a_faulty_answer_never_reaches_a_reader(engine: Script, work: Work, fault: str) -> None:
    good = "The bread is warm on Saturday."
    answers = {f"es|{SOURCE}": "Las lámparas son verdes.", f"es|{good}": "El pan está caliente el sábado."}
    engine(answers=answers, faults={SOURCE: fault})
    bad_unit, good_unit = _store(SOURCE, owner=1), _store(good, owner=2)
    work()
    shown = _show(bad_unit)
    if fault != "shift":  # shifted within one language the words are plausible; ids catch what they can
        assert (shown.state, shown.text) == ("failed", SOURCE)
        assert _show(good_unit).text == "El pan está caliente el sábado."
    assert "olive" not in shown.text


def test_an_answer_that_loses_a_name_is_tried_again_around_it(engine: Script, work: Work) -> None:
    marked = "The key is with ⟦1⟧ in the kitchen."
    engine(
        answers={
            f"es|{marked}": "La llave está en la cocina.",
            "es|The key is with ": "La llave está con",
            "es| in the kitchen.": "en la cocina.",
        }
    )
    unit = _store("The key is with Ada in the kitchen.", names=("Ada",))
    work()
    assert (_show(unit).state, _show(unit).text) == ("rough", "La llave está con Ada en la cocina.")


def test_an_answer_in_another_language_is_no_translation(engine: Script, work: Work) -> None:
    engine(answers={f"es|{SOURCE}": "Die Lampen in der alten Bibliothek sind heute grün und sehr hell."})
    unit = _store(SOURCE)
    work()
    assert (_show(unit).state, _show(unit).reason) == ("failed", "language")


def test_many_unknown_words_make_a_translation_rough(engine: Script, work: Work) -> None:
    engine(answers={f"es|{SOURCE}": "Las lámparas de la biblioteca son verdes."}, faults={SOURCE: "rough"})
    unit = _store(SOURCE)
    work()
    assert (_show(unit).state, _show(unit).reason) == ("rough", "unknown-words")


@pytest.mark.parametrize("fault", ["", "failed"])
def test_a_job_that_was_opened_too_late_asks_no_engine(engine: Script, work: Work, fault: str) -> None:
    """Somebody looked just before the answer came, and opened a job just after."""
    engine(faults={SOURCE: fault} if fault else {})
    unit = _store(SOURCE)
    late = list(Job.objects.filter(language="es"))
    work()
    answers = EngineRecord.objects.get().answers
    Job.objects.bulk_create(late)
    work()
    assert EngineRecord.objects.get().answers == answers
    assert not Job.objects.exists()
    assert _show(unit).state in ("machine", "failed")


def test_the_same_sentence_in_ten_texts_is_one_job_for_each_language(engine: Script) -> None:
    for owner in range(1, 11):
        _store(SOURCE, owner=owner)
    assert Job.objects.filter(language="es").count() == 1


def test_short_comment_sentences_are_translated_for_their_own_comment(engine: Script, work: Work) -> None:
    units = actions.store_texts(
        [actions.NewText("comment", owner, "en", markdown.parse("Right."), topic="thread:1") for owner in (1, 2)]
    )
    request_translations(units, priority=3)
    assert Job.objects.filter(language="es").count() == 2
    work()
    assert Translation.objects.filter(language="es", unit__in=units).count() == 2


def test_a_killed_workers_jobs_are_somebody_elses_after_their_lease(engine: Script, work: Work) -> None:
    _store(SOURCE)
    with clock.stopped_at(NOON):
        Job.objects.update(not_before=NOON)
        lease = queue.lease_batch(_room)
        assert lease is not None
        Job.objects.exclude(id__in=[job.id for job in lease.jobs]).delete()
        assert queue.lease_batch(_room) is None
    with clock.stopped_at(NOON + queue.LEASE + timedelta(seconds=1)):
        again = queue.lease_batch(_room)
        assert again is not None
        assert [job.id for job in again.jobs] == [job.id for job in lease.jobs]
        assert queue.finish(lease, [job.id for job in lease.jobs]) == set(), "the first worker lost its lease"


@pytest.mark.parametrize("spent", [{"attempts": queue.MOST_ATTEMPTS}, {"lost": queue.MOST_LOST}])
def test_a_job_that_ends_engines_or_workers_again_and_again_is_given_up(
    engine: Script, work: Work, spent: dict[str, int]
) -> None:
    unit = _store(SOURCE)
    Job.objects.update(**spent)
    work()
    assert (_show(unit).state, _show(unit).reason) == ("failed", "gave-up")


def test_a_sentence_that_ends_its_engine_again_and_again_is_given_up_and_the_others_are_not(
    engine: Script, work: Work
) -> None:
    good = "The bread is warm on Saturday."
    engine(answers={f"es|{good}": "El pan está caliente el sábado."}, faults={SOURCE: "dies"})
    bad_unit, good_unit = _store(SOURCE, owner=1), _store(good, owner=2)
    for _round in range(40):
        Job.objects.update(not_before=NOON)
        EngineRecord.objects.update(rests_until=NOON)
        work()
    assert (_show(good_unit).state, _show(good_unit).text) == ("machine", "El pan está caliente el sábado.")
    assert (_show(bad_unit).state, _show(bad_unit).reason) == ("failed", "gave-up")


def test_an_engine_that_is_down_loses_no_job(engine: Script, work: Work) -> None:
    engine(faults={SOURCE: "down"})
    unit = _store(SOURCE)
    before = Job.objects.count()
    work()
    assert Job.objects.count() == before
    assert _show(unit).state == "pending"


def test_arriving_translations_are_announced_with_ids_and_never_text(engine: Script, work: Work) -> None:
    _store(SOURCE)
    work()
    events = OutboxEvent.objects.filter(kind="translation", data__language="es")
    assert [event.topic for event in events] == ["article:1"]
    assert set(events[0].data) == {"of", "id", "language", "unit", "version"}


def test_a_person_beats_the_machine_and_is_never_overwritten(engine: Script, work: Work) -> None:
    unit = _store(SOURCE)
    actions.remember_translations(unit, sentences=[{"es": "Verdes son las lámparas."}], by="Elena")
    work()
    assert (_show(unit).state, _show(unit).text, _show(unit).origin.by) == (
        "human",
        "Verdes son las lámparas.",
        "Elena",
    )


def test_a_translation_over_a_pivot_says_so(db: None, work: Work) -> None:
    pairs = [["en", "es"], ["es", "pt"]]
    spanish = "Las lámparas de la biblioteca son verdes."
    answers = {f"es|{SOURCE}": spanish, f"pt|{spanish}": "As lâmpadas da biblioteca são verdes."}
    options = {"pairs": pairs, "answers": answers}
    register_engine(name="scripted", kind="scripted", version="1", pairs=pairs, options=options)
    unit = _store(SOURCE)
    work()
    assert (_show(unit, "pt").state, _show(unit, "pt").origin.pivot) == ("machine", "es")


def test_taken_away_text_is_translated_no_further(engine: Script, work: Work) -> None:
    unit = _store(SOURCE)
    actions.withhold_text(unit)
    assert not Job.objects.exists()


def _rounds(work: Work, times: int) -> None:
    for _round in range(times):
        Job.objects.update(not_before=NOON)
        EngineRecord.objects.update(rests_until=NOON)
        work()


def test_what_an_engine_had_no_time_for_comes_again_and_is_given_up_only_in_the_end(engine: Script, work: Work) -> None:
    engine(faults={SOURCE: "timeout"})
    unit = _store(SOURCE)
    work()
    assert _show(unit).state == "pending"
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}
    _rounds(work, 5)
    assert (_show(unit).state, _show(unit).reason) == ("failed", "gave-up")


def test_what_was_given_up_is_not_asked_of_the_same_engines_again(engine: Script, work: Work) -> None:
    engine(faults={SOURCE: "timeout"})
    _store(SOURCE)
    _rounds(work, 6)
    assert request_better() == 0


def test_a_stop_in_the_middle_of_a_batch_is_no_fault_of_its_sentences(engine: Script) -> None:
    engine(faults={SOURCE: "dies"})
    _store(SOURCE)
    workshop = Workshop()
    workshop.close()
    assert work_once(workshop)
    assert set(Job.objects.values_list("attempts", flat=True)) == {0}


def test_a_lane_outlives_whatever_happens_in_a_batch(
    engine: Script, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_answer: object, **_rest: object) -> list[object]:
        raise ValueError("a fault of our own")

    monkeypatch.setattr("dragoman.translation.attempts.judge", broken)
    _store(SOURCE)
    assert not work_guarded(Workshop(), Lanes())
    assert "a batch failed" in caplog.text
    assert 1 in set(Job.objects.values_list("attempts", flat=True)), "it comes again, in smaller company"


def test_switching_an_engine_off_and_on_loses_no_job(engine: Script, work: Work) -> None:
    unit = _store(SOURCE)
    waiting = Job.objects.count()
    switch_engine("scripted", on=False)
    work()
    assert Job.objects.count() == waiting
    switch_engine("scripted", on=True)
    work()
    assert _show(unit).state != "pending"


def test_an_engine_that_was_upgraded_in_place_is_known_by_its_new_version(engine: Script, work: Work) -> None:
    EngineRecord.objects.update(version="0")
    _store(SOURCE)
    work()
    assert EngineRecord.objects.get().version == "1"
