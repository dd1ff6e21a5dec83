"""What editors and translators decide of an article's editions, and what readers, indexes and CDNs hear of it."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from dragoman.delivery.purging import settle
from dragoman.foundation.errors import Conflict, NotFound
from dragoman.live.actions import announce
from dragoman.live.events import Announcement
from dragoman.publication.actions import topic
from dragoman.publication.documents import document_of
from dragoman.publication.models import ArticlePage
from dragoman.readers.policies import Actor, require
from dragoman.translation import actions as translation
from dragoman.translation import editions
from dragoman.translation.editions import Own
from dragoman.translation.placing import place_topic
from dragoman.translation.rules.releasing import FOR_ENGINES, Mode
from dragoman.translation.rules.scheduling import ARTICLE
from dragoman.translation.wishes import request_translations


class IsPublished(Conflict):
    """Only what was not published yet is translated under embargo."""

    code = "is-published"
    message = _("This article is published: its changes are translated when they are published, too.")


def choose_mode(*, actor: Actor, number: int, language: str, mode: Mode) -> None:
    """How one edition comes to its readers: off, by machine at once, after a review, by people alone."""
    require(actor, "article.publish")

    def change(unit: int) -> None:
        editions.set_mode(unit, language, mode)
        if mode in FOR_ENGINES:
            request_translations([unit], priority=ARTICLE, languages=[language])

    _change(number, change)


def release_editions(*, actor: Actor, number: int, languages: Collection[str]) -> None:
    """Let these editions go out at one moment, all or none."""
    require(actor, "article.publish")
    _change(number, lambda unit: editions.release(unit, languages, by=actor.nickname))


def withdraw_edition(*, actor: Actor, number: int, language: str) -> None:
    """Take one edition back; the others stay."""
    require(actor, "article.publish")
    _change(number, lambda unit: editions.withdraw(unit, language, by=actor.nickname))


def sign_off_edition(*, actor: Actor, number: int, language: str, version: str) -> None:
    """Whoever has read an edition whole, in this version, answers for it by name."""
    require(actor, "translation.correct")
    _change(number, lambda unit: editions.sign_off(unit, language, version=version, by=actor.nickname))


def give_its_own(*, actor: Actor, number: int, language: str, own: Own) -> None:
    """An edition's own note, social text and pictures, and the blocks that it leaves out."""
    require(actor, "article.publish")
    _change(number, lambda unit: editions.set_own(unit, language, own))


def _change(number: int, change: Callable[[int], None]) -> None:
    """Change an article's editions and tell of it. Readers see it everywhere when it returns."""
    with transaction.atomic():
        page = ArticlePage.objects.filter(number=number, unit__isnull=False).first()
        if page is None:
            raise NotFound
        change(page.unit_id)
        announce(Announcement(topic(number), "changed", {"of": "article", "id": number, "unit": page.unit_id}))
    settle()


def translate_draft(*, actor: Actor, number: int) -> int:
    """Translate an article before its publication, by engines of the house alone; how many sentences were asked for.

    Nothing of it enters the memory before the article is published. Readers see nothing of it.
    """
    require(actor, "article.publish")
    with transaction.atomic():
        stored = ArticlePage.objects.select_for_update(no_key=True, of=("self",)).filter(number=number).first()
        if stored is None:
            raise NotFound
        if stored.live:
            raise IsPublished
        draft = stored.get_latest_revision_as_object()
        place_topic(topic(number), stored.get_parent().pk)
        text = translation.NewText(
            "article",
            stored.pk,
            draft.language,
            document_of(draft),
            draft.kept_names,
            topic=topic(number),
            is_released=False,
        )
        is_new = stored.unit_id is None
        unit = translation.store_or_revise(text)
        translation.keep_for_the_house(unit)
        if is_new:
            editions.begin_editions(unit, stored.get_parent().pk)
            ArticlePage.objects.filter(pk=stored.pk).update(unit=unit)
        return request_translations([unit], priority=ARTICLE)
