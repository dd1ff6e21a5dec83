"""``/metrics`` in Prometheus' own format."""

import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.cache import cache
from prometheus_client.parser import text_string_to_metric_families

from dragoman.config.metrics import metrics
from dragoman.conversation.actions import Draft, post_comment, thread_at
from dragoman.conversation.moderating import decide, report_comment
from dragoman.moderation.actions import Grounds
from dragoman.readers.policies import Actor
from tests.commandline.test_commands import ROOT
from tests.config.homes import served, until
from tests.conftest import MakeArticle, Work
from tests.translation.shop import SOURCE, ask, scripted


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What another test gathered is no answer here."""
    cache.clear()


def test_queue_and_engines_are_gathered_and_no_text(work: Work) -> None:
    scripted("out", sends_out=True)
    ask()
    work()
    ask("The bread of the baker is warm on Saturday.", owner=2)
    shown = metrics().decode()
    found = {sample.name: sample.value for family in text_string_to_metric_families(shown) for sample in family.samples}
    assert found["dragoman_translation_jobs"] == 1
    assert found["dragoman_engine_answers_total"] == 1
    assert found["dragoman_engine_works"] == 1
    assert found["dragoman_engine_month_characters"] == len(SOURCE)
    assert "lamps" not in shown


def _samples(text: str) -> dict[tuple[str, ...], float]:
    """Values by name and labels."""
    families = text_string_to_metric_families(text)
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_what_waits_for_people_is_gathered(ada: Actor, mina: Actor, make_article: MakeArticle, settings: Any) -> None:
    thread = thread_at(key=f"article:{make_article().number}")
    first, second = (
        post_comment(actor=ada, thread=thread, draft=Draft(f"Words {number}.", "en")).comment for number in (1, 2)
    )
    decide(actor=mina, comment=first, act="hold", grounds=Grounds("other"))
    report_comment(actor=mina, comment=second, grounds=Grounds("spam"))
    found = _samples(metrics().decode())
    assert found["dragoman_comments", "visible"] == 1
    assert found["dragoman_comments", "held"] == 1
    assert found["dragoman_comments_last_hour",] == 2
    assert found["dragoman_held_oldest_seconds",] > 0
    assert found["dragoman_reported",] == 1
    assert found["dragoman_to_be_sent", "push"] == 0


def test_all_web_processes_count_together(home: Path) -> None:
    with served(home, workers=2) as url:
        for _time in range(30):
            httpx.get(f"{url}/en/town/1-the-ferry")
        for _time in range(2):
            httpx.get(f"{url}/en/town/1-the-ferry", headers={"Cookie": "sessionid=nobody"})
        assert until(lambda: _shared_pages(url) >= 30, 30), _shared_pages(url)
        found = _samples(httpx.get(f"{url}/metrics").text)
        assert found["dragoman_requests_total", "2xx"] >= 2
        assert found["dragoman_request_seconds_count",] >= 2
        assert found["dragoman_pages_kept_bytes",] > 0


def _shared_pages(url: str) -> float:
    found = _samples(httpx.get(f"{url}/metrics").text)
    return found.get(("dragoman_pages_total", "hits"), 0) + found.get(("dragoman_pages_total", "misses"), 0)


def test_every_metric_of_the_dashboard_is_one_that_there_is(db: None) -> None:
    dashboard = json.loads((ROOT / "deploy/grafana-dashboard.json").read_text())
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", ()))
    scripted("out", sends_out=True)
    told = metrics().decode()
    there = {line.split()[2] for line in told.splitlines() if line.startswith("# TYPE")}
    suffixed = {f"{name}{end}" for name in there for end in ("", "_total", "_bucket", "_count", "_sum")}
    # What is read from the database every machine tells alike: adding it up would count it once for each.
    counted_by_each = r"dragoman_(requests|request_seconds|pages|streams)"
    added_up = re.findall(r"sum\((?:rate\()?(dragoman_\w+)", asked)
    assert [name for name in added_up if not re.match(counted_by_each, name)] == []
    names = set(re.findall(r"dragoman_\w+", asked))
    assert len(names) >= 15
    assert names <= suffixed
