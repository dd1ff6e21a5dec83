"""Every write to the publication: setting it up, articles, what follows from publishing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify
from wagtail.models import GroupPagePermission, Page, Site

from dragoman.delivery.purging import settle
from dragoman.foundation.clock import now
from dragoman.foundation.languages import canonical
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.publication.documents import document_of
from dragoman.publication.models import (
    ArticleCounter,
    ArticlePage,
    Byline,
    Person,
    PublicationPage,
    SectionPage,
)
from dragoman.translation import actions as translation
from dragoman.translation.editions import begin_editions
from dragoman.translation.placing import place_topic
from dragoman.translation.rules.document import Document, plain_block
from dragoman.translation.rules.scheduling import ARTICLE
from dragoman.translation.wishes import request_translations

_PAGE_PERMISSIONS = {
    "author": ("add_page",),
    "editor": ("add_page", "change_page", "publish_page", "lock_page"),
}


def set_up_publication(*, name: str) -> PublicationPage:
    """The root page, the site and the staff's permissions in the admin; doing it twice changes nothing."""
    existing = PublicationPage.objects.first()
    if existing is not None:
        return existing  # type: ignore[no-any-return]
    with transaction.atomic():
        tree = Page.get_first_root_node()
        Page.objects.filter(depth=2).delete()  # Wagtail's welcome page
        tree = Page.get_first_root_node()
        root = tree.add_child(instance=PublicationPage(title=name, slug="publication"))
        Site.objects.all().delete()
        Site.objects.create(hostname="localhost", root_page=root, is_default_site=True, site_name=name)
        _grant_permissions(root)
    return root  # type: ignore[no-any-return]


def _grant_permissions(root: PublicationPage) -> None:
    admin = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    images = Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=["add_image", "change_image", "choose_image"]
    )
    for role in ("author", "editor", "translator", "moderator", "administrator"):
        group = Group.objects.get_or_create(name=role)[0]
        group.permissions.add(admin)
        if role in _PAGE_PERMISSIONS:
            group.permissions.add(*images)
        for codename in _PAGE_PERMISSIONS.get(role, ()):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def create_section(*, name: str, language: str, slug: str = "") -> SectionPage:
    """A section; one with this slug is found instead of made twice."""
    wanted = slug or slugify(name, allow_unicode=True) or "section"
    existing = SectionPage.objects.filter(slug=wanted).first()
    if existing is not None:
        return existing  # type: ignore[no-any-return]
    root = PublicationPage.objects.get()
    section = root.add_child(instance=SectionPage(title=name, slug=wanted, language=canonical(language)))
    store_section(section)
    return section  # type: ignore[no-any-return]


def store_section(section: SectionPage) -> None:
    """Bring a section's name to translation."""
    document = Document((plain_block(section.title, kind="title", block_id="name"),))
    with transaction.atomic():
        text = translation.NewText("section", section.pk, section.language, document, topic="publication")
        section.unit_id = translation.store_or_revise(text)
        SectionPage.objects.filter(pk=section.pk).update(unit=section.unit_id)
        request_translations([section.unit_id], priority=ARTICLE)
        announce(Announcement("publication", "changed", {"of": "section", "id": section.pk}))


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article as an importer brings it. ``body``: (block type, value) as the stream field stores them."""

    headline: str
    language: str
    lead: str
    body: Sequence[tuple[str, Any]]
    bylines: Sequence[str] = ()
    people: Sequence[str] = ()
    dated: datetime | None = None
    import_key: str | None = None


def create_article(*, section: SectionPage, article: NewArticle) -> ArticlePage:
    """A new, unpublished article with its number."""
    with transaction.atomic():
        page = ArticlePage(
            title=article.headline,
            slug=f"{slugify(article.headline, allow_unicode=True)[:60] or 'article'}-{_unused_suffix(section)}",
            language=canonical(article.language),
            lead=article.lead,
            body=list(article.body),
            dated=article.dated,
            import_key=article.import_key,
            live=False,
        )
        page.bylines.set([Byline(name=name) for name in article.bylines])
        page.people.set([Person(name=name) for name in article.people])
        section.add_child(instance=page)
        give_number(page)
    return page


def _unused_suffix(section: SectionPage) -> int:
    return int(section.numchild) + 1


def give_number(page: ArticlePage) -> None:
    """The next number for a page that was saved for the first time; one that has a number keeps it."""
    with transaction.atomic():
        if ArticlePage.objects.filter(pk=page.pk, number__isnull=False).exists():
            return
        counter, _made = ArticleCounter.objects.select_for_update().get_or_create(pk=1)
        ArticleCounter.objects.filter(pk=1).update(last_number=F("last_number") + 1)
        page.number = counter.last_number + 1
        ArticlePage.objects.filter(pk=page.pk).update(number=page.number)


def publish(page: ArticlePage) -> ArticlePage:
    """Publish a page that an importer made, as the admin's button does; the page as it is then."""
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)  # type: ignore[no-any-return]


def store_published(page: ArticlePage) -> None:
    """What follows from publishing: the text goes to translation. The same text twice changes nothing."""
    give_number(page)
    with transaction.atomic():
        stored = ArticlePage.objects.select_for_update(no_key=True, of=("self",)).get(pk=page.pk)
        if stored.dated is None:
            ArticlePage.objects.filter(pk=page.pk).update(dated=page.first_published_at or now())
        text = translation.NewText(
            "article", page.pk, page.language, document_of(page), page.kept_names, topic=topic(stored.number)
        )
        place_topic(topic(stored.number), page.get_parent().pk)
        is_edit = stored.unit_id is not None
        page.unit_id = translation.store_or_revise(text)
        if not is_edit:
            begin_editions(page.unit_id, page.get_parent().pk)
        ArticlePage.objects.filter(pk=page.pk).update(unit=page.unit_id)
        request_article_translations(page, after_edit=is_edit)
        _tell_of_article(page, stored.number)
    if is_edit:
        settle()


def place_moved(page: ArticlePage, section: Page) -> None:
    """What follows from moving an article: the terms of its new section hold for it and its comments."""
    if page.number is not None:
        with transaction.atomic():
            place_topic(topic(page.number), section.pk)
            _tell_of_article(page, page.number)
        settle()


def request_article_translations(page: ArticlePage, *, after_edit: bool = False) -> None:
    """“Machine at once”: open the jobs of a published article."""
    if page.unit_id is not None:
        translation.release_text(page.unit_id)
        request_translations([page.unit_id], priority=ARTICLE, after_edit=after_edit)


def withhold_unpublished(page: ArticlePage) -> None:
    """What follows from unpublishing: no engine works on it any more."""
    if page.unit_id is not None:
        with transaction.atomic():
            translation.withhold_text(page.unit_id)
            _tell_of_article(page, page.number)
        settle()


def _tell_of_article(page: ArticlePage, number: int | None) -> None:
    """The unit: pages of other articles that quote this one."""
    data: dict[str, int | str | bool] = {"of": "article", "id": number or 0}
    announce(Announcement(topic(number), "changed", data | ({"unit": page.unit_id} if page.unit_id else {})))


def tell_of_section(section: SectionPage) -> None:
    """What follows from unpublishing a section, or moving it: its articles are found elsewhere or nowhere."""
    announce(Announcement("publication", "changed", {"of": "section", "id": section.pk}))
    settle()


def tell_of_pictures() -> None:
    """What follows when a picture is changed or deleted: any page may have shown it."""
    announce(Announcement("publication", "changed", {"of": "picture"}))
    settle()


def topic(number: int | None) -> str:
    """What an article's streams listen to."""
    return f"article:{number or 0}"
