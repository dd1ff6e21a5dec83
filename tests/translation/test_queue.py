"""Which jobs are taken, in which company, and that none is lost."""

import itertools
from datetime import timedelta

import pytest

from dragoman.foundation import clock
from dragoman.foundation.clock import now
from dragoman.translation import queue
from dragoman.translation.models import Job
from dragoman.translation.rules.scheduling import COMMENT, EVERY_SO_MANY, LATER, SCREEN
from tests.conftest import NOON, Script
from tests.translation.shop import ask


def _room(job: Job) -> queue.Room:
    return queue.Room()


def _one(job: Job) -> queue.Room:
    return queue.Room(jobs=1)


def _texts(lease: queue.Lease | None) -> list[str]:
    return [job.segment.text for job in lease.jobs] if lease else []


@pytest.fixture
def fresh_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The count of batches starts anew, so that the oldest one's turn is where the test expects it."""
    monkeypatch.setattr(queue, "_turns", itertools.count(1))


def test_what_is_on_a_screen_goes_first(engine: Script, fresh_turns: None) -> None:
    ask("The bread is warm on Saturday.", owner=1, priority=LATER)
    ask("The bridge was painted last week.", owner=2, priority=SCREEN)
    assert _texts(queue.lease_batch(_one)) == ["The bridge was painted last week."]


def test_room_in_a_batch_is_filled_with_less_urgent_jobs_of_its_pair(engine: Script, fresh_turns: None) -> None:
    ask("The bread is warm on Saturday.", owner=1, priority=LATER)
    ask("The bridge was painted last week.", owner=2, priority=SCREEN)
    ask("The market was empty after the rain.", owner=3, priority=SCREEN, languages=["ca"])
    lease = queue.lease_batch(_room)
    assert _texts(lease) == ["The bridge was painted last week.", "The bread is warm on Saturday."]
    assert lease is not None
    assert lease.jobs[0].priority == SCREEN


def test_sentences_of_like_length_share_a_batch_before_others(engine: Script, fresh_turns: None) -> None:
    long = "The mayor said that " + "the very long road over the hills was closed again and " * 5 + "nobody knew why."
    ask(long, owner=1)
    ask("The bread is warm on Saturday.", owner=2)
    ask("The bridge was painted last week.", owner=3)
    Job.objects.filter(segment__text__startswith="The bread").update(priority=SCREEN)
    found = _texts(queue.lease_batch(lambda job: queue.Room(jobs=2)))
    assert found == ["The bread is warm on Saturday.", "The bridge was painted last week."]


def test_a_batch_holds_no_more_characters_than_there_is_room_for(engine: Script) -> None:
    for owner in range(1, 6):
        ask(f"The lamp number {owner} on the bridge is broken again.", owner=owner)
    lease = queue.lease_batch(lambda job: queue.Room(jobs=32, characters=100))
    assert lease is not None
    assert len(lease.jobs) == 2


def test_a_flooded_thread_does_not_keep_the_others_waiting(engine: Script, fresh_turns: None) -> None:
    for owner in range(1, 51):
        ask(f"Flood number {owner} rolls over the hills and the town.", owner=owner, kind="comment", topic="thread:1")
    ask("One quiet word from another place in the town.", owner=99, kind="comment", topic="thread:2")
    taken = [text for _turn in range(3) for text in _texts(queue.lease_batch(_one))]
    assert "One quiet word from another place in the town." in taken


def test_whoever_waits_longest_has_every_eighth_batch(engine: Script, fresh_turns: None) -> None:
    with clock.stopped_at(NOON):
        ask("An old import that nobody looks at any more.", owner=1, priority=LATER)
    for owner in range(2, 22):
        ask(f"Somebody is looking at sentence {owner} right now.", owner=owner, priority=SCREEN)
    taken = [text for _turn in range(EVERY_SO_MANY) for text in _texts(queue.lease_batch(_one))]
    assert "An old import that nobody looks at any more." in taken
    assert taken.index("An old import that nobody looks at any more.") == EVERY_SO_MANY - 1


def test_a_job_that_came_back_goes_in_smaller_and_smaller_company(engine: Script) -> None:
    for owner in range(1, 21):
        ask(f"The lamp number {owner} on the bridge is broken again.", owner=owner)
    sizes = []
    for _round in range(3):
        Job.objects.update(not_before=now())
        lease = queue.lease_batch(_room)
        assert lease is not None
        sizes.append(len(lease.jobs))
        Job.objects.exclude(id__in=[job.id for job in lease.jobs]).delete()
        queue.put_back(lease, [job.id for job in lease.jobs], counts=True)
    assert sizes == [20, 8, 2]


def test_a_lease_that_ran_out_is_counted_as_lost_and_one_that_was_given_back_is_not(engine: Script) -> None:
    ask()
    for _round in range(3):
        assert queue.lease_batch(_room) is not None
        Job.objects.update(not_before=now())
    assert Job.objects.get().lost == 2
    lease = queue.lease_batch(_room)
    assert lease is not None
    queue.put_back(lease, [lease.jobs[0].pk], counts=False)
    Job.objects.update(not_before=now())
    queue.lease_batch(_room)
    assert (Job.objects.get().lost, Job.objects.get().attempts) == (3, 0)


def test_what_waits_for_an_engine_waits_together_and_without_counting(engine: Script) -> None:
    for owner in range(1, 101):
        ask(f"The lamp number {owner} on the bridge is broken again.", owner=owner)
    lease = queue.lease_batch(_one)
    assert lease is not None
    until = now() + timedelta(minutes=10)
    queue.wait_for_engines(lease, until)
    assert queue.lease_batch(_room) is None
    assert set(Job.objects.values_list("attempts", "not_before")) == {(0, until)}


def test_a_lease_that_is_renewed_is_still_ours(engine: Script) -> None:
    ask()
    with clock.stopped_at(NOON):
        Job.objects.update(not_before=NOON)
        lease = queue.lease_batch(_room)
        assert lease is not None
    with clock.stopped_at(NOON + queue.LEASE - timedelta(seconds=1)):
        queue.renew(lease)
    with clock.stopped_at(NOON + queue.LEASE + timedelta(seconds=1)):
        assert queue.lease_batch(_room) is None
        assert queue.finish(lease, [job.id for job in lease.jobs]) == {job.id for job in lease.jobs}


def test_a_crowded_pair_is_left_to_those_who_work_on_it(engine: Script) -> None:
    ask(priority=COMMENT, languages=["es", "ca"])
    lease = queue.lease_batch(_room, avoid=[("en", "es")])
    assert lease is not None
    assert lease.target == "ca"


def test_after_the_clock_was_set_back_nothing_waits_for_the_time_that_was_wrong(engine: Script) -> None:
    for owner in range(4):
        ask(f"The lamp of house {owner} is green.", owner=owner)
    ahead = now() + timedelta(hours=2)
    leased, opened, waiting, right = Job.objects.order_by("id")
    Job.objects.filter(pk=leased.pk).update(lease="theirs", not_before=ahead + queue.LEASE)
    Job.objects.filter(pk=opened.pk).update(created_at=ahead, not_before=ahead)
    Job.objects.filter(pk=waiting.pk).update(not_before=ahead + queue.LONGEST_WAIT)
    # That all engines rest for an hour is nobody's mistake.
    Job.objects.filter(pk=right.pk).update(not_before=now() + queue.LONGEST_WAIT)
    assert queue.free_from_the_future() == 3
    assert set(Job.objects.filter(not_before__lte=now())) == {leased, opened, waiting}
    assert queue.free_from_the_future() == 0
