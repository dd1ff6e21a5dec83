"""What readers look at is translated first."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from dragoman.conversation import actions as conversation
from dragoman.conversation.actions import Draft
from dragoman.readers.policies import Actor
from dragoman.translation.models import Job, ShareOfDay
from dragoman.translation.rules.scheduling import ARTICLE, COMMENT, PAGE, SCREEN
from tests.conftest import MakeArticle, Script


@pytest.fixture
def page(make_article: MakeArticle, ada: Actor, engine: Script) -> Any:
    article = make_article()
    thread = conversation.thread_at(key=f"article:{article.number}")
    conversation.post_comment(actor=ada, thread=thread, draft=Draft("I think the lamps should stay green.", "en"))
    return article


def _priorities(language: str) -> set[int]:
    return set(Job.objects.filter(language=language).exclude(kind="section").values_list("priority", flat=True))


def test_a_page_is_read_without_a_write_and_its_rest_comes_after_the_screen(page: Any, client: Client) -> None:
    client.get(f"/es/town/{page.number}", follow=True)
    assert _priorities("es") == {ARTICLE, COMMENT}
    client.post("/es/wanted", {"units": "", "rest": f"{page.unit_id}"})
    assert (_priorities("es"), _priorities("fr")) == ({PAGE, COMMENT}, {ARTICLE, COMMENT})


def test_what_is_on_the_screen_goes_before_everything(page: Any, client: Client) -> None:
    html = client.get(f"/es/town/{page.number}", follow=True).content.decode()
    assert f'data-pending="{page.unit_id}"' in html
    assert client.post("/es/wanted", {"units": f"{page.unit_id}"}).status_code == 204
    assert _priorities("es") == {SCREEN, COMMENT}


@pytest.mark.parametrize("units", ["", "x", "0,,0", "9" * 40, "-1", "٣", "1;DROP", ",".join(["0"] * 5000)])
def test_nonsense_is_taken_for_nothing(page: Any, client: Client, units: str) -> None:
    assert client.post("/es/wanted", {"units": units}).status_code == 204
    assert SCREEN not in _priorities("es")


def test_only_an_edition_can_be_wanted_and_only_by_post(page: Any, client: Client) -> None:
    assert client.post("/de/wanted", {"units": "1"}).status_code == 422
    assert client.get("/es/wanted").status_code == 405


def test_an_opened_original_is_counted_once_a_page(client: Client, db: None) -> None:
    cache.clear()
    for _twice in range(2):  # within a minute from one address it counts once
        assert client.post("/es/opened").status_code == 204
    assert [(one.language, one.opened) for one in ShareOfDay.objects.all()] == [("es", 1)]
    assert client.get("/es/opened").status_code == 405
    assert client.post("/de/opened").status_code == 422
