"""What search engines are told of."""

import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dragoman.publication import releasing
from dragoman.publication.models import ArticlePage
from dragoman.publication.queries import addresses, article_by_number
from dragoman.readers.policies import Actor
from dragoman.translation.editions import version_of
from dragoman.website.sitemaps import AT_ONCE
from tests.conftest import EDITIONS, MakeActor, MakeArticle, Script, Work

SPANISH = {"The ferry gets a bell": "El ferry recibe una campana", "It rings at noon.": "Suena a mediodía."}
SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def edda(make_actor: MakeActor) -> Actor:
    return make_actor("Edda", "editor")


def read(client: Client, address: str) -> ElementTree.Element:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    return ElementTree.fromstring(answer.content.decode())


def listed(client: Client, address: str = "/sitemap-articles.xml") -> dict[str, dict[str, str]]:
    """Addresses with their alternates."""
    return {
        url.findtext("s:loc", "", SPACES): {
            one.get("hreflang", ""): one.get("href", "") for one in url.findall("x:link", SPACES)
        }
        for url in read(client, address).findall("s:url", SPACES)
    }


def sign_off(edda: Actor, page: ArticlePage, language: str) -> None:
    version = version_of(page.unit_id or 0, language)
    releasing.sign_off_edition(actor=edda, number=page.number or 0, language=language, version=version)


def test_only_editions_that_somebody_answers_for_are_listed(
    client: Client, edda: Actor, make_article: MakeArticle, engine: Script, work: Work
) -> None:
    engine(answers={f"es|{one}": other for one, other in SPANISH.items()})
    page = make_article("The ferry gets a bell", lead="", body=("It rings at noon.",), people=())
    make_article("A draft", publish=False)
    work()
    paths = addresses(article_by_number(page.number or 0, "en"))
    own = f"http://testserver{paths['en']}"
    assert listed(client) == {own: {"en": own}}
    sign_off(edda, page, "es")
    spanish = f"http://testserver{paths['es']}"
    both = {"en": own, "es": spanish}
    assert listed(client) == {own: both, spanish: both}
    releasing.withdraw_edition(actor=edda, number=page.number or 0, language="es")
    assert listed(client) == {own: {"en": own}}


def test_the_index_leads_to_all_files_and_robots_to_the_index(client: Client, make_article: MakeArticle) -> None:
    page = make_article()
    ArticlePage.objects.filter(pk=page.pk).update(number=AT_ONCE + 7)
    found = [one.text or "" for one in read(client, "/sitemap.xml").iterfind("s:sitemap/s:loc", SPACES)]
    assert [one.removeprefix("http://testserver") for one in found] == [
        "/sitemap-pages.xml",
        "/sitemap-articles.xml",
        "/sitemap-articles.xml?p=2",
    ]
    assert listed(client, found[1]) == {}
    assert len(listed(client, found[2])) == 1
    assert set(listed(client, found[0])) == {
        f"http://testserver/{tag}/{rest}" for tag in EDITIONS for rest in ("", "town/")
    }
    assert "Sitemap: http://testserver/sitemap.xml\n" in client.get("/robots.txt").content.decode()
    for nowhere in ("/sitemap-articles.xml?p=3", "/sitemap-articles.xml?p=x", "/sitemap-comments.xml"):
        assert client.get(nowhere).status_code == 404


def test_many_articles_are_listed_with_no_more_queries_than_one(client: Client, make_article: MakeArticle) -> None:
    counts = []
    for headlines in (["One"], ["Two", "Three", "Four", "Five & <six>"]):
        for headline in headlines:
            make_article(headline)
        client.get("/sitemap-articles.xml")
        with CaptureQueriesContext(connection) as queries:
            assert re.search("<loc>", client.get("/sitemap-articles.xml").content.decode())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_all_addresses_are_those_of_the_site_also_behind_a_proxy(
    client: Client, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_article()
    monkeypatch.setitem(settings.DRAGOMAN.values, "site.url", "https://testserver")
    for address in ("/sitemap.xml", "/sitemap-pages.xml", "/sitemap-articles.xml"):
        found = re.findall("<loc>(.*?)</loc>", client.get(address).content.decode())
        assert found, address
        assert all(one.startswith("https://testserver/") for one in found), address
