"""What is asked for, how urgently, and what is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dragoman.foundation.clock import now
from dragoman.translation import actions
from dragoman.translation.models import Job
from dragoman.translation.operating import route_texts
from dragoman.translation.rules import markdown
from dragoman.translation.rules.scheduling import LATER, PAGE, SCREEN
from dragoman.translation.wishes import request_translations, want
from dragoman.translation.worker import work_until_empty
from tests.conftest import Script
from tests.translation.shop import SOURCE, SPANISH, ask, scripted, show, store


def test_looking_makes_what_is_missing_urgent_in_that_language_alone(engine: Script) -> None:
    unit = ask(priority=LATER, languages=["es", "ca"])
    want([unit], "es", priority=SCREEN)
    assert dict(Job.objects.values_list("language", "priority")) == {"es": SCREEN, "ca": LATER}


def test_looking_never_makes_a_job_less_urgent(engine: Script) -> None:
    unit = ask(priority=SCREEN)
    want([unit], "es", priority=PAGE)
    assert Job.objects.get().priority == SCREEN


def test_a_page_on_which_nothing_waits_is_read_without_a_write(engine: Script, work: Any) -> None:
    unit = ask()
    work()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        want([unit], "es", priority=PAGE)
    assert not [one for one in queries if not one["sql"].startswith("SELECT")]


def test_a_pair_on_view_is_asked_for_only_when_somebody_looks(db: None) -> None:
    scripted("slow", answers={f"es|{SOURCE}": SPANISH})
    route_texts(source="en", target="es", is_eager=False)
    unit = ask()
    assert not Job.objects.exists()
    assert show(unit).state == "pending"
    want([unit], "es", priority=SCREEN)
    work_until_empty()
    assert show(unit).text == SPANISH


def test_after_an_edit_only_the_new_sentence_waits_and_for_two_minutes(engine: Script) -> None:
    unit = ask("The first one stands here. The second one stands there.")
    work_until_empty()
    actions.revise_text(unit, language="en", document=markdown.parse("The first one stands here. It was painted."))
    request_translations([unit], priority=3, languages=["es"], after_edit=True)
    job = Job.objects.get()
    assert job.segment.text == "It was painted."
    assert timedelta(seconds=100) < job.not_before - now() <= timedelta(minutes=2)
    want([unit], "es", priority=SCREEN)
    assert work_until_empty() == 0, "looking does not shorten the grace"


def test_two_edits_within_the_grace_are_one_translation(engine: Script) -> None:
    unit = ask("The first one stands here.")
    work_until_empty()
    for text in ("The first one stood here.", "The first one will stand over there."):
        actions.revise_text(unit, language="en", document=markdown.parse(text))
        request_translations([unit], priority=3, languages=["es"], after_edit=True)
    assert [job.segment.text for job in Job.objects.all()] == ["The first one will stand over there."]


def test_held_text_is_asked_of_engines_of_the_house_and_for_its_own_unit(db: None) -> None:
    scripted("out", sends_out=True)
    held = ask(kind="comment", topic="thread:1", is_released=False)
    assert not Job.objects.exists()
    scripted("home", answers={f"es|{SOURCE}": SPANISH})
    request_translations([held], priority=3, languages=["es"])
    job = Job.objects.get()
    assert (job.unit_id, job.in_house) == (held, True)
    work_until_empty()
    assert (show(held).text, show(held).origin.engine) == (SPANISH, "home")
    other = store(owner=2, kind="comment", topic="thread:1")
    assert show(other).state == "pending", "what is held enters no memory"
    actions.release_text(held)
    assert show(other).text == SPANISH, "what was released does"
    assert not Job.objects.exists()


def test_what_was_taken_away_is_asked_for_no_more(engine: Script) -> None:
    unit = ask(kind="comment")
    actions.withhold_text(unit)
    assert request_translations([unit], priority=3) == 0
    assert not Job.objects.exists()
    assert show(unit).state == "unavailable"


@pytest.mark.parametrize("kind", ["comment", "article"])
def test_a_kind_that_is_kept_in_the_house_never_leaves_it(db: None, settings: Any, kind: str) -> None:
    scripted("out", sends_out=True)
    settings.DRAGOMAN.values["translation.in_house_only"] = ["comment"]
    try:
        ask("The bread of the old baker is warm on Saturday.", kind=kind)
        assert Job.objects.exists() == (kind == "article")
    finally:
        settings.DRAGOMAN.values["translation.in_house_only"] = []


def test_a_sentence_of_a_comment_that_stays_in_the_house_is_still_an_articles(db: None, settings: Any) -> None:
    scripted("out", answers={f"es|{SOURCE}": SPANISH}, sends_out=True)
    settings.DRAGOMAN.values["translation.in_house_only"] = ["comment"]
    try:
        comment, article = store(owner=1, kind="comment"), store(owner=2, kind="article")
        request_translations([comment, article], priority=3, languages=["es"])
        assert Job.objects.get().kind == "article"
    finally:
        settings.DRAGOMAN.values["translation.in_house_only"] = []


def test_looking_at_what_is_held_brings_nothing_forward(engine: Script) -> None:
    held = ask(kind="comment", priority=LATER, is_released=False)
    want([held], "es", priority=SCREEN)
    assert Job.objects.get().priority == LATER
