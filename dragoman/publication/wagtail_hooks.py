"""The one adapter between Wagtail's life cycle and our actions.

Wagtail tells of publishing (by button, schedule or workflow), unpublishing and
deleting by signals; our actions are idempotent, so being told twice is harmless.
"""

from typing import Any

from django.contrib import messages
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.images import get_image_model
from wagtail.signals import page_published, page_unpublished, post_page_move

from dragoman.publication import actions
from dragoman.publication.models import ArticlePage, SectionPage


@hooks.register("after_create_page")
@hooks.register("after_copy_page")
def number_new_article(request: HttpRequest, page: Any, new_page: Any = None) -> None:
    """An article gets its number at its first save; a copy is a new article."""
    made = new_page or page
    if isinstance(made.specific, ArticlePage):
        actions.give_number(made.specific)


@hooks.register("before_copy_page")
def refuse_alias(request: HttpRequest, page: Any) -> HttpResponse | None:
    """An alias would be a second article with the first one's number and text."""
    if not request.POST.get("alias"):
        return None
    messages.error(request, _("An article cannot be copied as an alias. Make an ordinary copy."))
    return redirect("wagtailadmin_pages:copy", page.pk)


def _published(sender: Any, instance: Any, **rest: Any) -> None:
    if isinstance(instance, SectionPage):
        actions.store_section(instance)
    elif isinstance(instance, ArticlePage):
        actions.store_published(instance)


def _unpublished(sender: Any, instance: Any, **rest: Any) -> None:
    # Wagtail unpublishes what it deletes, so this is told of both.
    if isinstance(instance, ArticlePage):
        actions.withhold_unpublished(instance)
    elif isinstance(instance, SectionPage):
        actions.tell_of_section(instance)


def _moved(sender: Any, instance: Any, parent_page_after: Any, **rest: Any) -> None:
    # Wagtail tells of the bare page here.
    if isinstance(page := instance.specific, ArticlePage):
        actions.place_moved(page, parent_page_after)
    elif isinstance(page, SectionPage):
        actions.tell_of_section(page)


def _picture_saved(sender: Any, instance: Any, **rest: Any) -> None:
    if instance.renditions.exists():  # else no page shows it
        actions.tell_of_pictures()


def _picture_deleted(sender: Any, **rest: Any) -> None:
    actions.tell_of_pictures()


page_published.connect(_published, dispatch_uid="dragoman.publication.published")
page_unpublished.connect(_unpublished, dispatch_uid="dragoman.publication.unpublished")
post_page_move.connect(_moved, dispatch_uid="dragoman.publication.moved")
post_save.connect(_picture_saved, sender=get_image_model(), dispatch_uid="dragoman.publication.picture")
post_delete.connect(_picture_deleted, sender=get_image_model(), dispatch_uid="dragoman.publication.picture")
