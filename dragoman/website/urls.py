"""Readers' addresses. The edition is always the first part."""

from django.conf import settings
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path, register_converter
from django.urls.resolvers import LocalePrefixPattern, URLResolver

from dragoman.website.editions import current_edition
from dragoman.website.sitemaps import SITEMAPS
from dragoman.website.views import (
    accounts,
    acts,
    articles,
    comments,
    decisions,
    fragments,
    fronts,
    notifications,
    searching,
    staff,
    translations,
)
from dragoman.website.wanting import opened, wanted


class EditionConverter:
    """One of the publication's editions."""

    regex = "[A-Za-z0-9-]{2,35}"

    def to_python(self, value: str) -> str:
        """Refuse what is no edition."""
        if value not in settings.DRAGOMAN.languages:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


class EditionPrefix(LocalePrefixPattern):
    """The current edition as the first part of the path."""

    @property
    def language_prefix(self) -> str:
        """Django asks for it when it matches and when it spells an address."""
        return f"{current_edition.get(settings.DRAGOMAN.default_language)}/"


register_converter(EditionConverter, "edition")
_ARTICLE = r"^(?P<language>[\w-]+)/(?P<section>[\w-]+)/(?P<number>\d{1,9})(?:-(?P<slug>[^/]*))?"

urlpatterns = [
    path("", fronts.choose_edition, name="root"),
    path("robots.txt", fronts.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap"}, name="sitemaps"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("<edition:language>/", fronts.front, name="front"),
    path("<edition:language>/search", searching.find, name="search"),
    path("<edition:language>/settings", accounts.profile_settings, name="profile-settings"),
    path("<edition:language>/readers/<str:nickname>", accounts.profile, name="profile"),
    path(
        "<edition:language>/fragment/comment/<int:comment_id>@<str:version>",
        fragments.comment,
        name="comment-fragment",
    ),
    path(
        "<edition:language>/fragment/article/<int:number>@<str:version>",
        fragments.article,
        name="article-fragment",
    ),
    path("<edition:language>/fragment/new/<int:number>", fragments.new_comments, name="new-comments"),
    path("<edition:language>/fragment/window/<int:number>", fragments.window, name="window-fragment"),
    path("<edition:language>/fragment/preview", fragments.preview, name="preview-fragment"),
    path("<edition:language>/fragment/mentions/<int:number>", fragments.mentions, name="mentions"),
    path("<edition:language>/wanted", wanted, name="wanted"),
    path("<edition:language>/opened", opened, name="opened"),
    path("<edition:language>/comments/<int:number>/<int:comment>", comments.permalink, name="permalink"),
    path("<edition:language>/comments/<int:comment_id>/language", acts.language, name="comment-language"),
    path("<edition:language>/comments/<int:comment_id>/edit", acts.edit, name="comment-edit"),
    path("<edition:language>/comments/<int:comment_id>/history", acts.history, name="comment-history"),
    path("<edition:language>/comments/<int:comment_id>/decision", decisions.show, name="comment-decision"),
    path("<edition:language>/comments/<int:comment_id>/report", acts.report, name="comment-report"),
    path("<edition:language>/comments/<int:comment_id>/vote/<slug:vote>", acts.vote, name="comment-vote"),
    path("<edition:language>/comments/<int:comment_id>/decide/<slug:act>", acts.decide, name="comment-decide"),
    path("<edition:language>/comments/<int:comment_id>/<slug:act>", acts.act, name="comment-act"),
    path("<edition:language>/conversations/<int:number>/follow", acts.follow, name="follow"),
    path("<edition:language>/conversations/<int:number>/seen", acts.seen, name="seen"),
    path("<edition:language>/notifications", notifications.listing, name="notifications"),
    path("<edition:language>/notifications/bell", notifications.bell, name="bell"),
    path("<edition:language>/notifications/settings", notifications.choose, name="notification-settings"),
    path("<edition:language>/notifications/device", notifications.device, name="device"),
    path("<edition:language>/unsubscribe/<str:token>", notifications.unsubscribe, name="unsubscribe"),
    path("<edition:language>/translations/<int:unit>", translations.sentences, name="sentences"),
    path("<edition:language>/standing", decisions.standing, name="standing"),
    path("<edition:language>/waiting", staff.waiting, name="waiting"),
    path("<edition:language>/readers/<str:nickname>/mute", acts.mute_reader, name="mute"),
    re_path(_ARTICLE + r"/write$", comments.write, name="write"),
    re_path(_ARTICLE + "$", articles.article, name="article"),
    path("<edition:language>/<slug:section>/", fronts.section, name="section"),
]

# allauth spells its addresses without saying an edition: the prefix is the current request's.
# It stands in the root of the house's addresses; Django allows no such prefix further in.
account = URLResolver(EditionPrefix(), [path("account/", include("allauth.account.urls"))])
