"""Translation hears in which section an article stands."""

from importlib import import_module
from typing import Any

from django.apps import apps

from dragoman.publication import actions
from dragoman.publication.models import SectionPage
from dragoman.translation.models import Recheck, SectionTopic
from tests.conftest import MakeArticle


def test_publishing_and_moving_an_article_tell_its_section(make_article: MakeArticle, section: SectionPage) -> None:
    page = make_article()
    assert SectionTopic.objects.get(topic=f"article:{page.number}").section == section.pk
    other = actions.create_section(name="Elsewhere", language="en")
    page.move(other, pos="last-child")
    assert SectionTopic.objects.get(topic=f"article:{page.number}").section == other.pk
    assert Recheck.objects.get().topic == f"article:{page.number}"


def test_articles_of_before_have_their_sections_after_the_migration(
    make_article: MakeArticle, section: SectionPage
) -> None:
    page = make_article()
    SectionTopic.objects.all().delete()
    module: Any = import_module("dragoman.publication.migrations.0003_sections_of_topics")
    module.tell(apps, None)
    assert list(SectionTopic.objects.values_list("topic", "section")) == [(f"article:{page.number}", section.pk)]
