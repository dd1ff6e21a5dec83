"""Editions in the desk."""

import pytest
from django.test import Client

from dragoman.interchange.demo.pictures import picture
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.translation import shares
from dragoman.translation.editions import version_of
from dragoman.translation.models import Edition, EditionDefault
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of
from tests.desk.conftest import BACKEND
from tests.publication.test_releasing import CATALAN, HEADLINE, LAST, SPANISH


@pytest.fixture
def page(engine: Script, make_article: MakeArticle, work: Work) -> ArticlePage:
    engine(answers=SPANISH | CATALAN)
    made = make_article(HEADLINE, lead="", body=(LAST,))
    work()
    return made


@pytest.fixture
def edda(client: Client, make_actor: MakeActor, section: object) -> Client:
    """An editor at the desk."""
    client.force_login(account_of(make_actor("Edda", "editor")), backend=BACKEND)
    return client


def act(client: Client, page: ArticlePage, name: str, **data: object) -> str:
    return client.post(f"/admin/editions/{page.number}/{name}/", data, follow=True).content.decode()


def test_articles_are_listed_with_the_state_of_each_edition_and_found_by_it(
    edda: Client, page: ArticlePage, section: SectionPage
) -> None:
    html = edda.get("/admin/editions/").content.decode()
    assert HEADLINE in html
    assert "<strong>es</strong> 100 % · is out" in html
    assert "<strong>ar</strong> 0 % · is out" in html
    assert "There is no such article." in edda.get("/admin/editions/?waits=release").content.decode()
    act(edda, page, "mode", language="es", mode="review")
    assert HEADLINE in edda.get(f"/admin/editions/?waits=release&section={section.pk}").content.decode()
    assert edda.get("/admin/editions/?section=9999").status_code == 404


def test_an_editor_releases_editions_together_and_withdraws_one(edda: Client, page: ArticlePage) -> None:
    for language in ("es", "ca"):
        assert "Saved." in act(edda, page, "mode", language=language, mode="review")
    assert "Readers see these editions now." in act(edda, page, "release", languages=["es", "ca"])
    assert set(Edition.objects.values_list("shows", flat=True)) == {"all"}
    assert "Withdrawn: readers see the original." in act(edda, page, "withdraw", language="es")
    assert dict(Edition.objects.values_list("language", "shows")) == {"es": "nothing", "ca": "all"}
    html = edda.get(f"/admin/editions/{page.number}/").content.decode()
    assert "0 by people<br>2 by engines<br>0 missing" in html
    assert "This text has no such edition." in act(edda, page, "release")


def test_a_translator_signs_off_and_releases_nothing(client: Client, page: ArticlePage, make_actor: MakeActor) -> None:
    client.force_login(account_of(make_actor("Thea", "translator")), backend=BACKEND)
    version = version_of(page.unit_id or 0, "es")
    assert "has changed since you opened it" in act(client, page, "sign", language="es", version="1.0")
    assert f'name="version" value="{version}"' in client.get(f"/admin/editions/{page.number}/").content.decode()
    assert "Signed off in your name." in act(client, page, "sign", language="es", version=version)
    assert Edition.objects.get().signed_by == "Thea"
    assert "cannot be signed off" in act(client, page, "sign", language="ar")
    html = client.get(f"/admin/editions/{page.number}/").content.decode()
    assert "Release the chosen editions" not in html
    assert "Your account is not allowed to do this." in act(client, page, "release", languages=["es"])
    assert client.post("/admin/editions/default/", {"mode": "off"}).status_code == 302
    assert not EditionDefault.objects.exists()


def test_defaults_are_set_for_new_articles(
    edda: Client, engine: Script, make_article: MakeArticle, section: SectionPage
) -> None:
    told = {"section": section.pk, "source": "", "target": "es", "mode": "review"}
    assert edda.post("/admin/editions/default/", told).status_code == 302
    assert "by machine, after a review" in edda.get("/admin/editions/").content.decode()
    make_article(HEADLINE)
    assert list(Edition.objects.values_list("language", "mode", "shows")) == [("es", "review", "nothing")]
    assert edda.post("/admin/editions/default/", {**told, "mode": "odd"}).status_code == 404
    assert edda.post("/admin/editions/default/", {**told, "section": 9999}).status_code == 404


def test_a_draft_is_translated_by_a_button(edda: Client, engine: Script, make_article: MakeArticle) -> None:
    page = make_article(HEADLINE, lead="", body=(LAST,), publish=False)
    page.save_revision()
    assert "Translate the draft now" in edda.get(f"/admin/editions/{page.number}/").content.decode()
    assert "sentences are asked for." in act(edda, page, "translate")


def test_what_does_not_exist_is_not_found_and_readers_do_not_enter(
    edda: Client, page: ArticlePage, make_actor: MakeActor
) -> None:
    assert edda.get("/admin/editions/999/").status_code == 404
    assert edda.post(f"/admin/editions/{page.number}/burn/").status_code == 404
    edda.force_login(account_of(make_actor("Al", "author")), backend=BACKEND)
    assert edda.get("/admin/editions/").status_code == 302


def test_an_edition_gets_something_of_its_own(edda: Client, page: ArticlePage, make_actor: MakeActor) -> None:
    address = f"/admin/editions/{page.number}/own/es/"
    block = str(page.body[0].id)
    assert "Suena todos los días" in edda.get(address).content.decode()
    told = {"note": "Véase la página 3.", "social_text": "", "left_out": [block, "none-of-it"]}
    assert edda.post(address, told).status_code == 302
    row = Edition.objects.get(language="es")
    assert (row.note, row.left_out, row.shows) == ("Véase la página 3.", [block], "all")
    assert "checked" in edda.get(address).content.decode()
    assert edda.post(f"/admin/editions/{page.number}/own/en/", told).status_code == 404
    assert edda.get("/admin/editions/999/own/es/").status_code == 404
    edda.force_login(account_of(make_actor("Thea", "translator")), backend=BACKEND)
    assert edda.post(address, told | {"note": "no"}).status_code == 302
    assert Edition.objects.get(language="es").note == "Véase la página 3."


def test_an_edition_shows_another_picture_and_the_originals_when_that_is_deleted(
    edda: Client, engine: Script, make_article: MakeArticle, work: Work
) -> None:
    theirs, ours = picture("library", "A library"), picture("tram", "A tram")
    shown = {"image": theirs, "alt": "A library", "caption": "", "credit": "Ana"}
    engine(answers=SPANISH | CATALAN | {"es|A library": "Una biblioteca"})
    page = make_article(HEADLINE, lead="", body=(LAST,), blocks=(("image", shown),))
    work()
    address = f"/admin/editions/{page.number}/own/es/"
    block = next(str(one.id) for one in page.body if one.block_type == "image")
    assert "Una biblioteca" in edda.get(address).content.decode()
    told = {"note": "", "social_text": "", f"picture-{block}": ours.pk}
    assert edda.post(address, told).status_code == 302

    def pictures(edition: str) -> tuple[bool, bool]:
        html = edda.get(f"/{edition}/town/{page.number}", follow=True).content.decode()
        return theirs.get_rendition("width-1200").url in html, ours.get_rendition("width-1200").url in html

    assert pictures("es") == (False, True)
    assert pictures("en") == (True, False)
    assert edda.post(address, told | {f"picture-{block}": 9999}).status_code == 200
    ours.get_rendition("width-1200")
    name = ours.get_rendition("width-1200").url
    ours.delete()
    html = edda.get(f"/es/town/{page.number}", follow=True).content.decode()
    assert theirs.get_rendition("width-1200").url in html
    assert name not in html


def test_shares_of_people_and_machines_are_drawn(edda: Client, page: ArticlePage) -> None:
    assert "Nothing is counted yet." in edda.get("/admin/editions/shares/").content.decode()
    shares.note_shares()
    html = edda.get("/admin/editions/shares/").content.decode()
    assert "100 % of the sentences are the machine’s." in html
    assert html.count('role="img"') >= 2
