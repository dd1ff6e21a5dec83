"""The desk's places in Wagtail's admin: addresses and menu, and who may see the accounts."""

from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from dragoman.desk import (
    cases,
    editions,
    engines,
    glossary,
    moving,
    own_edition,
    people,
    rulebook,
    shares,
    suggestions,
    system,
    threads,
)
from dragoman.desk.access import actor_of_request
from dragoman.desk.accounts import AdministratorsOnly
from dragoman.readers.policies import Action, may

# Before anybody asks Wagtail who may; it has registered its own by then.
register_permission_policy(get_user_model(), AdministratorsOnly(get_user_model()))


class GuardedItem(MenuItem):
    """Shown to those who may do what its screen is for."""

    def __init__(self, action: Action, label: Promise, name: str, *, icon: str, order: int) -> None:
        super().__init__(label, reverse(name), icon_name=icon, order=order)
        self._action = action

    def is_shown(self, request: HttpRequest) -> bool:
        """By the policy table."""
        return may(actor_of_request(request), self._action)


@hooks.register("register_admin_urls")
def addresses() -> list[URLPattern]:
    """Under the admin's own address."""
    return [
        path("system/", system.show, name="desk-system"),
        path("suggestions/", suggestions.show, name="desk-suggestions"),
        path("suggestions/<int:suggestion>/<slug:act>/", suggestions.decide, name="desk-suggestion-decide"),
        path("editions/", editions.show, name="desk-editions"),
        path("editions/default/", editions.set_default, name="desk-editions-default"),
        path("editions/shares/", shares.show, name="desk-shares"),
        path("editions/<int:number>/", editions.article, name="desk-article-editions"),
        path("editions/<int:number>/own/<str:language>/", own_edition.edit, name="desk-own-edition"),
        path("editions/<int:number>/<slug:act>/", editions.change, name="desk-article-edition-change"),
        path("comments/", cases.show, name="desk-cases"),
        path("comments/decide/", cases.decide, name="desk-decide"),
        path("comments/undo/", cases.undo, name="desk-undo"),
        path("comments/counts/", cases.counts, name="desk-case-counts"),
        path("comments/duty/", cases.duty, name="desk-duty"),
        path("comments/<int:comment>/move/", moving.move, name="desk-move"),
        path("comments/thread/<int:thread>/", threads.show, name="desk-thread"),
        path("comments/<slug:tab>/", cases.show, name="desk-cases-of"),
        path("readers/", people.find, name="desk-readers"),
        path("readers/<int:reader>/", people.show, name="desk-reader"),
        path("readers/<int:reader>/note/", people.note, name="desk-reader-note"),
        path("readers/sanction/", people.sanction, name="desk-sanction"),
        path("readers/lift/<int:sanction>/", people.lift, name="desk-lift"),
        path("rulebook/", rulebook.show, name="desk-rulebook"),
        path("rulebook/mode/", rulebook.set_mode, name="desk-rulebook-mode"),
        path("rulebook/rule/<slug:rule>/", rulebook.set_rule, name="desk-rulebook-rule"),
        path("rulebook/lists/new/", rulebook.edit_list, name="desk-word-list-new"),
        path("rulebook/lists/<int:word_list>/", rulebook.edit_list, name="desk-word-list"),
        path("rulebook/lists/<int:word_list>/export/", rulebook.export_list, name="desk-word-list-export"),
        path("glossary/", glossary.show, name="desk-glossary"),
        path("glossary/new/", glossary.edit, name="desk-glossary-new"),
        path("glossary/<int:term>/", glossary.edit, name="desk-glossary-term"),
        path("engines/", engines.show, name="desk-engines"),
        path("engines/again/", engines.ask_again, name="desk-engines-again"),
        path("engines/<str:name>/<slug:act>/", engines.change, name="desk-engine-change"),
    ]


@hooks.register("register_admin_menu_item")
def editions_item() -> MenuItem:
    """Translators' and editors'."""
    return GuardedItem("translation.correct", _("Editions"), "desk-editions", icon="globe", order=300)


@hooks.register("register_admin_menu_item")
def suggestions_item() -> MenuItem:
    """Translators' own."""
    return GuardedItem("translation.correct", _("Suggestions"), "desk-suggestions", icon="comment", order=310)


@hooks.register("register_admin_menu_item")
def glossary_item() -> MenuItem:
    """Translators' own, too."""
    return GuardedItem("translation.manage_glossary", _("Glossary"), "desk-glossary", icon="list-ul", order=320)


@hooks.register("register_admin_menu_item")
def cases_item() -> MenuItem:
    """Moderators', and editors' who read what is held."""
    return GuardedItem("comment.read_held", _("Comments"), "desk-cases", icon="comment", order=330)


@hooks.register("register_admin_menu_item")
def rulebook_item() -> MenuItem:
    """Moderators' own."""
    return GuardedItem("rulebook.change", _("Rules of comments"), "desk-rulebook", icon="clipboard-list", order=340)


@hooks.register("register_settings_menu_item")
def engines_item() -> MenuItem:
    """Among the settings."""
    return GuardedItem("translation.manage_engines", _("Translation engines"), "desk-engines", icon="globe", order=900)


@hooks.register("register_settings_menu_item")
def system_item() -> MenuItem:
    """Among the settings."""
    return GuardedItem("publication.configure", _("System"), "desk-system", icon="desktop", order=910)
