"""``/metrics`` in Prometheus' own format."""

import pytest
from django.core.cache import cache
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import Work
from tests.translation.shop import SOURCE, ask, scripted


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What another test gathered is no answer here."""
    cache.clear()


def test_queue_and_engines_are_gathered_and_no_text(client: Client, work: Work) -> None:
    scripted("out", sends_out=True)
    ask()
    work()
    ask("The bread of the baker is warm on Saturday.", owner=2)
    shown = client.get("/metrics").content.decode()
    found = {sample.name: sample.value for family in text_string_to_metric_families(shown) for sample in family.samples}
    assert found["dragoman_translation_jobs"] == 1
    assert found["dragoman_engine_answers_total"] == 1
    assert found["dragoman_engine_works"] == 1
    assert found["dragoman_engine_month_characters"] == len(SOURCE)
    assert "lamps" not in shown
