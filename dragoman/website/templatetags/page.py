"""What templates say of languages, dates and origins."""

import json
import re
import secrets
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_datetime_format
from django import template
from django.conf import settings
from django.template import Context, Engine
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from dragoman.conversation.queries import ShownComment
from dragoman.conversation.quotes import ShownQuote
from dragoman.foundation.languages import direction, name
from dragoman.moderation.reasons import REASONS
from dragoman.notifications.queries import unseen
from dragoman.translation.presented import Presented, PresentedBlock
from dragoman.website import rendered
from dragoman.website.forms import CommentForm

register = template.Library()
_LINK = re.compile(r"</?a\b[^>]*>")


@register.simple_tag(takes_context=True)
def sign(context: dict[str, Any], language: str) -> SafeString:
    """``lang`` and ``dir`` of an element whose language is not the page's."""
    if language == context.get("edition"):
        return mark_safe("")
    return format_html(' lang="{}" dir="{}"', language, direction(language))


@register.simple_tag(takes_context=True)
def ui(context: dict[str, Any]) -> SafeString:
    """``lang`` and ``dir`` of the interface, where it speaks another language than the edition."""
    return sign(context, context.get("interface", context.get("edition", "")))


@register.simple_tag(takes_context=True)
def shown(context: dict[str, Any], block: PresentedBlock | None) -> SafeString:
    """A block's words; wrapped in their own language where it is not the page's."""
    if block is None:
        return mark_safe("")
    html = mark_safe(block.html)  # noqa: S308 — rendering.py wrote it
    if block.language == context.get("edition"):
        return html
    return format_html('<span lang="{}" dir="{}">{}</span>', block.language, block.direction, html)


@register.simple_tag(takes_context=True)
def shown_as_quoted(context: dict[str, Any], block: PresentedBlock) -> SafeString:
    """As ``shown``, those of its sentences marked that comments quote."""
    html = block.html
    for occurrence, _words in block.sentences:
        if (context.get("quote_counts") or {}).get(occurrence):
            sign = f' data-occurrence="{occurrence}"'
            for kind in ("sentence", "sentence outdated"):
                html = html.replace(f'class="{kind}"{sign}', f'class="{kind} quoted-here"{sign}')
    return shown(context, replace(block, html=html))


@register.simple_tag(takes_context=True)
def shown_in_link(context: dict[str, Any], block: PresentedBlock) -> SafeString:
    """As ``shown``, for the inside of a link: an address in a headline may not open another one."""
    html = _LINK.sub("", block.html)
    return shown(context, replace(block, html=html))


@register.filter
def safe_html(html: str) -> SafeString:
    """HTML that translation's one renderer wrote."""
    return mark_safe(html)  # noqa: S308


@register.simple_tag(takes_context=True)
def moment(context: dict[str, Any], at: datetime | None, kind: str = "datetime") -> SafeString:
    """A time in the edition's CLDR form and the publication's time zone."""
    if at is None:
        return mark_safe("")
    language = context.get("edition", settings.DRAGOMAN.default_language)
    local = at.astimezone(ZoneInfo(settings.DRAGOMAN.timezone))
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), spelled(local, language, kind)
    )


def spelled(local: datetime, language: str, kind: str = "datetime") -> str:
    """A local time as its language writes it (CLDR, long date, short time)."""
    try:
        locale = Locale.parse(language, sep="-")
    except UnknownLocaleError:  # CLDR knows the language's name but has no forms for it
        locale = Locale.parse(settings.LANGUAGE_CODE, sep="-")
    if kind == "date":
        return str(format_date(local, "long", locale=locale))
    pattern = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    date, time = format_date(local, "long", locale=locale), format_time(local, "short", locale=locale)
    return pattern.replace("{1}", date).replace("{0}", time)


@register.filter
def language_name(tag: str, interface: str) -> str:
    """A language's name in the interface's language."""
    return name(tag, seen_in=interface)


@register.simple_tag(takes_context=True)
def from_language(context: dict[str, Any], text: Presented) -> str:
    """“from Spanish”."""
    language = name(text.source_language, seen_in=context["interface"])
    return gettext("from %(language)s") % {"language": language}


@register.simple_tag
def state_words(text: Presented) -> str:
    """The state as words: never only a colour."""
    words = {
        "human": pgettext("state", "translated by a person"),
        "machine": pgettext("state", "machine translation"),
        "rough": pgettext("state", "rough machine translation"),
        "outdated": pgettext("state", "translation of an earlier version"),
        "pending": pgettext("state", "not translated yet"),
        "failed": pgettext("state", "the translation failed its checks"),
        "unavailable": pgettext("state", "no translation available"),
        "unreleased": pgettext("state", "not out in this language"),
    }.get(text.state, "")
    if text.state == "machine" and text.origin.kind == "mixed":
        return pgettext("state", "translated partly by a person, partly by machine")
    return words


@register.simple_tag(takes_context=True)
def language_note(context: dict[str, Any], comment: ShownComment) -> str:
    """For an untranslated text in another language than the page's: which it is."""
    if comment.text is None or comment.text.language == context["edition"]:
        return ""
    return name(comment.text.language, seen_in=context["interface"])


# Stands where a reader's own token against forgery will stand; nobody can have written it.
_TOKEN = secrets.token_hex(16)
_KEY = secrets.token_hex(16)  # of a comment that is sent twice


@register.simple_tag(takes_context=True)
def comment_html(context: Context) -> SafeString:
    """The comment in hand, as it was rendered last for whoever sees it so."""
    template = Engine.get_default().get_template("website/parts/comment.html")

    def render() -> SafeString:
        with context.push(csrf_token=_TOKEN):
            return template.render(context)

    comment, seen_by = context["comment"], _as_seen_by(context)
    place = (context["edition"], context["path"], bool(context.get("pinned")), comment.id, seen_by)
    html = rendered.comments.get(place, comment, render)
    if not seen_by:
        return html
    return mark_safe(html.replace(_TOKEN, str(context["csrf_token"])))  # noqa: S308 — letters and digits


@register.simple_tag(takes_context=True)
def comments_html(context: Context) -> SafeString:
    """The comments of a window; all at once for those of whom nothing of their own stands on it."""
    shown, actor = context["window"].comments, context["actor"]

    def render() -> SafeString:
        made = []
        for comment in shown:
            with context.push(comment=comment):
                made.append(comment_html(context))
        return mark_safe("".join(made))  # noqa: S308 — of parts that are

    if any(any(_marks(one)) for one in shown):
        return render()
    place = (
        context["edition"],
        context["path"],
        actor.is_signed_in,
        actor.languages,
        context["moderates"],
        context["picks"],
    )
    with context.push(csrf_token=_TOKEN):
        html = rendered.windows.get(place, shown, render)
    if not actor.is_signed_in:  # whoever asks for a token is given a cookie
        return html
    return mark_safe(html.replace(_TOKEN, str(context["csrf_token"])))  # noqa: S308 — letters and digits


@register.simple_tag(takes_context=True)
def article_html(context: Context) -> SafeString:
    """The article's own part of the page: the same for all who see the same words."""
    template = Engine.get_default().get_template("website/parts/article_text.html")
    article = context["article"]
    around = (context["text"], context["path"], context["shows_original"], context.get("quote_counts"))
    reads_originals = bool(getattr(context.get("actor"), "reads_originals", False))
    own = (article.comments_open, article.note, bool(context.get("is_preview")), reads_originals)
    parts = (article.card, article.body, own, around)
    place = (context["edition"], context["path"])
    return rendered.articles.get(place, parts, lambda: template.render(context))


@register.simple_tag(takes_context=True)
def composer_html(context: Context) -> SafeString:
    """The form below an article; an empty one is the same for everybody but for what proves whose it is."""
    template, form = Engine.get_default().get_template("website/parts/composer.html"), context["form"]
    if form.initial.keys() != {"key"}:
        return template.render(context)

    def render() -> SafeString:
        with context.push(csrf_token=_TOKEN, form=CommentForm(initial={"key": _KEY})):
            return template.render(context)

    html = rendered.composers.get((context["edition"], context["write_path"]), (), render)
    # The key may be that of a draft, and whatever was sent with it.
    told = html.replace(_TOKEN, str(context["csrf_token"])).replace(_KEY, escape(form.initial["key"]))
    return mark_safe(told)  # noqa: S308 — letters and digits, and what is escaped


@register.simple_tag
def language_choice(form: CommentForm) -> SafeString:
    """Which language a comment is in. Some seventy to choose from, and mostly none is chosen yet."""
    if form.is_bound or form["language"].value():
        return form["language"].as_widget()
    return _no_choice_yet(get_language() or "")


@lru_cache
def _no_choice_yet(interface: str) -> SafeString:
    """For each language of the interface."""
    return CommentForm()["language"].as_widget()


def _as_seen_by(context: Context) -> tuple[Hashable, ...]:
    """What makes a comment look otherwise for this reader than for others; nothing for those who are not signed in."""
    actor, comment = context["actor"], context["comment"]
    if not actor.is_signed_in:
        return ()
    return (actor.languages, context["moderates"], context["picks"], *_marks(comment))


def _marks(comment: ShownComment) -> tuple[Hashable, ...]:
    """What is a reader's own about a comment."""
    return comment.is_own, comment.may_edit, comment.own_vote, comment.is_muted, comment.is_unread


@register.filter
def parts(comment: ShownComment) -> Iterator[tuple[str, Any]]:
    """A comment's quotes and its own blocks, in the order in which they were written."""
    waiting: list[ShownQuote] = list(comment.quotes)
    nodes = comment.text.nodes if comment.text else ()
    for place, html in enumerate(nodes):
        while waiting and waiting[0].before <= place:
            yield "quote", waiting.pop(0)
        yield "html", mark_safe(html)  # noqa: S308 — rendering.py wrote it
    for quote in waiting:
        yield "quote", quote


@register.simple_tag
def reason_words(code: str) -> str:
    """Why something was taken away, in words."""
    return str(REASONS.get(code, ""))


@register.simple_tag(takes_context=True)
def told(context: dict[str, Any]) -> int:
    """How many notifications wait for the reader to look, at most 100. One query."""
    return unseen(context["actor"])


@register.simple_tag(takes_context=True)
def new_comment_forms(context: dict[str, Any]) -> str:
    """“# new comments” in each of the interface's forms of the plural, as JSON: category of CLDR → words.

    The page counts by itself what arrives: its script holds no words.
    """
    return _forms(context["interface"], _new_comments)


@register.simple_tag(takes_context=True)
def count_forms(context: dict[str, Any]) -> str:
    """“# comments” in the same way."""
    return _forms(context["interface"], _comments)


def _new_comments(number: int) -> str:
    return ngettext("%(number)s new comment", "%(number)s new comments", number)


def _comments(number: int) -> str:
    return ngettext("%(number)s comment", "%(number)s comments", number)


@lru_cache
def _forms(interface: str, spoken: Callable[[int], str]) -> str:
    rule = Locale.parse(interface, sep="-").plural_form
    numbers: dict[str, int] = {}
    for number in range(201):
        numbers.setdefault(rule(number), number)
    return json.dumps(
        {category: spoken(number) % {"number": "#"} for category, number in numbers.items()}, ensure_ascii=False
    )


@register.filter
def at_most(number: int, most: int) -> int:
    """The smaller one: a deep answer is set in no further than this."""
    return min(number, most)


@register.filter
def is_vote(own: int, value: int) -> bool:
    """Whether the reader's vote is this one."""
    return own == value


@register.filter
def vote_after(own: int, value: int) -> str:
    """What the button for ``value`` asks for: the same vote once more takes it back."""
    return "none" if own == value else "up" if value > 0 else "down"


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """``mapping[key]`` or nothing."""
    return mapping.get(key) if mapping else None


@register.simple_tag
def times_quoted(quoted: dict[int, int] | None, block: PresentedBlock) -> int:
    """How many comments quote a sentence of this block."""
    return sum((quoted or {}).get(occurrence, 0) for occurrence, _text in block.sentences)
