"""Articles through Wagtail's own life cycle, and drafts in editions."""

from typing import Any

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from dragoman.foundation.errors import NotFound
from dragoman.live.models import OutboxEvent
from dragoman.publication import actions, queries
from dragoman.publication.models import ArticlePage, SectionPage
from dragoman.readers.policies import Actor
from dragoman.translation import queries as translation
from dragoman.translation.models import Job, Revision
from tests.conftest import MakeActor, MakeArticle, Script, Work, account_of


def test_numbers_count_from_one_and_are_never_used_again(make_article: MakeArticle) -> None:
    first, second = make_article("One"), make_article("Two")
    second.delete()
    assert (first.number, make_article("Three").number) == (1, 3)


def test_a_copy_is_a_new_article(make_article: MakeArticle) -> None:
    page = make_article()
    copy = page.copy(update_attrs={"slug": "copy"}, keep_live=False)
    actions.give_number(copy)
    assert (copy.number, copy.unit_id) == (2, None)


def test_publishing_the_same_text_twice_changes_nothing(make_article: MakeArticle) -> None:
    page = make_article()
    page.save_revision().publish()
    assert Revision.objects.filter(unit=page.unit_id).count() == 1


def test_publishing_an_edit_is_a_new_revision(make_article: MakeArticle) -> None:
    page = make_article()
    page.lead = "Readers asked for it for many years."
    page.save_revision().publish()
    assert translation.present([page.unit_id or 0], "en")[page.unit_id or 0].blocks["lead"].text == page.lead


def test_machine_at_once_is_the_rule_and_a_draft_is_never_sent(make_article: MakeArticle, engine: Script) -> None:
    make_article("A draft stays at home", publish=False)
    assert not Job.objects.exists()
    make_article("A published one travels")
    assert Job.objects.filter(language="es").exists()


def test_an_article_survives_being_withdrawn_and_published_again(make_article: MakeArticle) -> None:
    page = make_article()
    # As the admin does: from the newest revision, saved before number and unit were given.
    page.unpublish()
    page.get_latest_revision_as_object().save_revision().publish()
    again = ArticlePage.objects.get()
    assert (again.live, again.number, again.unit_id) == (True, page.number, page.unit_id)


def test_the_first_revision_can_be_published_once_more(make_article: MakeArticle) -> None:
    page = make_article()
    page.lead = "Another lead."
    page.save_revision().publish()
    page.revisions.order_by("id").first().publish()
    again = ArticlePage.objects.get()
    assert (again.number, again.unit_id) == (page.number, page.unit_id)
    shown = translation.present([again.unit_id or 0], "en")[again.unit_id or 0]
    assert shown.blocks["lead"].text == "Readers asked for it for years."


def test_unpublishing_takes_its_open_jobs_away(make_article: MakeArticle, engine: Script) -> None:
    page = make_article()
    page.unpublish()
    assert not Job.objects.exclude(segment__text="Town").exists()


def test_every_kind_of_block_is_shown_with_its_parts(make_article: MakeArticle) -> None:
    page = make_article(
        blocks=(
            ("heading", "What the neighbours say"),
            ("pullquote", {"text": "A harbour with chairs.", "attribution": "Oda Brennick, librarian"}),
            ("list", ["<p>Bring a <b>cup</b>.</p>", '<p>See <a href="https://example.org/rules">the rules</a>.</p>']),
        )
    )
    shown = queries.article_by_number(page.number or 0, "en")
    assert [block.kind for block in shown.body] == ["paragraph", "paragraph", "heading", "pullquote", "list"]
    assert shown.body[3].attribution is not None
    assert shown.body[3].attribution.text == "Oda Brennick, librarian"
    assert "<strong>cup</strong>" in shown.body[4].parts[0].html
    assert 'href="https://example.org/rules"' in shown.body[4].parts[1].html


def test_its_address_is_found_without_its_text(
    make_article: MakeArticle, engine: Script, work: Work, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    engine(answers={"es|The bell rings": "Suena la campana"})
    page = make_article("The bell rings")
    work()
    number = page.number or 0
    addresses = queries.addresses(queries.article_by_number(number, "en"))
    assert addresses["es"] == f"/es/town/{number}-suena-la-campana"
    assert {tag: queries.path_by_number(number, tag) for tag in addresses} == addresses
    with django_assert_num_queries(5):
        queries.path_by_number(number, "es")
    page.unpublish()
    with pytest.raises(NotFound):
        queries.path_by_number(number, "es")


def test_a_draft_is_previewed_in_any_edition_without_being_stored(
    make_article: MakeArticle, section: SectionPage, engine: Script
) -> None:
    page = make_article("A draft in Catalan clothes", publish=False)
    request = RequestFactory().get("/preview", headers={"host": "testserver"})
    for language in ("en", "ca", "ar"):
        answer = page.serve_preview(request, language)
        assert answer.status_code == 200
        assert f'<html lang="{language}"'.encode() in answer.content
    assert page.unit_id is None
    assert not Job.objects.exclude(segment__text="Town").exists()


def test_an_editor_writes_and_publishes_in_the_admin(
    client: Client, section: SectionPage, make_actor: MakeActor
) -> None:
    editor = make_actor("Edda", "editor")
    client.force_login(account_of(editor), backend="allauth.account.auth_backends.AuthenticationBackend")
    form: dict[str, Any] = {
        "title": "<script>alert(1)</script> Headline",
        "slug": "headline",
        "lead": "A lead.",
        "language": "en",
        "dated": "",
        "comments_open": "on",
        "body-count": "0",
        "action-publish": "1",
    }
    for relation in ("bylines", "people", "comments"):
        form |= {f"{relation}-TOTAL_FORMS": "0", f"{relation}-INITIAL_FORMS": "0"}
    answer = client.post(f"/admin/pages/add/publication/articlepage/{section.pk}/", form)
    assert answer.status_code == 302, answer.content[:2000]
    page = ArticlePage.objects.get()
    assert (page.number, page.live) == (1, True)
    shown = client.get(f"/en/town/{page.number}", follow=True).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Headline" in shown
    assert "<script>alert(1)" not in shown


def test_an_alias_of_an_article_is_refused_and_a_copy_is_made(
    client: Client, make_article: MakeArticle, make_actor: MakeActor
) -> None:
    page = make_article()
    editor = account_of(make_actor("Edda", "editor"))
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": str(page.get_parent().pk),
        "copy_subpages": "",
        "publish_copies": "",
    }
    assert client.post(f"/admin/pages/{page.pk}/copy/", form | {"alias": "on"}).status_code == 302
    assert ArticlePage.objects.count() == 1
    assert client.post(f"/admin/pages/{page.pk}/copy/", form).status_code == 302
    assert sorted(ArticlePage.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize("role", ["moderator", "translator"])
def test_other_staff_cannot_write_articles(
    client: Client, section: SectionPage, make_actor: MakeActor, role: str
) -> None:
    client.force_login(
        account_of(make_actor("Mo", role)), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    assert client.get(f"/admin/pages/add/publication/articlepage/{section.pk}/").status_code in (302, 403)


def test_readers_have_no_admin(client: Client, section: SectionPage, ada: Actor) -> None:
    client.force_login(account_of(ada), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/admin/").status_code in (302, 403)


def test_what_is_unpublished_is_purged_everywhere(make_article: MakeArticle) -> None:
    page = make_article()
    OutboxEvent.objects.all().delete()
    page.unpublish()
    told = OutboxEvent.objects.get()
    assert (told.topic, told.kind, told.data["of"]) == (f"article:{page.number}", "changed", "article")


def test_the_newest_articles_of_a_section_are_the_same_however_large_it_is(
    section: SectionPage, make_article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = actions.create_section(name="Sea", language="en", slug="sea")
    made = [make_article(f"Article {number}") for number in range(4)]
    actions.create_article(section=other, article=actions.NewArticle("Elsewhere", "en", "", []))
    made[1].unpublish()
    found = []
    for small in (1000, 0):
        monkeypatch.setattr(queries, "_SMALL", small)
        section.refresh_from_db()
        found.append([page.title for page in queries.articles(section=section)])
        assert [page.title for page in queries.articles(section=section, skip=1)] == found[-1][1:]
    assert found[0] == found[1] == ["Article 3", "Article 2", "Article 0"]
