"""``/metrics``: what a Prometheus server gathers. Only numbers, no names of people and no texts.

What the installation does is read from the database when it is asked, so that every
process of it answers the same; what web processes do, they count together.
"""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import OperationalError
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dragoman.config.measures import Processes
from dragoman.conversation.figures import figures
from dragoman.live.queries import events_behind
from dragoman.moderation.appeals import appeal_counts
from dragoman.moderation.queries import waiting_in
from dragoman.notifications.queries import waiting_to_be_sent
from dragoman.translation import reports


class TranslationCollector(Collector):
    """Queue and engines."""

    def collect(self) -> Iterable[Metric]:
        """A handful of queries, whatever the size."""
        status = reports.status()
        yield GaugeMetricFamily(
            "dragoman_translation_oldest_wait_seconds", "Age of the oldest open job.", status["oldest_waits_seconds"]
        )
        waiting = GaugeMetricFamily("dragoman_translation_jobs", "Open jobs.", labels=["priority"])
        for priority, jobs in status["priorities"].items():
            waiting.add_metric([priority], jobs)
        yield waiting
        quality = GaugeMetricFamily(
            "dragoman_translation_sentences", "Current machine translations by doubt.", labels=["quality"]
        )
        for name, number in reports.doubtful().items():
            quality.add_metric([name], number)
        yield quality
        yield from _of_engines(reports.engines())


def _of_engines(engines: list[reports.EngineReport]) -> Iterable[Metric]:
    counters = {
        "answers": "Sentences answered.",
        "refused": "Answers that failed a hard check.",
        "failures": "Calls that failed as a whole.",
    }
    for name, about in counters.items():
        family = CounterMetricFamily(f"dragoman_engine_{name}", about, labels=["engine"])
        for one in engines:
            family.add_metric([one.name], getattr(one, name))
        yield family
    works = GaugeMetricFamily("dragoman_engine_works", "1 where the engine can be asked now.", labels=["engine"])
    speed = GaugeMetricFamily("dragoman_engine_characters_per_second", "Over its life.", labels=["engine"])
    spent = GaugeMetricFamily("dragoman_engine_month_characters", "Sent out this month (UTC).", labels=["engine"])
    budget = GaugeMetricFamily("dragoman_engine_month_budget", "Characters a month at most.", labels=["engine"])
    for one in engines:
        works.add_metric([one.name], float(one.state == "works"))
        speed.add_metric([one.name], one.characters_per_second)
        spent.add_metric([one.name], one.spent)
        if one.monthly_budget is not None:
            budget.add_metric([one.name], one.monthly_budget)
    yield from (works, speed, spent, budget)


class PeopleCollector(Collector):
    """What is written, what waits for moderators, and what waits to be told."""

    def collect(self) -> Iterable[Metric]:
        """A handful of queries. Counting comments walks through an index: that is why an answer is kept for a while."""
        found = figures()
        comments = GaugeMetricFamily("dragoman_comments", "Comments.", labels=["state"])
        for state, number in found.by_state.items():
            comments.add_metric([state], number)
        yield comments
        yield GaugeMetricFamily("dragoman_comments_last_hour", "Comments of the last hour.", found.last_hour)
        yield GaugeMetricFamily("dragoman_held_oldest_seconds", "Age of the oldest held comment.", found.held_since)
        yield GaugeMetricFamily("dragoman_reported", "Reported comments.", waiting_in("reported"))
        yield from _of_appeals()
        behind = GaugeMetricFamily("dragoman_events_behind", "Events not dealt with yet.", labels=["follower"])
        for name, number in events_behind().items():
            behind.add_metric([name], number)
        yield behind
        sending = GaugeMetricFamily("dragoman_to_be_sent", "Notifications that wait.", labels=["way"])
        for way, number in waiting_to_be_sent().items():
            sending.add_metric([way], number)
        yield sending


def _of_appeals() -> Iterable[Metric]:
    waiting, answered, by_same = appeal_counts()
    yield GaugeMetricFamily("dragoman_appeals_waiting", "Objections that wait.", waiting)
    yield CounterMetricFamily("dragoman_appeals_answered", "Objections answered.", answered)
    about = "Of them by whoever had decided, because nobody else did."
    yield CounterMetricFamily("dragoman_appeals_answered_by_same", about, by_same)


_KEPT = 15  # seconds; counting a large queue takes a moment, and anybody may ask


def metrics() -> bytes:
    """In Prometheus' text format. What is read from the database is at most fifteen seconds old, or not there."""
    try:
        told: bytes = cache.get_or_set("metrics", _of_the_database, _KEPT) or b""
    except OperationalError:
        told = b""
    # What processes count must never go backwards, whichever of them is asked.
    return _gathered(Processes()) + told


def _of_the_database() -> bytes:
    return _gathered(PeopleCollector(), TranslationCollector())


def _gathered(*collectors: Collector) -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    for collector in collectors:
        registry.register(collector)
    return generate_latest(registry)
