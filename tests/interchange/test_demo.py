"""The demo publication is what it promises to be."""

from collections import Counter

import pytest

from dragoman.conversation.models import Comment, Quote
from dragoman.interchange.demo import EDITIONS
from dragoman.interchange.demo.loading import content, fill
from dragoman.publication.actions import set_up_publication
from dragoman.publication.models import ArticlePage
from dragoman.translation import queries
from dragoman.translation.worker import work_until_empty

_SCRIPTS = {"en": "Latn", "ru": "Cyrl", "ar": "Arab", "el": "Grek", "zh-Hans": "Hans"}


@pytest.fixture
def demo(db: None) -> None:
    set_up_publication(name="Demo")
    fill(lambda what: None, crowd=40)


def test_it_has_articles_and_comments_in_many_languages_and_scripts(demo: None) -> None:
    written = Comment.objects.filter(is_generated=False)
    assert ArticlePage.objects.live().count() >= 6
    assert len(set(ArticlePage.objects.values_list("language", flat=True))) >= 3
    assert written.count() >= 60
    assert written.values("author").distinct().count() >= 15
    languages = Counter(written.values_list("language", flat=True))
    assert len(languages) >= 8
    assert set(_SCRIPTS) <= set(languages)
    assert written.filter(reply_to__isnull=False).count() >= 10
    assert Quote.objects.count() >= 10
    assert Comment.objects.filter(is_generated=True).count() == 40


def test_its_articles_are_there_by_people_in_english_spanish_french_and_arabic(demo: None) -> None:
    pages = ArticlePage.objects.exclude(language="de")
    for language in ("en", "es", "fr", "ar"):
        shown = queries.present([page.unit_id or 0 for page in pages], language, whole_only=False)
        assert {text.state for text in shown.values()} <= {"original", "human"}, language


def test_its_marked_article_keeps_every_state_on_show(demo: None) -> None:
    work_until_empty()
    units = [
        row.unit_id or 0
        for row in Comment.objects.filter(language="de", thread__key=_thread_of_the_marked_article()).order_by("number")
    ]
    shown = queries.present(units, "en")
    assert [shown[unit].state for unit in units] == ["machine", "rough", "failed", "pending"]


def _thread_of_the_marked_article() -> str:
    return f"article:{ArticlePage.objects.get(language='de').number}"


def test_comments_in_languages_without_an_engine_are_human_or_unavailable(demo: None) -> None:
    units = [row.unit_id or 0 for row in Comment.objects.filter(language__in=["ru", "uk", "el", "zh-Hans"])]
    states = Counter(text.state for text in queries.present(units, "es").values())
    assert set(states) == {"human", "unavailable"}


def test_every_text_of_its_files_names_a_known_reader_and_edition() -> None:
    about, articles = content()
    nicknames = {reader["nickname"] for reader in about["readers"]}
    assert all(comment["author"] in nicknames for article in articles for comment in article["comments"])
    assert set(EDITIONS) >= {"en", "es", "fr", "ar", "ca", "pt", "it"}
