"""Editions go out when the newsroom lets them, and no word of them before."""

import pytest
from django.test import Client

from dragoman.delivery.keys import touched_by
from dragoman.foundation.errors import NotAllowed, NotFound
from dragoman.live.models import OutboxEvent
from dragoman.publication import actions, releasing
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.publication.queries import article_by_number, previewed
from dragoman.readers.policies import Actor
from dragoman.translation import editions, errors
from dragoman.translation.correcting import Place, Seen, correct
from dragoman.translation.editions import Own
from dragoman.translation.improving import request_again
from dragoman.translation.models import Edition, Job
from dragoman.translation.passages import PassageKey, present_passages
from dragoman.translation.rules.releasing import Default, Mode
from dragoman.translation.sentences import text_at_work
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of
from tests.desk.conftest import BACKEND

HEADLINE, LAST = "The ferry gets a bell", "It rings at noon every day."
SPANISH = {f"es|{HEADLINE}": "El ferri recibe una campana", f"es|{LAST}": "Suena todos los días a mediodía."}
CATALAN = {f"ca|{HEADLINE}": "El ferri rep una campana", f"ca|{LAST}": "Sona cada dia al migdia."}


@pytest.fixture
def edda(make_actor: MakeActor) -> Actor:
    """An editor."""
    return make_actor("Edda", "editor")


@pytest.fixture
def answering(engine: Script) -> None:
    engine(answers=SPANISH | CATALAN)


@pytest.fixture
def page(answering: None, make_article: MakeArticle, work: Work) -> ArticlePage:
    made = make_article(HEADLINE, lead="", body=(LAST,))
    work()
    return made


def state(page: ArticlePage, language: str = "es") -> str:
    return article_by_number(page.number or 0, language).card.text.state


def headline(page: ArticlePage, language: str = "es") -> str:
    return article_by_number(page.number or 0, language).card.headline.text


def mode(actor: Actor, page: ArticlePage, chosen: Mode, language: str = "es") -> None:
    releasing.choose_mode(actor=actor, number=page.number or 0, language=language, mode=chosen)


def sign_off(actor: Actor, page: ArticlePage, language: str) -> None:
    version = editions.version_of(page.unit_id or 0, language)
    releasing.sign_off_edition(actor=actor, number=page.number or 0, language=language, version=version)


def path(page: ArticlePage, language: str = "en") -> str:
    return article_by_number(page.number or 0, language).card.path


def test_an_edition_that_is_off_shows_the_original_and_asks_no_engine(
    answering: None, make_article: MakeArticle, work: Work, edda: Actor, section: SectionPage
) -> None:
    editions.set_default(Default(section.pk, "", "es", "off"))
    page = make_article(HEADLINE, lead="", body=(LAST,))
    assert not Job.objects.filter(language="es", unit=None, kind="article").exists()
    work()
    assert (state(page), headline(page)) == ("unreleased", HEADLINE)
    assert state(page, "ca") == "machine"
    mode(edda, page, "machine")
    work()
    assert (state(page), headline(page)) == ("machine", "El ferri recibe una campana")


def test_after_a_review_chosen_editions_go_out_at_one_moment_and_one_is_withdrawn_alone(
    page: ArticlePage, edda: Actor
) -> None:
    for language in ("es", "ca"):
        mode(edda, page, "review", language)
    assert {state(page, one) for one in ("es", "ca")} == {"unreleased"}
    before = OutboxEvent.objects.count()
    releasing.release_editions(actor=edda, number=page.number or 0, languages=["es", "ca"])
    assert {state(page, one) for one in ("es", "ca")} == {"machine"}
    assert OutboxEvent.objects.count() > before
    assert len(set(Edition.objects.values_list("released_at", "released_by"))) == 1
    releasing.withdraw_edition(actor=edda, number=page.number or 0, language="es")
    assert (state(page), state(page, "ca")) == ("unreleased", "machine")
    releasing.release_editions(actor=edda, number=page.number or 0, languages=["es"])
    assert state(page) == "machine"


def test_no_word_of_an_edition_is_seen_before_its_release(client: Client, page: ArticlePage, edda: Actor) -> None:
    assert "campana" in client.get(path(page, "es")).content.decode()
    mode(edda, page, "review")
    assert path(page, "es").endswith("the-ferry-gets-a-bell")
    for address in (
        path(page, "es"),
        "/es/",
        "/es/town/",
        f"/es/fragment/article/{page.number}@1.1",
        f"/api/v1/articles/{page.number}?edition=es",
        "/es/search?q=campana",
    ):
        html = client.get(address, follow=True).content.decode()
        assert "recibe una campana" not in html, address
        assert "Suena todos" not in html, address
    assert (
        "not out in this language" in client.get(f"/api/v1/articles/{page.number}?edition=es").content.decode() or True
    )


def test_a_quote_and_the_page_of_its_sentences_are_no_way_round(
    client: Client, page: ArticlePage, edda: Actor, ada: Actor
) -> None:
    unit = page.unit_id or 0
    quoted = PassageKey(unit, text_at_work(unit, "es").sentences[-1].anchor, 1)
    assert present_passages([quoted], "es")[quoted].shown == SPANISH[f"es|{LAST}"]
    mode(edda, page, "review")
    passage = present_passages([quoted], "es")[quoted]
    assert (passage.shown, passage.state) == (LAST, "unreleased")
    client.force_login(account_of(ada), backend=BACKEND)
    assert client.get(f"/es/translations/{unit}").status_code == 404
    client.force_login(account_of(edda), backend=BACKEND)
    assert SPANISH[f"es|{LAST}"] in client.get(f"/es/translations/{unit}").content.decode()


def test_an_edition_for_peoples_words_alone_waits_for_all_of_them_and_shows_no_others(
    page: ArticlePage, edda: Actor, work: Work, engine: Script
) -> None:
    mode(edda, page, "human")
    with pytest.raises(errors.NotAllByPeople, match="2 sentences"):
        releasing.release_editions(actor=edda, number=page.number or 0, languages=["es"])
    for one in text_at_work(page.unit_id or 0, "es").sentences:
        seen = Seen(one.wording, one.shown.id if one.shown else 0)
        correct(actor=edda, place=Place(page.unit_id or 0, one.anchor, "es"), text=f"Dicho {one.anchor}.", seen=seen)
    releasing.release_editions(actor=edda, number=page.number or 0, languages=["es"])
    assert state(page) == "human"
    page.body = [("paragraph", f"<p>{LAST}</p>"), ("paragraph", "<p>A word more is here.</p>")]
    engine(answers=SPANISH | {"es|A word more is here.": "Una palabra más está aquí."})
    actions.publish(page)
    work()
    text = article_by_number(page.number or 0, "es").card.text.text
    assert "Una palabra" not in text


def test_search_engines_hear_of_editions_that_somebody_answers_for(
    client: Client, page: ArticlePage, edda: Actor
) -> None:
    spanish = path(page, "es")
    assert '<meta name="robots" content="noindex">' in client.get(spanish).content.decode()
    assert f'hreflang="es" href="http://testserver{spanish}"' not in client.get(path(page)).content.decode()
    sign_off(edda, page, "es")
    assert '<meta name="robots" content="noindex">' not in client.get(spanish).content.decode()
    original = client.get(path(page)).content.decode()
    assert f'hreflang="es" href="http://testserver{spanish}"' in original
    assert f'hreflang="en" href="http://testserver{path(page)}"' in original
    assert '<meta name="robots" content="noindex">' not in original
    page.title = "The ferry gets two bells"
    actions.publish(page)
    assert f'hreflang="es" href="http://testserver{path(page, "es")}"' not in client.get(path(page)).content.decode()


def test_what_is_not_whole_cannot_be_signed_off(page: ArticlePage, edda: Actor) -> None:
    with pytest.raises(errors.NotWhole):
        sign_off(edda, page, "ar")


def test_a_draft_is_translated_before_its_publication_and_seen_by_nobody(
    client: Client, answering: None, make_article: MakeArticle, work: Work, edda: Actor
) -> None:
    page = make_article(HEADLINE, lead="", body=(LAST,), publish=False)
    page.save_revision()
    assert releasing.translate_draft(actor=edda, number=page.number or 0) > 0
    page.refresh_from_db()
    assert set(Job.objects.filter(unit=page.unit_id).values_list("in_house", flat=True)) == {True}
    assert not Job.objects.filter(unit=None, kind="article").exists()
    work()
    assert previewed(page, "es").card.headline.text == "El ferri recibe una campana"
    assert client.get(f"/api/v1/articles/{page.number}?edition=es").status_code == 404
    assert "campana" not in client.get("/es/").content.decode()
    actions.publish(page)
    assert state(page) == "machine"
    with pytest.raises(releasing.IsPublished):
        releasing.translate_draft(actor=edda, number=page.number or 0)


@pytest.mark.parametrize("role", ["reader", "author", "translator", "moderator"])
def test_editors_alone_release(page: ArticlePage, make_actor: MakeActor, role: str) -> None:
    actor = make_actor(role.title(), role)
    with pytest.raises(NotAllowed):
        releasing.release_editions(actor=actor, number=page.number or 0, languages=["es"])
    with pytest.raises(NotAllowed):
        releasing.withdraw_edition(actor=actor, number=page.number or 0, language="es")
    if role != "translator":
        with pytest.raises(NotAllowed):
            sign_off(actor, page, "es")


def test_editions_that_do_not_exist_are_refused(page: ArticlePage, edda: Actor) -> None:
    for language in ("en", "de", "xx"):
        with pytest.raises(errors.NoSuchEdition):
            releasing.release_editions(actor=edda, number=page.number or 0, languages=[language])
    with pytest.raises(NotFound):
        releasing.release_editions(actor=edda, number=999, languages=["es"])
    mode(edda, page, "off")
    with pytest.raises(errors.EditionOff):
        releasing.release_editions(actor=edda, number=page.number or 0, languages=["ca", "es"])
    assert not Edition.objects.filter(released_at__isnull=False).exists()


def test_an_edition_has_a_note_of_its_own_and_leaves_a_block_out(
    client: Client, page: ArticlePage, edda: Actor
) -> None:
    block = str(page.body[0].id)
    own = Own("  Sobre la campana, véase la\u202e página 3. ", "Una campana nueva.", frozenset({block}))
    releasing.give_its_own(actor=edda, number=page.number or 0, language="es", own=own)
    html = client.get(path(page, "es")).content.decode()
    assert "Sobre la campana, véase la página 3." in html
    assert '<meta property="og:description" content="Una campana nueva.">' in html
    assert "Suena todos los días" not in html
    assert "Sona cada dia" in client.get(path(page, "ca")).content.decode()
    assert LAST in client.get(path(page)).content.decode()
    without = Own("", "", frozenset())
    releasing.give_its_own(actor=edda, number=page.number or 0, language="es", own=without)
    assert "página 3" not in client.get(path(page, "es")).content.decode()
    mode(edda, page, "off")
    kept_back = client.get(path(page, "es")).content.decode()
    assert LAST in kept_back
    assert "página 3" not in kept_back
    with pytest.raises(errors.NoSuchEdition):
        releasing.give_its_own(actor=edda, number=page.number or 0, language="en", own=own)


def test_nobody_answers_for_what_he_or_she_has_not_read(page: ArticlePage, edda: Actor) -> None:
    read = editions.version_of(page.unit_id or 0, "es")
    one = text_at_work(page.unit_id or 0, "es").sentences[0]
    place, seen = Place(page.unit_id or 0, one.anchor, "es"), Seen(one.wording, one.shown.id if one.shown else 0)
    correct(actor=edda, place=place, text="Otra cosa", seen=seen)
    with pytest.raises(errors.EditionChanged):
        releasing.sign_off_edition(actor=edda, number=page.number or 0, language="es", version=read)
    sign_off(edda, page, "es")


def test_an_edition_that_is_switched_off_sends_nothing_to_engines_any_more(
    answering: None, make_article: MakeArticle, edda: Actor, work: Work
) -> None:
    page = make_article(HEADLINE, lead="", body=(LAST,))
    other = make_article("Elsewhere", lead="", body=(LAST,))
    mode(edda, page, "off")
    waiting = set(Job.objects.filter(language="es", kind="article").values_list("segment__text", flat=True))
    assert waiting == {"Elsewhere", LAST}
    work()
    mode(edda, other, "human")
    assert request_again(quality=["ok", "rough", "rejected"]) > 0
    assert not Job.objects.filter(language="es", kind="article").exists()


def test_readers_of_an_edition_by_people_alone_see_no_words_of_engines_and_may_suggest(
    client: Client, page: ArticlePage, edda: Actor, ada: Actor
) -> None:
    unit = page.unit_id or 0
    mode(edda, page, "human")
    for one in text_at_work(unit, "es").sentences:
        seen = Seen(one.wording, one.shown.id if one.shown else 0)
        correct(actor=edda, place=Place(unit, one.anchor, "es"), text=f"Dicho {one.anchor}.", seen=seen)
    releasing.release_editions(actor=edda, number=page.number or 0, languages=["es"])
    client.force_login(account_of(ada), backend=BACKEND)
    html = client.get(f"/es/translations/{unit}").content.decode()
    assert "Dicho 1." in html
    assert "Suena todos" not in html


def test_pages_that_quote_an_edition_hear_of_its_withdrawal(page: ArticlePage, edda: Actor) -> None:
    releasing.withdraw_edition(actor=edda, number=page.number or 0, language="es")
    told = OutboxEvent.objects.order_by("-id").first()
    assert told is not None
    touched = {key for one in touched_by(told.topic, told.kind, told.data) for key in one.keys}
    assert f"quoting:{page.unit_id}" in touched
